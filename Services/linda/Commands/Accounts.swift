import AccountContract
import ArgumentParser
import RPCContract
import Vocabulary

/// Business numbers.
struct Accounts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Business numbers: list, add, link, health, promote, switch, duty, strategy, rename, enable, disable, remove.",
        subcommands: [
            List.self, Add.self, Link.self, Unlink.self, Health.self, Revert.self, Release.self, Promote.self, Switch.self, Duty.self,
            Strategy.self, Route.self,
            Limits.self, Rename.self, Enable.self, Disable.self, Remove.self,
        ],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the configured numbers.",
            discussion: "What keeps one from sending is told first. On a narrow terminal long names are cut, and ids and limits left out.")
        @OptionGroup var connection: Connection
        @Flag(help: "Show Meta's ids on a narrow terminal, too.") var ids = false

        func run() async throws {
            let reply = try await connection.call(AccountContract.self, ListAccounts.self, Nothing())
            try connection.show(reply) {
                for item in reply.items {
                    if let trouble = item.trouble { TerminalText.print("! \(item.account.spelled) \(Spoken.text(trouble))") }
                }
                List.table(reply.items, ids: ids).print(nothing: "no number yet; `linda accounts add` configures one")
            }
        }

        static func table(_ items: [ListAccounts.Item], ids: Bool) -> Table {
            var table = Table("ID", "NUMBER", "NAME", "ROLE", "DUTY", "HEALTH", "WEIGHT", "PER SECOND", "ENABLED", "QUEUED")
            (table.cuttable, table.spare) = (["NAME"], (ids ? [] : ["ID"]) + ["WEIGHT", "PER SECOND", "DUTY", "ROLE", "ENABLED", "QUEUED"])
            for item in items {
                let account = item.account
                table.add(
                    account.phoneNumberID.rawValue, account.spelled, account.displayName, account.role.rawValue,
                    account.duty.rawValue, account.condition, "\(account.weight)", "\(account.messagesPerSecond)",
                    account.enabled ? "yes" : "no", "\(item.queued)"
                )
            }
            return table
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Configure a number.")
        @OptionGroup var connection: Connection
        @Argument(help: "Meta's phone number id.") var id: String
        @Option(help: ArgumentHelp("Meta's WhatsApp Business Account id.", valueName: "id")) var waba: String
        @Option(help: ArgumentHelp("The number as people see it, with country code.", valueName: "number")) var number: String
        @Option(help: ArgumentHelp("The name that customers see.", valueName: "name")) var name: String
        @Option(parsing: .unconditional, help: ArgumentHelp("1 to 100; twice the weight gets twice the new contacts.", valueName: "n"))
        var weight: Int?
        @Option(parsing: .unconditional, help: ArgumentHelp("Messages a second at most; Meta allows 80, 1000 or 20.", valueName: "n"))
        var perSecond: Int?
        @Option(help: ArgumentHelp("Meta's id of the business portfolio.", valueName: "id")) var portfolio: String?
        @Flag(help: "A hot spare: used when no active number can.") var spare = false
        @Flag(help: "Not registered with the Cloud API yet; `linda accounts link` follows.") var unlinked = false

        func run() async throws {
            let params = AddAccount.Params(
                phoneNumberID: PhoneNumberID(id), wabaID: WABAID(waba), portfolio: portfolio, displayPhoneNumber: number, displayName: name,
                duty: spare ? .spare : nil, weight: weight, messagesPerSecond: perSecond, link: unlinked ? .unlinked : nil
            )
            let known = try await connection.numbers()
            let account = try await connection.call(AccountContract.self, AddAccount.self, params)
            try connection.show(account) {
                let isKnown = known.contains { $0.phoneNumberID == account.phoneNumberID }
                print(
                    isKnown
                        ? "\(account.displayPhoneNumber) is there already, as \(account.role.rawValue): nothing has changed"
                        : "added \(account.displayPhoneNumber) as \(account.role.rawValue)")
                if let note = account.namesake(among: known) { print("! \(note)") }
            }
        }
    }

    struct Rename: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a number another name here; what customers see is set at Meta.")
        @OptionGroup var connection: Connection
        @Argument(help: "The number: Meta's id of it, its digits or its name.") var id: String
        @Argument(help: "The name.") var name: String

        func run() async throws {
            let params = UpdateAccount.Params(phoneNumberID: try await connection.number(id), displayName: name)
            let account = try await connection.call(AccountContract.self, UpdateAccount.self, params)
            let known = try await connection.numbers()
            try connection.show(account) {
                print("\(account.spelled) is called \(account.displayName)")
                if let note = account.namesake(among: known) { print("! \(note)") }
            }
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a number send again.")
        @OptionGroup var connection: Connection
        @Argument(help: "The number: Meta's id of it, its digits or its name.") var id: String

        func run() async throws { try await set(id, enabled: true, connection) }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Hold a number's messages; they stay queued.")
        @OptionGroup var connection: Connection
        @Argument(help: "The number: Meta's id of it, its digits or its name.") var id: String

        func run() async throws { try await set(id, enabled: false, connection) }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a number; what is queued on it fails.")
        @OptionGroup var connection: Connection
        @Argument(help: "The number: Meta's id of it, its digits or its name.") var id: String
        @Flag(help: "Do it. Without this flag nothing happens.") var yes = false

        func run() async throws {
            let account = try await connection.account(id)
            let others = try await connection.numbers().filter { $0.phoneNumberID != account.phoneNumberID }
            let waiting = others.isEmpty ? try await campaigns() : []
            guard yes else {
                let warning = Remove.warning(account, others, waiting).map { " \($0)" } ?? ""
                throw Trouble("What is queued on \(account.spelled) then fails.\(warning) Say --yes to remove it.")
            }
            let reply = try await connection.call(AccountContract.self, DeleteAccount.self, AccountReference(account.phoneNumberID))
            try connection.show(reply) {
                print("removed \(id)")
                if let warning = Remove.warning(account, others, waiting) { TerminalText.print("! \(warning)") }
            }
        }

        /// What the workspace lacks without the number, and what to do; nil where it lacks nothing.
        static func warning(_ account: Account, _ others: [Account], _ waiting: [String]) -> String? {
            guard others.isEmpty else {
                guard account.role == .master else { return nil }
                return "It is the master, and without it there is none: linda accounts promote NUMBER makes another the master."
            }
            guard !waiting.isEmpty else { return nil }
            return "It is the only number, and campaigns wait for one: \(waiting.prefix(5).joined(separator: ", "))."
        }

        /// Names of campaigns that go out sooner or later.
        private func campaigns() async throws -> [String] {
            var names: [String] = []
            for state in [Campaign.State.scheduled, .running, .paused] {
                let page = try await connection.call(AccountContract.self, ListCampaigns.self, .init(state: state, limit: 5))
                names += page.items.map { Spoken.text($0.name) }
            }
            return names
        }
    }

    private static func set(_ id: String, enabled: Bool, _ connection: Connection) async throws {
        let params = UpdateAccount.Params(phoneNumberID: try await connection.number(id), enabled: enabled)
        let (account, standing) = try await connection.standing(of: params.phoneNumberID) {
            try await connection.call(AccountContract.self, UpdateAccount.self, params)
        }
        let state = "\(account.displayPhoneNumber) is \(account.enabled ? "enabled" : "disabled")"
        guard enabled else { return try connection.show(account) { print(state) } }
        let isChange = !standing.before.account.enabled || standing.wasBlocked
        let text = try standing.text(isChange ? state : nil, otherwise: "\(state) already.")
        try connection.show(account) { print(text) }
    }
}
