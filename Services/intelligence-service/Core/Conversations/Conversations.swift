import Foundation
import GRDB
import IntelligenceContract
import JobQueue
import MetaEvents
import RPCContract
import Storage
import Vocabulary

/// Owns conversations, orders and what is to be answered.
struct Conversations: Sendable {
    let reads: Reads
    let commits: GroupCommit
    let events: EventLog
    let clock: WallClock
    let handlers: IntentHandlers

    static let replyQueue = "reply"

    /// An answer that waits to be sent.
    struct PendingReply: Codable, Sendable {
        var workspace: String
        var conversation: String
        var account: PhoneNumberID
        var contact: ContactID
        var replyTo: WAMID
        var text: String

        /// Reads the reply that a job owes; nil where its payload cannot be read as one.
        static func of(_ job: Job) -> PendingReply? {
            try? JSON.decode(PendingReply.self, from: job.payload)  // an unreadable payload belongs to no workspace
        }
    }

    /// Starts an answer again that had been given up; one that waits already is left alone.
    func retry(_ id: Int64, workspace: String) async throws {
        let now = clock.now
        try await commits.write { db in
            guard let (job, isDead) = try JobTable.find(db, queue: Self.replyQueue, id: id), PendingReply.of(job)?.workspace == workspace
            else {
                throw Fault(.actionUnknown, "There is no action \(id); action.list tells which have been given up.", path: "id")
            }
            if isDead { _ = try JobTable.revive(db, id: id, now: now) }
        }
    }

    /// Keeps a message, decides and queues the answer, all in one transaction; once per message.
    func process(_ params: ProcessMessage.Params, workspace: String) async throws -> ProcessMessage.Reply {
        let id = Self.id(params.account, params.contact, workspace: workspace)
        let utterance = params.text.map(Utterance.init)
        // Somebody else answers, or nobody is there who could: it is kept.
        let isToBeAnswered = params.answered != true && params.isEcho != true
        // A cart says what is wanted, whatever stands beside it.
        let cart = isToBeAnswered ? CatalogueOrder(params) : .none
        let choice = isToBeAnswered && cart == .none ? utterance.flatMap(handlers.choose) : nil
        let customer = Customer(
            firstName: params.contactName?.split(separator: " ").first.map(String.init), accountName: params.accountName)
        let (chosen, intent, confidence): ([Action], String, Double) =
            switch cart {
            case .none:
                (
                    utterance.flatMap { utterance in choice?.handler.actions(utterance, customer) } ?? [],
                    choice?.handler.name ?? "unknown",
                    choice?.confidence ?? 0
                )
            case .lines(let lines): (OrderRequestHandler.taken(lines, utterance?.language ?? .english), OrderRequestHandler.intent, 1)
            case .unclear: ([], OrderRequestHandler.intent, 1)
            }
        let isOpen = isToBeAnswered && choice == nil
        return try await commits.write { [self] db in
            let direction = params.isEcho == true ? ConversationCounts.outbound : ConversationCounts.inbound
            if let known = try Self.known(db, params.wamid, in: id, direction, workspace: workspace) { return known }
            // The person who writes under this name now has a conversation of their own.
            try db.cachedStatement(sql: "DELETE FROM conversationAlias WHERE id = ?").execute(arguments: [id])
            let isReused = db.changesCount > 0
            for name in params.formerly ?? [] { try Self.unite(db, name, into: params, id, workspace: workspace) }
            var actions = chosen
            var needsPerson = false
            if isOpen, actions.isEmpty {
                let words = cart == .none ? utterance : nil
                let decision = Handover.decide(words, type: params.type, told: try Self.told(db, id), at: clock.now)
                needsPerson = decision.needsPerson
                if decision.isTold { actions = [.reply(Handover.words(utterance, customer))] }
            }
            let isAnswered = actions.contains { if case .reply = $0 { true } else { false } }
            let reply = ProcessMessage.Reply(conversation: id, intent: intent, confidence: confidence, answered: isAnswered)
            try Self.keep(db, params, reply, at: clock.now, workspace: workspace)
            if isReused { try Self.begin(db, id, at: params.at) }
            // Written within the second that Meta names, and before it reached us.
            let asked = min(params.at + 999, params.receivedAt ?? clock.now)
            if needsPerson { try Self.handOver(db, id, asked: asked, told: isAnswered ? clock.now : nil) }
            // An order that was promised to be confirmed waits for a person; so does a question that no machine's answer settles.
            if actions.contains(where: \.isOrder) || Handover.isOwed(params, utterance) {
                try Self.handOver(db, id, asked: asked, told: nil)
            }
            // A message that the business writes itself is a person's answer to what was said before.
            if Handover.isAnswer(params) { try Self.answered(db, id, by: params.at + 999) }
            try carryOut(db, actions, for: params, in: id, workspace: workspace)
            guard params.isOfCustomer else { return reply }
            let told = Self.told(of: params).merging(["intent": .string(intent), "confidence": .number(confidence)]) { $1 }
            try events.append(
                db, at: clock.now, type: "conversation.messageReceived", workspace: workspace, subject: id, data: .object(told))
            return reply
        }
    }

    /// Whom a message is of, as each event of it tells.
    private static func told(of message: ProcessMessage.Params) -> [String: JSONValue] {
        [
            "account": .string(message.account.rawValue), "contact": .string(message.contact.rawValue),
            "wamid": .string(message.wamid.rawValue),
        ]
    }

    /// When the customer was last told that a person will answer.
    private static func told(_ db: Database, _ id: String) throws -> Timestamp? {
        try Timestamp.fetchOne(
            db.cachedStatement(sql: "SELECT handedOverAt FROM conversation WHERE id = ? AND handedOverAt IS NOT NULL"), arguments: [id])
    }

    private static func handOver(_ db: Database, _ id: String, asked: Timestamp, told: Timestamp?) throws {
        try db.cachedStatement(
            sql: "UPDATE conversation SET askedAt = max(coalesce(askedAt, 0), ?), handedOverAt = coalesce(?, handedOverAt) WHERE id = ?"
        )
        .execute(arguments: [asked, told, id])
    }

    /// The name was somebody else's until now.
    private static func begin(_ db: Database, _ id: String, at time: Timestamp) throws {
        try db.cachedStatement(sql: "UPDATE conversation SET since = ? WHERE id = ?").execute(arguments: [time, id])
    }

    /// A conversation under another name of the customer becomes part of this one, with what waits to be said in it.
    private static func unite(
        _ db: Database, _ name: ContactID, into params: ProcessMessage.Params, _ id: String, workspace: String
    ) throws {
        let former = Self.id(params.account, name, workspace: workspace)
        guard former != id else { return }
        let isThere = try Int.fetchOne(db.cachedStatement(sql: "SELECT 1 FROM conversation WHERE id = ?"), arguments: [id]) != nil
        try db.cachedStatement(
            sql: """
                INSERT INTO conversation
                  (id, workspace, account, contact, contactName, username, identityHash, identityAt, messages, lastAt, handedOverAt, askedAt, answer)
                SELECT ?, workspace, account, ?, contactName, username, identityHash, identityAt, messages, lastAt, handedOverAt, askedAt, answer
                FROM conversation WHERE id = ?
                ON CONFLICT (id) DO UPDATE SET messages = messages + excluded.messages, lastAt = max(lastAt, excluded.lastAt),
                  handedOverAt = coalesce(handedOverAt, excluded.handedOverAt), askedAt = coalesce(max(askedAt, excluded.askedAt), askedAt, excluded.askedAt),
                  answer = coalesce(answer, excluded.answer), contactName = coalesce(contactName, excluded.contactName),
                  username = coalesce(username, excluded.username), identityAt = coalesce(identityAt, excluded.identityAt),
                  identityHash = coalesce(identityHash, excluded.identityHash)
                """
        )
        .execute(arguments: [id, params.contact, former])
        guard db.changesCount == 1 else { return }
        // Two become one, or one has another name: either way there is one row less in the end.
        if isThere { try ConversationCounts.add(db, -1, ConversationCounts.conversations, workspace: workspace) }
        for table in ["conversationMessage", "customerOrder", "conversationAlias"] {
            try db.execute(sql: "UPDATE \(table) SET conversation = ? WHERE conversation = ?", arguments: [id, former])
        }
        try db.execute(
            sql: """
                INSERT INTO conversationAlias (id, conversation, contact) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET conversation = excluded.conversation
                """,
            arguments: [former, id, name])
        try db.execute(sql: "DELETE FROM conversation WHERE id = ?", arguments: [former])
    }

    /// The id of a conversation: a number that came to another workspace begins new ones there.
    static func id(_ account: PhoneNumberID, _ contact: ContactID, workspace: String) -> String {
        "\(workspace):\(account.rawValue):\(contact.rawValue)"
    }

    /// The present id of a conversation.
    static func present(_ db: Database, _ id: String) throws -> String {
        try String.fetchOne(db.cachedStatement(sql: "SELECT conversation FROM conversationAlias WHERE id = ?"), arguments: [id]) ?? id
    }

    /// Forgets messages of so long ago, and conversations of which nothing is left, a thousand in one transaction.
    func prune(before time: Timestamp) async throws {
        var isMore = true
        while isMore, !Task.isCancelled {
            isMore = try await commits.write { db in
                let rows = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT m.id, m.direction, m.type, m.history, m.intent, c.workspace FROM conversationMessage m INDEXED BY messageByAge
                        JOIN conversation c ON c.id = m.conversation WHERE m.at < ? LIMIT 1000
                        """, arguments: [time])
                for row in rows {
                    try db.cachedStatement(sql: "DELETE FROM conversationMessage WHERE id = ?").execute(arguments: [row["id"] as Int64])
                    let workspace: String = row["workspace"]
                    try ConversationCounts.add(db, -1, ConversationCounts.name(of: row), workspace: workspace)
                    if let intent = row["intent"] as String? {
                        try ConversationCounts.add(db, -1, ConversationCounts.intent(intent), workspace: workspace)
                    }
                }
                return rows.count == 1000
            }
        }
        isMore = true
        while isMore, !Task.isCancelled {
            isMore = try await commits.write { db in
                // Orders stay, and their conversation with them.
                let rows = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT id, workspace FROM conversation WHERE lastAt < ?
                          AND NOT EXISTS (SELECT 1 FROM customerOrder WHERE customerOrder.conversation = conversation.id)
                          AND NOT EXISTS (SELECT 1 FROM conversationMessage WHERE conversationMessage.conversation = conversation.id) LIMIT 1000
                        """, arguments: [time])
                for row in rows {
                    try db.cachedStatement(sql: "DELETE FROM conversation WHERE id = ?").execute(arguments: [row["id"] as String])
                    try ConversationCounts.add(db, -1, ConversationCounts.conversations, workspace: row["workspace"])
                }
                return rows.count == 1000
            }
        }
    }

    /// The message becomes part of its conversation.
    private static func keep(
        _ db: Database, _ params: ProcessMessage.Params, _ reply: ProcessMessage.Reply, at now: Timestamp, workspace: String
    ) throws {
        let known = try db.cachedStatement(sql: "SELECT 1 FROM conversation WHERE id = ?")
        if try Int.fetchOne(known, arguments: [reply.conversation]) == nil {
            try ConversationCounts.add(db, 1, ConversationCounts.conversations, workspace: workspace)
        }
        // The name is the author's there.
        let isGroup = params.author != nil
        let direction = params.isEcho == true ? ConversationCounts.outbound : ConversationCounts.inbound
        let name = ConversationCounts.name(ofType: params.type, direction, isHistory: false)
        try ConversationCounts.add(db, 1, name, workspace: workspace)
        // Whatever the customer did not write is not understood, and not counted as such.
        let isUnderstood = name == ConversationCounts.inbound
        if isUnderstood { try ConversationCounts.add(db, 1, ConversationCounts.intent(reply.intent), workspace: workspace) }
        try db.cachedStatement(
            sql: """
                INSERT INTO conversation (id, workspace, account, contact, contactName, messages, lastAt, username, identityHash, identityAt, isGroup)
                VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET messages = messages + 1, lastAt = max(lastAt, excluded.lastAt),
                  contactName = coalesce(excluded.contactName, contactName), username = coalesce(excluded.username, username),
                  identityHash = \(Self.newer("identityHash")), identityAt = \(Self.newer("identityAt"))
                """
        )
        .execute(arguments: [
            reply.conversation, workspace, params.account, params.contact, isGroup ? nil : params.contactName, params.at, params.username,
            params.identityHash, params.identityHash == nil ? nil : params.at, isGroup ? 1 : 0,
        ])
        try db.cachedStatement(
            sql: """
                INSERT INTO conversationMessage
                  (conversation, direction, reference, type, text, content, raw, intent, confidence, answered, at, receivedAt, author, authorName)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        .execute(arguments: [
            reply.conversation, direction, params.wamid, params.type.text, params.text, try KeptContent.written(params.content),
            JSON.text(params.raw), isUnderstood ? reply.intent : nil,
            isUnderstood ? reply.confidence : nil, reply.answered ? 1 : 0, params.at, params.receivedAt ?? now, params.author,
            isGroup ? params.contactName : nil,
        ])
    }

    /// The value of a column of the customer's keys: the new one, if there are other keys and it was told later.
    private static func newer(_ column: String) -> String {
        """
        CASE WHEN excluded.identityHash IS NULL OR excluded.identityHash IS identityHash OR excluded.identityAt < identityAt
        THEN \(column) ELSE excluded.\(column) END
        """
    }

    /// Takes an order, queues an answer; an answer may name the order that was taken before it.
    private func carryOut(_ db: Database, _ actions: [Action], for params: ProcessMessage.Params, in id: String, workspace: String) throws {
        let now = clock.now
        var order: Int64?
        for (index, action) in actions.enumerated() {
            switch action {
            case .createOrder(let lines):
                try db.execute(
                    sql: """
                        INSERT INTO customerOrder (workspace, conversation, contact, account, reference, lines, createdAt)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        workspace, id, params.contact, params.account, params.wamid, try JSON.text(lines), now,
                    ]
                )
                order = db.lastInsertedRowID
                try ConversationCounts.add(db, 1, ConversationCounts.orders, workspace: workspace)
                try events.append(
                    db, at: now, type: "order.created", workspace: workspace, subject: Self.orderNumber(order ?? 0),
                    data: .object(Self.told(of: params).merging(["conversation": .string(id)]) { $1 }))
            case .reply(let text):
                let reply = PendingReply(
                    workspace: workspace, conversation: id, account: params.account, contact: params.contact, replyTo: params.wamid,
                    text: order.map { text.replacing("{{order}}", with: Self.orderNumber($0)) } ?? text)
                try JobTable.enqueue(
                    db, queue: Self.replyQueue, key: "\(params.wamid.rawValue)#\(index)", payload: try JSON.text(reply), notBefore: now,
                    now: now)
            }
        }
    }

    /// In the transaction that completes the job: the answer is part of the conversation.
    func recordReply(_ db: Database, _ reply: PendingReply, messageID: MessageID) throws {
        let now = clock.now
        let conversation = try Self.present(db, reply.conversation)
        try db.cachedStatement(
            sql: """
                INSERT INTO conversationMessage (conversation, direction, reference, type, text, at, receivedAt)
                VALUES (?1, 'outbound', ?2, 'text', ?3, ?4, ?4)
                ON CONFLICT DO NOTHING
                """
        )
        .execute(arguments: [conversation, messageID, reply.text, now])
        guard db.changesCount == 1 else { return }
        try ConversationCounts.add(db, 1, ConversationCounts.outbound, workspace: reply.workspace)
        try db.cachedStatement(sql: "UPDATE conversation SET messages = messages + 1, lastAt = max(lastAt, ?) WHERE id = ?")
            .execute(arguments: [now, conversation])
    }

    private static func known(
        _ db: Database, _ wamid: WAMID, in conversation: String, _ direction: String, workspace: String
    ) throws -> ProcessMessage.Reply? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, conversation, intent, confidence, answered, history FROM conversationMessage
                WHERE direction = ? AND reference = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [direction, wamid]) else { return nil }
        if row["history"] as String? != nil {
            try giveWay(db, row)
            return nil
        }
        // Words of the business's own are not understood.
        let (intent, confidence): (String?, Double?) = (row["intent"], row["confidence"])
        return ProcessMessage.Reply(
            conversation: conversation, intent: intent ?? "unknown", confidence: confidence ?? 0,
            answered: row["answered"] == 1)
    }

    static func orderNumber(_ number: Int64) -> String { "L-\(number)" }
}

extension ProcessMessage.Params {
    /// Whether the customer said it: not the business in its app, nor WhatsApp itself.
    var isOfCustomer: Bool { isEcho != true && type.known != .system }
}
