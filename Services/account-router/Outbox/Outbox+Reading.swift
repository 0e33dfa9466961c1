import AccountContract
import AccountNumbers
package import GRDB
import GraphAPI
import JobQueue
import MetaEvents
import RPCContract
import Storage
package import Vocabulary

extension Outbox {
    func get(_ id: MessageID, workspace: String) async throws -> Message {
        try await store.read { try Self.found($0, id, workspace) }
    }

    /// A failed message as it could be sent again.
    func failed(_ id: MessageID, mayBeUnclear: Bool, workspace: String) async throws -> MessageDraft {
        try await store.read { db in
            let row = try Self.row(db, id, workspace)
            guard row["state"] == Message.State.failed.rawValue else {
                throw Fault(.messageNotFailed, "The message is \(row["state"] as String); only a failed one can be sent again.", path: "id")
            }
            try Self.checkRetry(id, isRetried: row["isRetried"], isUnclear: row["isUnclear"], mayBeUnclear: mayBeUnclear)
            let options = try (row["options"] as String?).map { try JSON.decode(OutboundMessage.Options.self, from: $0) }
            let category: Message.Category = try row.word("category", in: "message")
            var draft = MessageDraft(
                workspace: workspace,
                requestKey: row["requestKey"],
                fingerprint: row["fingerprint"],
                account: row["account"],
                to: row["recipient"],
                body: MessageDraft.Body(type: row["type"], category: category, object: row["object"], wabaID: row["wabaID"]),
                options: options ?? OutboundMessage.Options(),
                fallback: try (row["fallback"] as String?).map { try JSON.decode(MessageDraft.Body.self, from: $0) },
                priority: row["priority"],
                reason: row["reason"]
            )
            draft.retryOf = id
            draft.notBefore = Self.earliest(code: row["errorCode"], failedAt: row["failedAt"])
            if let campaign = row["campaign"] as CampaignID? {
                // By itself it belongs to no campaign; whoever gets it was promised when all the same.
                let due = max(now, draft.notBefore ?? now)
                switch try promised(db, id, campaign: campaign, at: due) {
                case nil: break
                case .later(let pause): draft.notBefore = due + pause
                case .never(let reason): throw Fault(.windowPast, "The message's campaign forbids it: \(reason).", path: "id")
                }
            }
            return draft
        }
    }

    /// Messages that one page looks through at most, so that it costs the same whatever is asked for.
    static let searched = 20_000

    func list(_ params: ListMessages.Params, workspace: String) async throws -> ListMessages.Reply {
        let limit = params.limit ?? 50
        return try await store.read { db in
            // Ids grow with time: a page looks through so many of the workspace's messages, and the next goes on from there.
            let start = params.cursor?.place ?? "\u{10FFFF}"
            let isSearched = params.to == nil && (params.state != nil || params.account != nil)
            let isOfFailures = params.to == nil && params.state == .failed && params.account == nil
            let end: MessageID? =
                try isSearched && !isOfFailures
                ? MessageID.fetchOne(
                    db.cachedStatement(
                        sql: """
                            SELECT id FROM message INDEXED BY messageByWorkspace WHERE workspace = ? AND id < ?
                            ORDER BY id DESC LIMIT 1 OFFSET \(Self.searched)
                            """), arguments: [workspace, start])
                : nil
            var conditions = "workspace = ? AND id < ? AND id >= ?"
            var arguments: StatementArguments = [workspace, start, end ?? ""]
            // In the statement itself, so that the index of failures can serve it.
            if let state = params.state { conditions += " AND state = '\(state.rawValue)'" }
            if let account = params.account {
                conditions += " AND account = ?"
                arguments += [account.rawValue]
            }
            if let to = params.to {
                conditions += " AND recipient = ?"
                arguments += [ContactID(written: to).rawValue]
            }
            arguments += [limit]
            let index = params.to != nil ? "messageByRecipient" : isOfFailures ? "messageFailed" : "messageByWorkspace"
            let sql = "SELECT * FROM message INDEXED BY \(index) WHERE \(conditions) ORDER BY id DESC LIMIT ?"
            let items = try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map { row in
                var message = try Self.message(row)
                if params.texts == true { message.text = MessageWords.of(row["object"], type: message.type, category: message.category) }
                return message
            }
            return ListMessages.Reply(items: items, next: (items.count == limit ? items.last?.id : end).map { PageCursor($0) })
        }
    }

    func explain(_ id: MessageID, workspace: String) async throws -> ExplainMessage.Reply {
        try await store.read { [numbers] db in
            let row = try Self.row(db, id, workspace)
            let message = try Self.message(row)
            var steps = try Row.fetchAll(db, sql: "SELECT * FROM messageNote WHERE message = ? ORDER BY rowid", arguments: [id]).map {
                ExplainMessage.Step(at: $0["at"], state: try $0.word("state", in: "messageNote"), detail: $0["detail"])
            }
            for state in [Message.State.sending, .held, .accepted, .sent, .delivered, .read, .played, .failed] {
                guard let at = row["\(state.rawValue)At"] as Timestamp? else { continue }
                steps.append(ExplainMessage.Step(at: at, state: state, detail: state == .failed ? message.error : nil))
            }
            steps += try MessageAsides.steps(db, of: id)
            // Meta's moments are whole seconds: none of them comes before the request that it tells of.
            let asked = row["acceptedAt"] as Timestamp? ?? row["sendingAt"] as Timestamp? ?? .zero
            let told: [Message.State] = [.sent, .delivered, .read, .played, .failed]
            func place(_ step: ExplainMessage.Step) -> (Timestamp, Int) {
                told.firstIndex(of: step.state).map { (max(step.at, asked), $0 + 1) } ?? (step.at, 0)
            }
            // Stable: of one moment, what was noted comes before what followed from it.
            steps.sort { place($0) < place($1) }
            steps.insert(ExplainMessage.Step(at: message.createdAt, state: .queued, detail: row["reason"]), at: 0)
            let error = message.errorCode.map { GraphError(inStatus: $0, details: message.error ?? "") }
            let failure = message.state == .failed ? error : nil
            return ExplainMessage.Reply(
                message: message,
                otherWAMIDs: try WAMID.fetchAll(
                    db, sql: "SELECT wamid FROM messageWAMID WHERE message = ? AND isFormer = 0 ORDER BY at LIMIT 100", arguments: [id]),
                explanation: failure?.meaning ?? Self.explanation(message),
                nextStep: try failure.map { try Self.advice($0, db, of: numbers.account(message.account), among: numbers).text },
                errorClass: failure?.errorClass.rawValue,
                notBefore: failure?.pause,
                steps: steps,
                furtherSteps: row["furtherAsides"]
            )
        }
    }

    private static func advice(_ failure: GraphError, _ db: Database, of account: Account?, among numbers: Numbers) throws -> FailureAdvice
    {
        FailureAdvice(
            failure: failure, health: account?.health, trouble: try account.flatMap { try numbers.trouble(db, $0)?.text },
            isBlocked: account.map { numbers.isBlocked($0.phoneNumberID) } ?? false)
    }

    /// Whether a message with this id of WhatsApp went out from here, and what it said is still known.
    package static func isKept(_ db: Database, _ wamid: WAMID, workspace: String) throws -> Bool {
        // Each by its own index.
        for condition in ["wamid = ?", "id = (SELECT message FROM messageWAMID WHERE wamid = ?)"] {
            let statement = try db.cachedStatement(sql: "SELECT workspace FROM message WHERE \(condition) AND object != '{}'")
            if try String.fetchOne(statement, arguments: [wamid]) == workspace { return true }
        }
        return false
    }

    /// When a message that waits is looked at again; nil where it waits for nothing but its turn.
    func notBefore(_ message: Message) async throws -> Timestamp? {
        try await store.read { try JobTable.notBefore($0, queue: Self.queue(message.account), key: message.id.rawValue) }
    }

    func statistics(_ params: MessageStatistics.Params, workspace: String) async throws -> MessageStatistics.Reply {
        try await store.read { db in
            // Of all messages the counts are kept; of some they are counted.
            let (states, accounts) =
                try params.requestKeyPrefix.map { try Self.count(db, prefix: $0, workspace: workspace) }
                ?? MessageCounts.of(db, workspace: workspace)
            let failures: SQL =
                if let prefix = params.requestKeyPrefix {
                    """
                    SELECT errorCode, error FROM message
                    WHERE workspace = \(workspace) AND requestKey BETWEEN \(prefix) AND \(prefix + "\u{10FFFF}") AND state = 'failed'
                      AND isRetried = 0
                    """
                } else {
                    """
                    SELECT errorCode, error FROM message INDEXED BY messageFailed
                    WHERE workspace = \(workspace) AND state = 'failed' ORDER BY id DESC LIMIT 10000
                    """
                }
            let request: SQLRequest<Row> =
                "SELECT errorCode, error, count(*) AS n FROM (\(failures)) GROUP BY errorCode, error ORDER BY n DESC LIMIT 50"
            return MessageStatistics.Reply(
                total: states.values.reduce(0, +),
                states: states,
                accounts: accounts,
                failures: try request.fetchAll(db).map {
                    MessageStatistics.Failure(code: $0["errorCode"], reason: $0.text("error"), count: $0["n"])
                }
            )
        }
    }

    private static func count(_ db: Database, prefix: String, workspace: String) throws -> ([String: Int], [String: Int]) {
        var (states, accounts): ([String: Int], [String: Int]) = ([:], [:])
        // A range, so that the index on the key serves it; U+10FFFF sorts behind every key with the prefix.
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT state, account, count(*) AS n FROM message WHERE workspace = ? AND requestKey BETWEEN ? AND ? GROUP BY state, account
                """, arguments: [workspace, prefix, prefix + "\u{10FFFF}"])
        while let row = try rows.next() {
            states[row["state"], default: 0] += row["n"] as Int
            accounts[row["account"], default: 0] += row["n"] as Int
        }
        return (states, accounts)
    }

    private static func found(_ db: Database, _ id: MessageID, _ workspace: String) throws -> Message {
        try message(row(db, id, workspace))
    }

    static func row(_ db: Database, _ id: MessageID, _ workspace: String) throws -> Row {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM message WHERE id = ? AND workspace = ?", arguments: [id, workspace]) else {
            throw Fault(.messageUnknown, "There is no message \(id).", path: "id")
        }
        return row
    }

    private static func message(_ row: Row) throws -> Message {
        Message(
            id: row["id"],
            account: row["account"],
            to: row["recipient"],
            type: row["type"],
            category: try row.word("category", in: "message"),
            state: try row.word("state", in: "message"),
            wamid: row["wamid"] as WAMID?,
            requestKey: row["requestKey"],
            createdAt: row["createdAt"],
            updatedAt: row["updatedAt"],
            attempts: row["attempts"],
            errorCode: row["errorCode"],
            error: row["error"],
            campaign: row["campaign"],
            metaErrors: try (row["metaErrors"] as String?).map { try JSON.decode([MetaFault].self, from: $0) },
            price: MessagePrice(row),
            conversation: MessageConversation(row)
        )
    }

    private static func explanation(_ message: Message) -> String {
        switch message.state {
        case .queued: message.error.map { "Waits to be tried again: \($0)" } ?? "Waits for its turn."
        case .sending: "Meta is being asked right now."
        case .unknown: "Meta was asked and no answer came; its status will tell, and nothing is sent again before that."
        case .held: "Meta holds it for quality assessment, and sends or drops it within the hour."
        case .accepted: "Meta has accepted it; nothing is known of the delivery yet."
        case .sent: "Meta has sent it; the phone has not confirmed it yet."
        case .delivered: "Delivered to the recipient's phone."
        case .read: "The recipient has read it."
        case .played: "The recipient has played it."
        case .failed: message.error ?? "It failed."
        }
    }
}
