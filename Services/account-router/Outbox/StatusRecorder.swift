import AccountContacts
import AccountContract
import AccountNumbers
import AccountPacing
import GRDB
import GraphAPI
import MetaEvents
import RPCContract
import Storage
import Vocabulary

/// Takes in the statuses that Meta tells of our messages.
struct StatusRecorder: Sendable {
    let store: Store
    let outbox: Outbox
    let numbers: Numbers
    let gaps: WebhookGaps
    let pacer: Pacer

    func record(_ params: RecordStatuses.Params) async throws -> RecordStatuses.Reply {
        let now = store.now
        return try await store.write { [self] db in
            var reply = RecordStatuses.Reply(applied: 0, foreign: 0)
            try gaps.record(db, params.gaps ?? [])
            for told in params.statuses {
                var status = told
                // A moment that has not come would hold for all that is told until then.
                status.at = min(told.at, now)
                guard let message = try Self.message(db, status) else {
                    reply.foreign += 1
                    continue
                }
                // Told under the id that it has, as most are, it is neither of a former try nor there twice.
                if message.wamid != status.wamid, try outbox.isFormer(db, status.wamid) { continue }
                try outbox.learn(db, status, to: message.recipient, workspace: message.workspace)
                let state = status.status.known.map(Message.State.init)
                if status.participant != nil || state == nil {
                    try MessageAsides.note(db, status, of: message.id, in: message.state)
                }
                // One of many in a group has got or read it, or could not: the message as a whole has only been sent.
                guard let state, status.participant == nil || state == .sent else {
                    try outbox.note(db, MessagePrice(status), status.conversation, of: message.id)
                    continue
                }
                if try record(db, status, state, of: message) { reply.applied += 1 }
            }
            // How far Meta's statuses of each number have reached us, in Meta's time.
            for (number, statuses) in Dictionary(grouping: params.statuses, by: \.phoneNumberID) {
                guard let number, let latest = statuses.map(\.at).max() else { continue }
                try numbers.heard(db, number, at: latest)
            }
            return reply
        }
    }

    /// One status of one of our messages; whether it moved it on.
    private func record(_ db: Database, _ status: MessageStatus, _ state: Message.State, of message: Told) throws -> Bool {
        let id = message.id
        let error = status.errorCode.map { GraphError(inStatus: $0, details: status.errorDetails ?? GraphError.unexplained) }
        if state == .failed, let error, error.measures.contains(.sendFallback),
            try outbox.fallBack(db, id, afterStatusOf: status.wamid)
        {
            return true
        }
        try outbox.note(db, MessagePrice(status), status.conversation, of: id)
        guard state == .failed, let error else {
            let isNews = try outbox.advance(db, id, to: state, wamid: status.wamid, at: status.at)
            if isNews, state == .failed { try outbox.note(db, status.errors, of: id) }
            // Meta lets go of what it held, to the last: the portfolio's marketing goes on.
            if message.state == .held, isNews, state != .failed, let number = status.phoneNumberID,
                try !outbox.hasHeld(db, numbers.portfolioMates(of: number))
            {
                db.afterCommit { [pacer] in pacer.releaseBrake(number) }
            }
            return isNews
        }
        let isNews = try outbox.refuse(
            db, id, error, wamid: status.wamid, at: status.at, on: status.phoneNumberID, faults: status.errors)
        if isNews {
            let person = try People.person(db, message.recipient, workspace: message.workspace)
            let refusal = PaceRefusal(error: error, number: status.phoneNumberID ?? message.account, contact: person.name)
            let age = store.now - status.at
            db.afterCommit { [pacer] in refusal.take(told: age, pacer) }
        }
        return isNews
    }

    /// The message that a status tells of, as it is before.
    private struct Told {
        var id: MessageID
        var wamid: WAMID?
        var state: Message.State
        var account: PhoneNumberID
        var recipient: ContactID
        var workspace: String
    }

    /// Our own id comes back in the status; a wamid is known only where the answer to the request came.
    private static func message(_ db: Database, _ status: MessageStatus) throws -> Told? {
        func find(_ condition: String, _ value: any DatabaseValueConvertible) throws -> Told? {
            let statement = try db.cachedStatement(
                sql: "SELECT id, wamid, state, account, recipient, workspace FROM message WHERE \(condition)")
            guard let row = try Row.fetchOne(statement, arguments: [value]) else { return nil }
            let state: Message.State = try row.word("state", in: "message")
            return Told(
                id: row[0], wamid: row[1], state: state, account: row[3], recipient: row[4], workspace: row[5])
        }
        if let id = status.callbackData, let own = try find("id = ?", id) { return own }
        return try find("wamid = ?", status.wamid) ?? find("id = (SELECT message FROM messageWAMID WHERE wamid = ?)", status.wamid)
    }
}
