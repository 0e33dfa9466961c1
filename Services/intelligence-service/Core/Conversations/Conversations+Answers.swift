import GRDB
import IntelligenceContract
import JobQueue
import RPCContract
import Storage
import Vocabulary

/// A person's answers: a customer waits for nobody once one of them is with Meta, and not before.
extension Conversations {
    static let answerQueue = "answer"

    /// An answer of which it is not known yet whether Meta takes it.
    struct PendingAnswer: Codable, Sendable {
        var workspace: String
        var conversation: String
        /// Of account-router.
        var message: MessageID
        /// Until when what the customer has said is answered by it.
        var asked: Timestamp
    }

    /// Where a message of account-router stands, for whoever waits for it.
    enum Fate { case open, taken, failed }

    func resolve(_ params: ResolveConversation.Params, workspace: String) async throws {
        let now = clock.now
        try await commits.write { db in
            let id = try Self.present(db, Self.id(params.account, params.contact, workspace: workspace))
            let known = try Int.fetchOne(db, sql: "SELECT 1 FROM conversation WHERE id = ? AND workspace = ?", arguments: [id, workspace])
            guard known != nil else {
                throw Fault(.conversationUnknown, "This contact has no conversation with this number.", path: "contact")
            }
            guard let message = params.message else { return try Self.answered(db, id, by: .latest) }
            let answer = PendingAnswer(workspace: workspace, conversation: id, message: message, asked: now)
            let isNew = try JobTable.enqueue(
                db, queue: Self.answerQueue, key: "\(workspace):\(message)", payload: try JSON.text(answer), notBefore: now, now: now)
            guard isNew else { return }
            try db.execute(sql: "UPDATE conversation SET answer = ? WHERE id = ?", arguments: [message, id])
        }
    }

    /// It is known what became of an answer: taken, the customer waits for nobody; failed, they go on waiting.
    func settle(_ db: Database, _ answer: PendingAnswer, _ fate: Fate) throws {
        let id = try Self.present(db, answer.conversation)
        try db.execute(sql: "UPDATE conversation SET answer = NULL WHERE id = ? AND answer = ?", arguments: [id, answer.message])
        if fate == .taken { return try Self.answered(db, id, by: answer.asked) }
        let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT account, contact FROM conversation WHERE id = ?"), arguments: [id])
        var data: [String: JSONValue] = ["message": .string(answer.message.rawValue)]
        if let row { (data["account"], data["contact"]) = (.string(row["account"]), .string(row["contact"])) }
        try events.append(
            db, at: clock.now, type: "conversation.answerFailed", workspace: answer.workspace, subject: id, data: .object(data))
    }

    /// A person has answered what was said until a moment.
    static func answered(_ db: Database, _ id: String, by time: Timestamp) throws {
        try db.cachedStatement(sql: "UPDATE conversation SET askedAt = NULL WHERE id = ? AND askedAt <= ?").execute(arguments: [id, time])
    }
}
