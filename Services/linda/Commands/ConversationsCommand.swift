import AccountContract
import ArgumentParser
import Foundation
import GraphMessages
import IntelligenceContract
import MetaEvents
import RPCContract
import SyncContract
import Vocabulary

/// What customers and the business have said.
struct ConversationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conversations",
        abstract: "Conversations with customers: list, show, answer, done.",
        subcommands: [List.self, Show.self, Answer.self, Done.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List conversations, the latest first.")
        @OptionGroup var connection: Connection
        @Flag(help: "Only those in which a customer waits for a person.") var waiting = false
        @Option(parsing: .unconditional, help: ArgumentHelp("How many, up to 500.", valueName: "n")) var limit = 50

        func run() async throws {
            let params = ListConversations.Params(needsPerson: waiting ? true : nil, limit: limit)
            let reply = try await connection.call(IntelligenceContract.self, ListConversations.self, params)
            let shown = await connection.shownNumbers()
            try connection.show(reply) {
                var table = Table("CUSTOMER", "NUMBER", "MESSAGES", "LAST", "WAITS FOR")
                for item in reply.items {
                    table.addVerbatim(
                        connection.shown(item.contact, item.contactName), shown(item.account), "\(item.messages)", item.lastAt.asTime,
                        item.needsPerson ? (item.isAnswering == true ? "Meta to send the answer" : "a person") : "")
                }
                table.print()
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what was said, in both directions, oldest first.")
        @OptionGroup var connection: Connection
        @Argument(help: "The customer: a phone number with country code, a BSUID, or a name where only one is called so; or a group's id.")
        var contact: String
        @Option(help: ArgumentHelp("The business number: its id, digits or name; needed if there are several.", valueName: "number"))
        var account: String?
        @Option(parsing: .unconditional, help: ArgumentHelp("How many messages, up to 500.", valueName: "n")) var limit = 50

        func run() async throws {
            let place = try await connection.conversation(connection.customer(contact), account)
            let reply = try await connection.call(
                IntelligenceContract.self, GetConversation.self, .init(account: place.account, contact: place.contact, limit: limit))
            let others = connection.json || reply.isGroup == true ? [] : try await connection.others(than: place)
            let shown = await connection.shownNumbers()
            try connection.show(reply) {
                let name = reply.isGroup == true ? "the group" : TerminalText.plain(connection.shownName(reply.contactName ?? ""))
                let username = reply.username.map { " @\(TerminalText.plain(connection.shownName($0)))" } ?? ""
                let wait = reply.isAnswering == true ? "  waits until Meta has sent the answer" : "  waits for a person"
                print("\(name)\(username)  \(connection.shown(reply.contact)) with \(shown(reply.account))\(reply.needsPerson ? wait : "")")
                if let at = reply.identityAt { print("keys \(TerminalText.plain(reply.identityHash ?? "")), known since \(at.asTime)") }
                if !others.isEmpty {
                    print("! without what was said with \(others.map(shown).joined(separator: ", ")): --account NUMBER shows that")
                }
                if reply.isPartial == true { print("! account-router does not answer: campaigns and single messages are missing") }
                if reply.isCut == true { print("! the messages are long: only the newest \(reply.messages.count) are shown") }
                var table = Table("AT", "", "TYPE", "STATE", "WORDS")
                for (item, words) in ConversationLines.of(reply.messages) {
                    // WhatsApp's own sentences name the numbers of before and after.
                    let words = item.content?.system == nil ? words : connection.shownText(words)
                    let author = item.author.map { "\(connection.shown($0, item.authorName)): " } ?? ""
                    table.addVerbatim(
                        item.at.asTime, item.direction == .inbound ? "→" : "←", item.type, item.state ?? "",
                        item.state == Message.State.failed.rawValue ? "\(words) (\(item.error ?? "failed"))" : author + words)
                }
                table.print()
            }
        }
    }

    struct Answer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write to a customer from the number they wrote to. Once Meta has sent the answer, the customer no longer waits.")
        @OptionGroup var connection: Connection
        @Argument(help: "The customer: a phone number with country code, or a BSUID.") var contact: String
        @Argument(help: "What to say.") var text: String
        @Option(help: ArgumentHelp("The business number: its id, digits or name; needed if there are several.", valueName: "number"))
        var account: String?

        func run() async throws {
            let place = try await connection.conversation(await connection.numbered(contact), account)
            let sent = try await connection.call(
                AccountContract.self, SendMessage.self,
                .init(
                    to: place.contact.written, text: TextMessage(body: text), account: place.account, priority: 0,
                    requestKey: "cli:\(UUID().uuidString)"))
            _ = try await connection.call(
                IntelligenceContract.self, ResolveConversation.self,
                .init(account: place.account, contact: place.contact, message: sent.id))
            // Most are with Meta within a second; what takes longer is told as it is.
            var now = try await connection.call(AccountContract.self, GetMessage.self, MessageReference(sent.id))
            for _ in 0..<20 where [.queued, .sending].contains(now.state) {
                try await Task.sleep(for: .milliseconds(250))
                now = try await connection.call(AccountContract.self, GetMessage.self, MessageReference(sent.id))
            }
            let message = now
            try connection.show(message) {
                print("\(message.state.rawValue)  \(message.id)")
                if let error = message.error { print("! \(error)") }
                if [.queued, .sending, .failed].contains(message.state) {
                    print("The customer still waits. linda messages why \(message.id) tells what becomes of the answer.")
                }
            }
            if message.state == .failed { throw ExitCode(1) }
        }
    }

    struct Done: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Note that a person has taken care of a conversation.")
        @OptionGroup var connection: Connection
        @Argument(help: "The customer: a phone number with country code, or a BSUID.") var contact: String
        @Option(help: ArgumentHelp("The business number: its id, digits or name; needed if there are several.", valueName: "number"))
        var account: String?

        func run() async throws {
            let place = try await connection.conversation(await connection.numbered(contact), account)
            let reply = try await connection.call(
                IntelligenceContract.self, ResolveConversation.self, .init(account: place.account, contact: place.contact))
            try connection.show(reply) { print("\(connection.shown(place.contact)) no longer waits for a person") }
        }
    }
}

/// Orders that customers have given.
struct OrdersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders", abstract: "List orders from conversations, the latest first; or one by its number.")
    @OptionGroup var connection: Connection
    @Argument(help: "The number of one order, such as L-1001.") var number: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("How many at most.", valueName: "n")) var limit = 50

    func run() async throws {
        if let number {
            let order = try await connection.call(IntelligenceContract.self, GetOrder.self, .init(number: number))
            let shown = await connection.shownNumbers()
            return try connection.show(order) { table([order], shown).print() }
        }
        var reply = try await connection.call(IntelligenceContract.self, ListOrders.self, .init(limit: min(limit, 500)))
        while let cursor = reply.next, reply.items.count < limit {
            let rest = min(limit - reply.items.count, 500)
            let page = try await connection.call(IntelligenceContract.self, ListOrders.self, .init(limit: rest, cursor: cursor))
            reply = ListOrders.Reply(items: reply.items + page.items, next: page.next)
        }
        let orders = reply
        let shown = await connection.shownNumbers()
        try connection.show(orders) { table(orders.items, shown).print() }
    }

    private func table(_ orders: [ListOrders.Order], _ shown: (PhoneNumberID) -> String) -> Table {
        var table = Table("ORDER", "CUSTOMER", "NUMBER", "AT", "WHAT")
        for order in orders {
            table.addVerbatim(
                order.number, connection.shown(order.contact, order.contactName), shown(order.account), order.createdAt.asTime,
                order.lines.map { line in
                    "\(line.quantity) × \(line.item)\(line.price.map { " at \($0)" } ?? "")"
                }.joined(separator: ", "))
        }
        return table
    }
}

extension Connection {
    /// A customer's number, which nobody chooses, before the name that they have chosen.
    fileprivate func shown(_ contact: ContactID, _ name: String?) -> String {
        [shown(contact), name.map(shownName) ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Which conversation is meant: the only number's, or that of the number that is named.
    fileprivate func conversation(_ customer: ContactID, _ account: String?) async throws -> (account: PhoneNumberID, contact: ContactID) {
        if let account { return (try await number(account), customer) }
        let all = try await numbers()
        if all.count == 1, let only = all.first { return (only.phoneNumberID, customer) }
        // Most customers have written to one number.
        let talks = try await call(
            IntelligenceContract.self, ListConversations.self, ListConversations.Params(contact: customer, limit: 500)
        ).items.map(\.account)
        guard let first = talks.first else { throw Trouble("\(shown(customer)) has no conversation with any of the \(all.count) numbers.") }
        guard talks.count == 1 else {
            let names = all.filter { talks.contains($0.phoneNumberID) }.map(\.spelled).joined(separator: ", ")
            throw Trouble("\(shown(customer)) has conversations with \(talks.count) numbers; --account says which: \(names).")
        }
        return (first, customer)
    }

    /// Our other numbers with which a customer has exchanged messages, as far as the newest tell.
    fileprivate func others(than place: (account: PhoneNumberID, contact: ContactID)) async throws -> [PhoneNumberID] {
        guard try await numbers().count > 1 else { return [] }
        let talks = try await call(
            IntelligenceContract.self, ListConversations.self, ListConversations.Params(contact: place.contact, limit: 500))
        let sent = try await call(
            AccountContract.self, ListMessages.self, ListMessages.Params(to: place.contact.written, limit: 500))
        return Set(talks.items.map(\.account) + sent.items.map(\.account)).subtracting([place.account]).sorted { $0.rawValue < $1.rawValue }
    }

    /// A customer by number or BSUID: people choose their names themselves, and a stranger may have the same.
    fileprivate func numbered(_ text: String) async throws -> ContactID {
        do throws(PhoneNumber.Problem) { return try ContactID(reading: text) } catch {
            if let known = try await talking(text) { return known }
            let hint = text.contains(where: \.isLetter) ? "; linda conversations show takes a name, and shows the number" : ""
            throw Trouble("\(text): the number \(error.words)\(hint)")
        }
    }

    /// Whoever has written from a number that Meta knows and our table of numbering plans does not; nil where nobody has.
    private func talking(_ text: String) async throws -> ContactID? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        guard (5...20).contains(digits.count), text.allSatisfy({ $0.isNumber || "+ -()".contains($0) }) else { return nil }
        let wanted = ListConversations.Params(contact: ContactID(digits), limit: 1)
        return try await call(IntelligenceContract.self, ListConversations.self, wanted).items.first?.contact
    }

    /// A group that something was said in; nil where no conversation is one of it.
    private func group(_ text: String) async throws -> ContactID? {
        guard let id = JSONValue.string(text).id(ContactID.self) else { return nil }
        let talks = try await call(IntelligenceContract.self, ListConversations.self, ListConversations.Params(contact: id, limit: 1))
        return talks.items.first { $0.isGroup == true }?.contact
    }

    /// A customer by number, by BSUID, or by the name that our contacts or WhatsApp give them, where only one is called so.
    fileprivate func customer(_ text: String) async throws -> ContactID {
        let problem: PhoneNumber.Problem
        do throws(PhoneNumber.Problem) { return try ContactID(reading: text) } catch { problem = error }
        let name = text.trimmingCharacters(in: .whitespaces)
        if let known = try await talking(text) { return known }
        if let group = try await group(name) { return group }
        // What has no letter is a number that was written wrongly, and nobody's name.
        guard problem == .characters, name.contains(where: \.isLetter) else { throw Trouble("\(text): the number \(problem.words)") }
        let talks = try await call(IntelligenceContract.self, ListConversations.self, ListConversations.Params(limit: 500)).items
        var known: [(name: String, id: ContactID)] = []
        for talk in talks { if let name = talk.contactName { known.append((name, talk.contact)) } }
        var params = SearchContacts.Params(query: String(name.unicodeScalars.prefix(100)), limit: 1000)
        repeat {
            let page = try await call(SyncContract.self, SearchContacts.self, params)
            for contact in page.items { if let id = contact.phone ?? contact.bsuid { known.append((contact.name, id)) } }
            params.cursor = page.next
            guard known.count <= 20_000 else { throw Trouble("Too many contacts have \(name) in their name; give the number.") }
        } while params.cursor != nil
        let found = Set(known.filter { $0.name.lowercased() == name.lowercased() }.map(\.id))
        guard let only = found.first else {
            let hint = NearestName.of(name, among: known.map(\.name)).map { "; did you mean \($0)?" } ?? "."
            throw Trouble("\(text) \(problem.words), and no customer is called so\(hint)")
        }
        guard found.count == 1 else {
            let numbers = found.map(shown).sorted()
            let more = numbers.count > 10 ? " and \(numbers.count - 10) more" : ""
            throw Trouble(
                "\(numbers.count) customers are called \(name): \(numbers.prefix(10).joined(separator: ", "))\(more). Give one's number.")
        }
        return only
    }
}
