import AccountContract
import GRDB
import IntelligenceContract
import JobQueue
import MetaEvents
import RPCContract
import Storage
import Vocabulary

extension Conversations {
    /// - Parameter sent: what account-router has sent this customer from this number, in whatever way; nil where it did not answer.
    func get(_ params: GetConversation.Params, sent: [Message]?, workspace: String) async throws -> GetConversation.Reply {
        let limit = params.limit ?? 50
        return try await reads.read { db in
            let row = try Row.fetchOne(
                db,
                sql: "SELECT * FROM conversation WHERE id = ? AND workspace = ?",
                arguments: [try Self.present(db, Self.id(params.account, params.contact, workspace: workspace)), workspace]
            )
            guard row != nil || sent?.isEmpty == false else {
                throw Fault(.conversationUnknown, "This contact has no conversation with this number.", path: "contact")
            }
            let (kept, isCut) = try Self.kept(db, row?["id"], params, limit: limit)
            // Messages to somebody who had the name before are theirs; what is older than what fits is left out in both ways.
            let since = max(row?["since"] as Timestamp? ?? .zero, isCut ? kept.last?.item.at ?? .zero : .zero)
            let items = try Self.joined(db, kept.reversed(), sent, since: since)
            let page = try PageRoom.newest(items, limit: limit)
            return GetConversation.Reply(
                id: row?["id"] ?? Self.id(params.account, params.contact, workspace: workspace),
                account: params.account,
                contact: row?["contact"] ?? params.contact,
                contactName: row?["contactName"],
                username: row?["username"],
                identityHash: row?["identityHash"],
                identityAt: row?["identityAt"],
                isGroup: row?["isGroup"] as Bool? == true ? true : nil,
                needsPerson: row?["askedAt"] as Timestamp? != nil,
                isAnswering: row?["answer"] as String? != nil ? true : nil,
                isPartial: sent == nil ? true : nil,
                isCut: page.count < limit && (isCut || page.count < items.count) ? true : nil,
                messages: Array(page)
            )
        }
    }

    /// A message as its row has it.
    private struct Kept {
        var item: GetConversation.Item
        /// Meta's id of what Meta told of, account-router's of an answer.
        var reference: String
        var receivedAt: Timestamp
        var isAnswered: Bool
    }

    /// The newest rows of a conversation, the newest first, as many as one answer has room for.
    private static func kept(
        _ db: Database, _ conversation: String?, _ params: GetConversation.Params, limit: Int
    ) throws -> (messages: [Kept], isCut: Bool) {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT * FROM conversationMessage WHERE conversation = ? ORDER BY at DESC, id DESC LIMIT ?",
            arguments: [conversation, limit])
        var (messages, room) = ([Kept](), PageRoom())
        while let row = try rows.next() {
            let item = try item(row, of: params)
            guard try room.take(item) else { return (messages, true) }
            messages.append(
                Kept(item: item, reference: row["reference"], receivedAt: row["receivedAt"], isAnswered: row["answered"] == 1))
        }
        return (messages, false)
    }

    /// What is kept here, what waits to be sent, and what account-router has sent, all in their order.
    ///
    /// - Parameter since: what was sent before is left out.
    private static func joined(
        _ db: Database, _ kept: some Sequence<Kept>, _ sent: [Message]?, since: Timestamp
    ) throws -> [GetConversation.Item] {
        // A chat of the app may have been kept with what went out from here: it is told once, with its state.
        let own = Set((sent ?? []).filter { $0.createdAt >= since }.compactMap(\.wamid))
        var copies: [WAMID: GetConversation.Item] = [:]
        let states = Dictionary((sent ?? []).map { ($0.id.rawValue, $0) }) { first, _ in first }
        var known: Set<String> = []
        var items: [(at: Timestamp, item: GetConversation.Item)] = []
        for message in kept {
            if message.item.isHistory == true, let wamid = message.item.wamid, own.contains(wamid) {
                copies[wamid] = message.item
                continue
            }
            known.insert(message.reference)
            var item = message.item
            if let sent = states[message.reference] {
                (item.state, item.error, item.wamid) = (sent.state.rawValue, sent.error, item.wamid ?? sent.wamid)
                // It was written down here a little later, perhaps after what the customer wrote next.
                item.at = sent.createdAt
            }
            // Written within the second that Meta names, and before it reached us.
            items.append((item.direction == .inbound ? min(item.at + Milliseconds(999), message.receivedAt) : item.at, item))
            guard message.isAnswered else { continue }
            for answer in try waiting(db, after: message.reference, sent: sent) { items.append((answer.at, answer)) }
        }
        for message in sent ?? []
        where message.createdAt >= since && !known.contains(message.id.rawValue)
            && !known.contains(message.wamid?.rawValue ?? message.id.rawValue)
        {
            // What it said is forgotten after a while; the app may still have had it.
            let copy = message.wamid.flatMap { copies[$0] }
            let item = GetConversation.Item(
                direction: .outbound, wamid: message.wamid, type: message.type, text: message.text ?? copy?.text, intent: nil,
                content: copy?.content, state: message.state.rawValue, error: message.error, at: message.createdAt)
            items.append((item.at, item))
        }
        // Stable: what was kept in one order stays in it.
        return items.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element.item)
    }

    /// Answers to a message that account-router has not taken yet, or never will: its number is disabled, say.
    private static func waiting(_ db: Database, after wamid: String, sent: [Message]?) throws -> [GetConversation.Item] {
        try JobTable.all(db, queue: replyQueue, keysFrom: "\(wamid)#").compactMap { job, isDead -> GetConversation.Item? in
            // Taken already, and its job about to end.
            if sent?.contains(where: { $0.requestKey == requestKey(of: job) }) == true { return nil }
            guard let reply = PendingReply.of(job) else { return nil }
            let state: Message.State = isDead ? .failed : .queued
            return GetConversation.Item(
                direction: .outbound, wamid: nil, type: "text", text: reply.text, intent: nil, state: state.rawValue, error: job.lastError,
                at: job.createdAt)
        }
    }

    /// Under which an answer is handed to account-router, however often.
    static func requestKey(of job: Job) -> String { "reply:\(job.key)" }

    /// The names under which a customer may have been written to: the present one, then the latest others; none of a group.
    func names(_ params: GetConversation.Params, workspace: String) async throws -> [ContactID] {
        try await reads.read { db in
            let id = try Self.present(db, Self.id(params.account, params.contact, workspace: workspace))
            let row = try Row.fetchOne(
                db, sql: "SELECT contact, isGroup FROM conversation WHERE id = ? AND workspace = ?", arguments: [id, workspace])
            guard let row else { return [params.contact] }
            // account-router knows people only.
            if row["isGroup"] as Bool { return [] }
            let contact: ContactID = row["contact"]
            return try [contact]
                + ContactID.fetchAll(db, sql: "SELECT contact FROM conversationAlias WHERE conversation = ? LIMIT 3", arguments: [id])
        }
    }

    private static func item(_ message: Row, of params: GetConversation.Params) throws -> GetConversation.Item {
        let direction: GetConversation.Item.Direction = try message.word("direction", in: "conversationMessage")
        let isInbound = direction == .inbound
        let raw = message["raw"] as String?
        let history = message["history"] as String?
        return GetConversation.Item(
            direction: direction,
            // Of what the business wrote in the app itself, Meta's id is the reference, too.
            wamid: isInbound || raw != nil ? WAMID(message["reference"]) : nil,
            type: message["type"],
            text: message["text"],
            author: message["author"],
            authorName: message["authorName"],
            intent: message["intent"],
            content: try KeptContent.read(message, account: params.account, contact: params.contact),
            state: history.flatMap { $0.isEmpty ? nil : $0 },
            isHistory: history == nil ? nil : true,
            at: message["at"]
        )
    }

    func list(_ params: ListConversations.Params, workspace: String) async throws -> ListConversations.Reply {
        try await reads.read { db in
            let items = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM conversation \(params.contact == nil ? "" : "INDEXED BY conversationByContact")
                    WHERE workspace = ? \(params.contact == nil ? "" : "AND contact = ?")
                      \(params.needsPerson == true ? "AND askedAt IS NOT NULL" : "") ORDER BY lastAt DESC, rowid DESC LIMIT ?
                    """,
                arguments: [workspace] + (params.contact.map { [$0] } ?? []) + [params.limit ?? 50]
            )
            .map {
                ListConversations.Item(
                    id: $0["id"],
                    account: $0["account"],
                    contact: $0["contact"],
                    contactName: $0["contactName"],
                    username: $0["username"],
                    isGroup: $0["isGroup"] as Bool ? true : nil,
                    needsPerson: $0["askedAt"] as Timestamp? != nil,
                    isAnswering: $0["answer"] as String? != nil ? true : nil,
                    messages: $0["messages"],
                    lastAt: $0["lastAt"]
                )
            }
            return ListConversations.Reply(items: items)
        }
    }

    func orders(_ params: ListOrders.Params, workspace: String) async throws -> ListOrders.Reply {
        let limit = params.limit ?? 50
        return try await reads.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT customerOrder.*, contactName FROM customerOrder LEFT JOIN conversation
                      ON conversation.id = customerOrder.conversation
                    WHERE customerOrder.workspace = ? AND number < ? ORDER BY number DESC LIMIT ?
                    """,
                arguments: [workspace, params.cursor?.number ?? Int64.max, limit]
            )
            let items = try rows.map(Self.order)
            let last = rows.last.map { $0["number"] as Int64 }
            return ListOrders.Reply(items: items, next: items.count == limit ? last.map { PageCursor($0) } : nil)
        }
    }

    func order(_ params: GetOrder.Params, workspace: String) async throws -> ListOrders.Order {
        try await reads.read { db in
            let number = Int64(params.number.dropFirst(2)).flatMap { Self.orderNumber($0) == params.number ? $0 : nil }
            let row = try number.flatMap { number in
                try Row.fetchOne(
                    db,
                    sql: """
                        SELECT customerOrder.*, contactName FROM customerOrder LEFT JOIN conversation
                          ON conversation.id = customerOrder.conversation
                        WHERE customerOrder.workspace = ? AND number = ?
                        """,
                    arguments: [workspace, number])
            }
            guard let row else {
                throw Fault(.orderUnknown, "There is no order \(params.number); order.list lists all.", path: "number")
            }
            return try Self.order(row)
        }
    }

    private static func order(_ row: Row) throws -> ListOrders.Order {
        ListOrders.Order(
            number: orderNumber(row["number"]), contact: row["contact"], contactName: row["contactName"], account: row["account"],
            lines: try JSON.decode([AnalyzeText.Line].self, from: row["lines"] as String), createdAt: row["createdAt"])
    }

    func statistics(workspace: String) async throws -> ConversationStatistics.Reply {
        try await reads.read { db in
            let counts = try ConversationCounts.of(db, workspace: workspace)
            let prefix = ConversationCounts.intent("")
            let intents = counts.filter { $0.key.hasPrefix(prefix) }.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
            return ConversationStatistics.Reply(
                conversations: counts[ConversationCounts.conversations] ?? 0,
                inbound: counts[ConversationCounts.inbound] ?? 0,
                outbound: counts[ConversationCounts.outbound] ?? 0,
                history: counts[ConversationCounts.history] ?? 0,
                notices: counts[ConversationCounts.notices] ?? 0,
                calls: counts[ConversationCounts.calls] ?? 0,
                intents: Dictionary(uniqueKeysWithValues: intents),
                orders: counts[ConversationCounts.orders] ?? 0,
                pendingActions: try JobTable.count(db, queues: Self.replyQueue, states: [.queued, .held, .leased]),
                deadActions: try JobTable.count(db, queues: Self.replyQueue, states: [.dead])
            )
        }
    }

    func actions(_ params: ListActions.Params, workspace: String) async throws -> ListActions.Reply {
        let state = params.state ?? .dead
        return try await reads.read { db in
            var items: [ConversationAction] = []
            _ = try JobTable.newest(db, queue: Self.replyQueue, isDead: state == .dead, limit: params.limit ?? 50) { job in
                guard let reply = PendingReply.of(job), reply.workspace == workspace else { return false }
                items.append(
                    ConversationAction(
                        id: job.id, state: state, account: reply.account, contact: reply.contact, attempts: job.attempts,
                        createdAt: job.createdAt, error: job.lastError))
                return true
            }
            return ListActions.Reply(items: items)
        }
    }
}
