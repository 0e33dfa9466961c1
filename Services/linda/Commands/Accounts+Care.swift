import AccountContract
import ArgumentParser
import Foundation
import Observability
import RPCContract
import Vocabulary

extension Accounts {
    struct Link: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register a number with the Cloud API: ask for a code, then enter it.",
            discussion: """
                linda accounts link 106540352242922
                linda accounts link 106540352242922 --code 123456    (asks for the six-digit PIN, which is neither shown nor kept)
                """)
        @OptionGroup var connection: Connection
        @Argument(help: "The number: Meta's id of it, its digits or its name.") var id: String
        @Option(help: ArgumentHelp("The code that the number got.", valueName: "digits")) var code: String?
        @Flag(help: "Register a number that is verified already, without a code.") var verified = false
        @Flag(help: "Have the code spoken instead of sent by SMS.") var voice = false

        func run() async throws {
            let number = try await connection.number(id)
            guard code != nil || verified else {
                let params = LinkAccount.Params(phoneNumberID: number, method: voice ? "VOICE" : "SMS")
                let account = try await connection.call(AccountContract.self, LinkAccount.self, params)
                return try connection.show(account) {
                    print("the code is on its way; then: linda accounts link \(account.phoneNumberID) --code CODE")
                }
            }
            // From the terminal or a pipe, never from an argument that others can see.
            guard let pin = Secret.read("two-step PIN, six digits: ") else { throw Trouble("no PIN was given") }
            let account = try await connection.call(
                AccountContract.self, ConfirmLink.self, ConfirmLink.Params(phoneNumberID: number, code: code, pin: pin))
            try connection.show(account) { print("\(account.displayPhoneNumber) is \(account.link.rawValue)") }
        }
    }

    struct Unlink: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Deregister a number from the Cloud API.")
        @OptionGroup var connection: Connection
        @Argument(help: "The number: Meta's id of it, its digits or its name.") var id: String
        @Flag(help: "Do it. Without this flag nothing happens.") var yes = false

        func run() async throws {
            let known = try await connection.account(id)
            guard yes else {
                throw Trouble(
                    "\(known.spelled) can then send nothing, and Meta allows ten registrations in 72 hours. Say --yes to unlink it.")
            }
            let account = try await connection.call(
                AccountContract.self, UnlinkAccount.self, AccountReference(known.phoneNumberID))
            try connection.show(account) { print("\(account.displayPhoneNumber) is \(account.link.rawValue)") }
        }
    }

    struct Health: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tell how a number is doing and what was done with it.")
        @OptionGroup var connection: Connection
        @Argument(help: "The number: Meta's id of it, its digits or its name.") var id: String

        func run() async throws {
            let reply = try await connection.call(
                AccountContract.self, AccountHealth.self, AccountReference(try await connection.number(id)))
            try connection.show(reply) {
                let account = reply.account
                if let trouble = reply.trouble { TerminalText.print("! \(Spoken.text(trouble))") }
                print(Health.headline(reply))
                print("\(String(format: "%.1f", reply.rate))/s of \(account.messagesPerSecond), marketing at \(account.marketingShare) %")
                if let headroom = reply.headroom { print("the portfolio may write to \(headroom) more people today") }
                var table = Table("STEP", "AT", "KIND", "FROM", "TO", "WHY")
                for step in reply.steps {
                    table.add(
                        "\(step.id)", step.at.asTime, step.kind, step.from, step.to,
                        connection.shownText(step.reverted ? "\(step.reason) (taken back)" : step.reason))
                }
                table.print()
            }
            // One that rests still answers, and sends utility messages.
            if reply.trouble != nil, reply.account.health != .resting { throw ExitCode(1) }
        }

        /// How it stands, in one line.
        static func headline(_ reply: AccountHealth.Reply) -> String {
            let account = reply.account
            let isAnswering = reply.answering && account.link == .registered && account.health != .banned
            return
                "\(account.displayPhoneNumber)  \(account.condition), quality \(account.quality.rawValue), score \(reply.score)/100, \(isAnswering ? "answering" : "held back")"
        }
    }

    struct Duty: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a number is for: active, spare, or draining, which takes no new conversations.")
        @OptionGroup var connection: Connection
        @Argument(help: "The number: Meta's id of it, its digits or its name.") var id: String
        @Argument(help: "active, spare or draining.") var duty: String

        func run() async throws {
            guard let duty = Account.Duty(rawValue: duty) else {
                throw Trouble("\(duty) is not one of \(Account.Duty.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            let params = UpdateAccount.Params(phoneNumberID: try await connection.number(id), duty: duty)
            let account = try await connection.call(AccountContract.self, UpdateAccount.self, params)
            try connection.show(account) { print("\(account.displayPhoneNumber) is \(account.duty.rawValue)") }
        }
    }

    struct Revert: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back a step that was taken because of quality, unless Meta itself has decided it.")
        @OptionGroup var connection: Connection
        @Argument(help: "The step's number, as `health` lists it.") var step: Int64

        func run() async throws {
            let account = try await connection.call(AccountContract.self, RevertQuality.self, RevertQuality.Params(id: step))
            try connection.show(account) {
                print("\(account.displayPhoneNumber) is \(account.condition), marketing at \(account.marketingShare) %")
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End the hold of a number's account once its bill is paid or its lock is lifted.")
        @OptionGroup var connection: Connection
        @Argument(help: "The number: Meta's id of it, its digits or its name.") var id: String

        func run() async throws {
            let number = try await connection.number(id)
            // The hold is the account's (WABA): all its numbers have it.
            let held = try await connection.numbers().filter { $0.health == .held }.map(\.wabaID)
            let (account, standing) = try await connection.standing(of: number) {
                try await connection.call(AccountContract.self, ReleaseAccount.self, AccountReference(number))
            }
            let isChange = held.contains(account.wabaID) || standing.wasBlocked
            let text = try standing.text(
                isChange ? "\(account.displayPhoneNumber) is released" : nil,
                otherwise: "\(account.displayPhoneNumber) was not held: there was nothing to release.")
            try connection.show(account) { print(text) }
        }
    }

    struct Promote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a number the master.")
        @OptionGroup var connection: Connection
        @Argument(help: "The number: Meta's id of it, its digits or its name.") var id: String

        func run() async throws {
            let account = try await connection.call(
                AccountContract.self, PromoteAccount.self, AccountReference(try await connection.number(id)))
            try connection.show(account) { print("\(account.displayPhoneNumber) is \(account.role.rawValue)") }
        }
    }

    struct Switch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Move what waits on one number, and its contacts, to another.")
        @OptionGroup var connection: Connection
        @Argument(help: "The number to relieve.") var from: String
        @Argument(help: "The number that takes over.") var to: String

        func run() async throws {
            let params = SwitchAccount.Params(from: try await connection.number(from), to: try await connection.number(to))
            let reply = try await connection.call(AccountContract.self, SwitchAccount.self, params)
            try connection.show(reply) {
                print("\(reply.messages) messages and \(reply.contacts) contacts moved, \(reply.stayed) messages stay")
            }
        }
    }

    struct Strategy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show or choose how new contacts are spread over the numbers.")
        @OptionGroup var connection: Connection
        @Argument(help: "weighted, roundRobin, leastLoaded, random, masterFirst or qualityFirst.") var name: String?
        @Flag(inversion: .prefixedNo, help: "Prefer numbers of the contact's country.") var geographic: Bool?

        func run() async throws {
            if name != nil || geographic != nil {
                let now = try await connection.call(AccountContract.self, GetStrategy.self, Nothing())
                guard let strategy = name.map({ RoutingStrategy(rawValue: $0) }) ?? now.name else {
                    throw Trouble("\(name ?? "") is not one of \(RoutingStrategy.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                _ = try await connection.call(
                    AccountContract.self, SetStrategy.self, SetStrategy.Params(name: strategy, geographic: geographic))
            }
            let reply = try await connection.call(AccountContract.self, GetStrategy.self, Nothing())
            let numbers = connection.json ? [] : try await connection.numbers()
            try connection.show(reply) { for line in Strategy.lines(reply, numbers) { print(line) } }
        }

        /// What is chosen, and that it has nothing to go by where no number is the master.
        static func lines(_ reply: GetStrategy.Reply, _ numbers: [Account]) -> [String] {
            let lines = ["\(reply.name.rawValue)\(reply.geographic ? ", numbers of the contact's country first" : "")"]
            guard reply.name == .masterFirst, !numbers.isEmpty, !numbers.contains(where: { $0.role == .master }) else { return lines }
            return lines + ["! no number is the master: linda accounts promote NUMBER makes one"]
        }
    }

    struct Route: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tell which number would write to a contact, and why.")
        @OptionGroup var connection: Connection
        @Argument(help: "Phone number with country code, or a BSUID.") var contact: String
        @Option(help: ArgumentHelp("Prefer this number for the contact from now on; - ends a preference.", valueName: "number"))
        var prefer: String?
        @Flag(help: "Show Meta's ids, too.") var ids = false
        @Flag(help: "For a marketing message.") var marketing = false

        func run() async throws {
            let id: ContactID
            do throws(PhoneNumber.Problem) { id = try ContactID(reading: contact) } catch { throw Trouble("\(contact) \(error.words)") }
            if let prefer {
                let number = prefer == "-" ? nil : try await connection.number(prefer)
                _ = try await connection.call(AccountContract.self, PreferRoute.self, PreferRoute.Params(contact: id, account: number))
            }
            let params = PreviewRoute.Params(contact: id, category: marketing ? .marketing : .service)
            let reply = try await connection.call(AccountContract.self, PreviewRoute.self, params)
            let shown = await connection.shownNumbers(ids: ids)
            try connection.show(reply) { for line in Route.lines(reply, shown) { print(line) } }
        }

        /// - Parameter shown: how a business number is written.
        static func lines(_ reply: PreviewRoute.Reply, _ shown: (PhoneNumberID) -> String) -> [String] {
            let others = reply.others.sorted { $0.key < $1.key }.map { "  not \(shown(PhoneNumberID($0.key))): \(Spoken.text($0.value))" }
            return ["\(shown(reply.account)): \(Spoken.text(reply.reason))"] + others
        }
    }

    struct Limits: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the portfolios' messaging limits, or set one.")
        @OptionGroup var connection: Connection
        @Argument(help: "A portfolio's id, to set its limit.") var portfolio: String?
        @Option(parsing: .unconditional, help: ArgumentHelp("People in 24 hours; 0 where Meta has lifted the limit.", valueName: "n"))
        var people: Int?
        @Flag(help: "Show Meta's ids of the numbers, too.") var ids = false

        func run() async throws {
            if let portfolio {
                guard let people else { throw Trouble("--people is missing: how many may be written to first in 24 hours") }
                let params = SetPortfolio.Params(id: portfolio, messagingLimit: people == 0 ? nil : people)
                _ = try await connection.call(AccountContract.self, SetPortfolio.self, params)
            }
            let reply = try await connection.call(AccountContract.self, ListPortfolios.self, Nothing())
            let shown = await connection.shownNumbers(ids: ids)
            try connection.show(reply) { Limits.table(reply.items, shown).print() }
        }

        /// - Parameter shown: how a business number is written.
        static func table(_ items: [ListPortfolios.Item], _ shown: (PhoneNumberID) -> String) -> Table {
            var table = Table("PORTFOLIO", "PEOPLE IN 24 H", "LEFT NOW", "NUMBERS")
            for item in items {
                table.add(
                    item.id, item.messagingLimit.map { "\($0)" } ?? "no limit known", item.headroom.map { "\($0)" } ?? "",
                    item.accounts.map(shown).joined(separator: ", "))
            }
            return table
        }
    }
}
