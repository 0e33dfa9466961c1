import Foundation
import GRDB
import PosterContract
import RPCContract
import Storage
import Vocabulary

/// Our id of an endpoint.
struct EndpointID: Identifier {
    let rawValue: String
    init(rawValue: String) { self.rawValue = rawValue }
}

/// Endpoints in their rows.
extension Endpoints {
    /// An endpoint of the caller's own workspace; another's is as unknown as one that is not there.
    static func row(_ db: Database, _ id: String, _ workspace: String) throws -> Row {
        let statement = try db.cachedStatement(sql: "SELECT * FROM endpoint WHERE id = ? AND workspace = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id, workspace]) else {
            throw Fault(.endpointUnknown, "There is no endpoint \(id.prefix(64)); webhook.list shows all.", path: "id")
        }
        return row
    }

    static func disabled(_ id: String) -> Fault {
        Fault(.endpointDisabled, "The endpoint \(id.prefix(64)) is disabled; webhook.resume enables it.", path: "id")
    }

    static func checkFree(_ db: Database, _ url: String, _ workspace: String) throws {
        let known = try String.fetchOne(
            db, sql: "SELECT id FROM endpoint WHERE workspace = ? AND url = ?", arguments: [workspace, url])
        guard let known else { return }
        throw Fault(
            .endpointTaken, "The endpoint \(known) has this URL; webhook.update changes it, webhook.rotateSecret gives it a new secret.",
            path: "url")
    }

    static func insert(_ db: Database, _ secret: EndpointSecret, of endpoint: String) throws {
        try db.execute(sql: "INSERT INTO endpointSecret (endpoint, secret) VALUES (?, ?)", arguments: [endpoint, secret.text])
    }

    static func set(_ db: Database, _ id: String, _ state: WebhookEndpoint.State, at now: Timestamp) throws {
        try db.execute(
            sql: "UPDATE endpoint SET state = ?, reason = NULL, failingSince = NULL, updatedAt = ? WHERE id = ?",
            arguments: [state.rawValue, now, id])
    }

    /// The endpoint as it is in the caller's transaction, which memory learns of with the commit.
    func take(_ db: Database, _ id: String, _ workspace: String) throws -> WebhookEndpoint {
        let row = try Self.row(db, id, workspace)
        let posted = try Self.posted(db, row)
        db.afterCommit { [directory, runners] in
            directory.set(posted)
            runners.nudge(id)
        }
        return try Self.endpoint(db, row, at: store.now)
    }

    /// What events tell of an endpoint: its URL may hold what opens the receiver's door.
    static func told(_ url: String) -> JSONValue { .object(members(url)) }

    static func members(_ url: String) -> [String: JSONValue] { ["host": .string(URLComponents(string: url)?.host ?? "")] }

    static func types(_ row: Row) throws -> Set<String>? {
        try (row["types"] as String?).map { Set(try JSON.decode([String].self, from: $0)) }
    }

    static func posted(_ db: Database, _ row: Row) throws -> PostedEndpoint {
        let id: String = try row.value("id", in: "endpoint")
        let signings = try Row.fetchAll(
            db, sql: "SELECT secret, until FROM endpointSecret WHERE endpoint = ? ORDER BY n DESC", arguments: [id]
        ).map { PostedEndpoint.Signing(secret: EndpointSecret($0["secret"]), until: $0["until"]) }
        return PostedEndpoint(
            id: id, workspace: row["workspace"], url: row["url"],
            headers: try JSON.decode([String: String].self, from: row["headers"] as String), rate: row["rate"],
            state: try row.word("state", in: "endpoint"), signings: signings)
    }

    static func endpoint(_ db: Database, _ row: Row, at now: Timestamp) throws -> WebhookEndpoint {
        let posted = try posted(db, row)
        let former = posted.signings.compactMap(\.until).max()
        return WebhookEndpoint(
            id: posted.id, url: posted.url, description: row["description"],
            types: try (row["types"] as String?).map { try JSON.decode([String].self, from: $0) },
            headerNames: posted.headers.isEmpty ? nil : posted.headers.keys.sorted(), rate: posted.rate, isOrdered: row["isOrdered"],
            state: posted.state, reason: row["reason"], waiting: row["waiting"], failingSince: row["failingSince"],
            createdAt: row["createdAt"], updatedAt: row["updatedAt"], rotatedAt: row["rotatedAt"],
            formerUntil: former.flatMap { $0 > now ? $0 : nil })
    }
}
