import AccountContract
import GRDB
import GraphAPI
import MetaEvents
import Storage
import Vocabulary

/// Owns statuses that move no message on: of one member of a group, and with a word that nothing here knows.
enum MessageAsides {
    /// As many are kept of a message; those that come besides are counted.
    ///
    /// A group may have a thousand members.
    static let most = 100

    /// - Parameter state: the message's.
    static func note(_ db: Database, _ status: MessageStatus, of id: MessageID, in state: Message.State) throws {
        let member = status.participant.map { $0.isEmpty ? "-" : $0 }
        let key: StatementArguments = [id, member ?? "", status.status.text]
        let known = try db.cachedStatement(sql: "SELECT 1 FROM messageAside WHERE message = ? AND member = ? AND word = ?")
        guard try Int.fetchOne(known, arguments: key) == nil else { return }
        let count = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT count(*) FROM messageAside WHERE message = ?"), arguments: [id])
        guard count ?? 0 < most else {
            // It has no row by which it would be known when it is told again.
            let told = "aside:\(id):\(member ?? ""):\(status.status.text)"
            guard try IdempotencyKeys.take(db, told, expiresAt: status.at + IdempotencyKeys.lifetime) else { return }
            return try db.cachedStatement(sql: "UPDATE message SET furtherAsides = coalesce(furtherAsides, 0) + 1 WHERE id = ?")
                .execute(arguments: [id])
        }
        try db.cachedStatement(
            sql: "INSERT INTO messageAside (message, member, word, at, state, detail) VALUES (?, ?, ?, ?, ?, ?)"
        )
        .execute(arguments: key + [status.at, state.rawValue, detail(status)])
    }

    /// What Meta says with it, in plain words.
    private static func detail(_ status: MessageStatus) -> String? {
        let word = status.status.known == nil ? "Meta says “\(status.status.text)”, a word that nothing here knows." : nil
        let errors = status.errors.map { "Meta: \($0.map(\.text).joined(separator: "; "))" }
        let meaning = status.errorCode.map { GraphError(inStatus: $0, details: status.errorDetails ?? GraphError.unexplained).meaning }
        let words = [word, meaning, errors].compactMap(\.self).joined(separator: " ")
        return words.isEmpty ? nil : String(words.prefix(2048))
    }

    /// Those of a message, oldest first.
    static func steps(_ db: Database, of id: MessageID) throws -> [ExplainMessage.Step] {
        let sql = "SELECT member, word, at, state, detail FROM messageAside WHERE message = ?"
        let steps = try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [id]).map { row in
            let word = MessageStatus.Word(rawValue: row["word"])
            let member: String = row["member"]
            let state: Message.State = try word.map { Message.State($0) } ?? row.word("state", in: "messageAside")
            return ExplainMessage.Step(at: row["at"], state: state, detail: row["detail"], member: member.isEmpty ? nil : member)
        }
        return steps.sorted { ($0.at, $0.member ?? "") < ($1.at, $1.member ?? "") }
    }
}

extension Message.State {
    /// The state that Meta's word puts a message in.
    init(_ word: MessageStatus.Word) {
        self =
            switch word {
            case .sent: .sent
            case .delivered: .delivered
            case .read: .read
            case .played: .played
            case .failed: .failed
            }
    }
}
