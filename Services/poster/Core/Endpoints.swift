import Foundation
import GRDB
import GatewayContract
import PosterContract
import RPCContract
import RPCTransport
import Storage
import Vocabulary

/// Owns the endpoints and their secrets.
struct Endpoints: Sendable {
    let store: Store
    let directory: EndpointDirectory
    let runners: EndpointRunners
    /// Knows which types of events there are, and where the events end now.
    let events: RPCClient
    let urls: EndpointURL

    /// Of one workspace: each event is held against all of them.
    static let most = 100
    /// Secrets that sign beside the present one.
    private static let formerSecrets = 7

    /// At start: takes all endpoints into memory.
    func load() throws {
        let all = try store.readNow { db in try Row.fetchAll(db, sql: "SELECT * FROM endpoint").map { try Self.posted(db, $0) } }
        for endpoint in all { directory.set(endpoint) }
    }

    func create(_ params: CreateEndpoint.Params, workspace: String) async throws -> NewEndpoint {
        try urls.check(params.url)
        let types = params.types.flatMap { $0.isEmpty ? nil : $0 }
        let end = try await end(of: workspace, types)
        let (now, secret) = (store.now, EndpointSecret.make())
        return try await store.write { [self] db in
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM endpoint WHERE workspace = ?", arguments: [workspace])
            guard count ?? 0 < Self.most else {
                throw Fault(
                    .endpointLimit, "The workspace has \(Self.most) endpoints, and no more than that; delete one that is not needed.")
            }
            try Self.checkFree(db, params.url, workspace)
            let id: EndpointID = store.newID(at: now)
            try db.execute(
                sql: """
                    INSERT INTO endpoint (id, workspace, url, description, types, headers, rate, isOrdered, state, createdAt, updatedAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id.rawValue, workspace, params.url, params.description, try types.map { try JSON.text($0) },
                    try JSON.text(params.headers ?? [:]),
                    params.rate, params.isOrdered == true, WebhookEndpoint.State.enabled.rawValue, now, now,
                ])
            try Self.insert(db, secret, of: id.rawValue)
            // The first endpoint of a workspace begins with what comes from now on.
            try db.execute(
                sql: "INSERT INTO eventPlace (workspace, cursor) VALUES (?, ?) ON CONFLICT DO NOTHING", arguments: [workspace, end])
            try store.append(db, "webhook.created", workspace: workspace, subject: id, data: Self.told(params.url))
            return NewEndpoint(endpoint: try take(db, id.rawValue, workspace), secret: secret.text)
        }
    }

    /// Where the events of a workspace end now.
    ///
    /// - Throws: where one of the types is unknown, or the gateway is away.
    private func end(of workspace: String, _ types: [String]?) async throws -> String {
        try await events.call(
            ListEvents.self, ListEvents.Params(types: types, atEnd: true), meta: CallMeta(workspace: workspace)
        ).next.place
    }

    func list(workspace: String) async throws -> ListEndpoints.Reply {
        let now = store.now
        return try await store.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM endpoint WHERE workspace = ? ORDER BY id LIMIT ?", arguments: [workspace, Self.most])
            return ListEndpoints.Reply(items: try rows.map { try Self.endpoint(db, $0, at: now) })
        }
    }

    func get(_ id: String, workspace: String) async throws -> WebhookEndpoint {
        let now = store.now
        return try await store.read { db in try Self.endpoint(db, Self.row(db, id, workspace), at: now) }
    }

    func update(_ params: UpdateEndpoint.Params, workspace: String) async throws -> WebhookEndpoint {
        if let url = params.url { try urls.check(url) }
        if let types = params.types, !types.isEmpty { _ = try await end(of: workspace, types) }
        let now = store.now
        return try await store.write { [self] db in
            let row = try Self.row(db, params.id, workspace)
            if let url = params.url, url != row["url"] { try Self.checkFree(db, url, workspace) }
            let types: String? = if let given = params.types { given.isEmpty ? nil : try JSON.text(given) } else { row["types"] }
            let description: String? = if let given = params.description { given.isEmpty ? nil : given } else { row["description"] }
            let rate: Int? = if let given = params.rate { given == 0 ? nil : given } else { row["rate"] }
            try db.execute(
                sql: """
                    UPDATE endpoint SET url = coalesce(?, url), description = ?, types = ?, headers = coalesce(?, headers), rate = ?,
                      isOrdered = coalesce(?, isOrdered), updatedAt = ? WHERE id = ?
                    """,
                arguments: [
                    params.url, description, types, try params.headers.map { try JSON.text($0) }, rate, params.isOrdered, now, params.id,
                ])
            try store.append(db, "webhook.updated", workspace: workspace, subject: params.id, data: Self.told(params.url ?? row["url"]))
            return try take(db, params.id, workspace)
        }
    }

    func delete(_ id: String, workspace: String) async throws {
        try await store.write { [self] db in
            let row = try Self.row(db, id, workspace)
            try db.execute(sql: "DELETE FROM endpoint WHERE id = ?", arguments: [id])
            try Deliveries.abandon(db, endpoint: id)
            try db.execute(
                sql: "DELETE FROM eventPlace WHERE workspace = ?1 AND NOT EXISTS (SELECT 1 FROM endpoint WHERE workspace = ?1)",
                arguments: [workspace])
            try store.append(db, "webhook.deleted", workspace: workspace, subject: id, data: Self.told(row["url"]))
            db.afterCommit { [self] in
                directory.remove(id)
                runners.end(id)
            }
        }
    }

    func pause(_ id: String, workspace: String) async throws -> WebhookEndpoint {
        try await store.write { [self] db in
            let row = try Self.row(db, id, workspace)
            let state: WebhookEndpoint.State = try row.word("state", in: "endpoint")
            guard state != .disabled else { throw Self.disabled(id) }
            guard state == .enabled else { return try take(db, id, workspace) }
            try Self.set(db, id, .paused, at: store.now)
            try store.append(db, "webhook.paused", workspace: workspace, subject: id, data: Self.told(row["url"]))
            return try take(db, id, workspace)
        }
    }

    func resume(_ id: String, workspace: String) async throws -> WebhookEndpoint {
        try await store.write { [self] db in
            let row = try Self.row(db, id, workspace)
            let state: WebhookEndpoint.State = try row.word("state", in: "endpoint")
            db.afterCommit { [runners] in runners.release(id) }
            guard state != .enabled else { return try take(db, id, workspace) }
            try Self.set(db, id, .enabled, at: store.now)
            try store.append(db, "webhook.resumed", workspace: workspace, subject: id, data: Self.told(row["url"]))
            return try take(db, id, workspace)
        }
    }

    func rotate(_ params: RotateEndpointSecret.Params, workspace: String) async throws -> NewEndpoint {
        let (now, secret) = (store.now, EndpointSecret.make())
        let until = now + (params.overlap ?? .days(1))
        return try await store.write { [self] db in
            let row = try Self.row(db, params.id, workspace)
            // Whoever lost the answer asks again: what signed before that signs as long as it would have.
            try db.execute(
                sql: "UPDATE endpointSecret SET until = ? WHERE endpoint = ? AND (until IS NULL OR until > ?)",
                arguments: [until, params.id, until])
            try db.execute(
                sql: """
                    DELETE FROM endpointSecret WHERE endpoint = ?1 AND (until <= ?2 OR n NOT IN
                      (SELECT n FROM endpointSecret WHERE endpoint = ?1 ORDER BY n DESC LIMIT ?3))
                    """,
                arguments: [params.id, now, Self.formerSecrets])
            try Self.insert(db, secret, of: params.id)
            try db.execute(sql: "UPDATE endpoint SET rotatedAt = ?, updatedAt = ? WHERE id = ?", arguments: [now, now, params.id])
            try store.append(db, "webhook.rotated", workspace: workspace, subject: params.id, data: Self.told(row["url"]))
            return NewEndpoint(endpoint: try take(db, params.id, workspace), secret: secret.text)
        }
    }

    /// Stops an endpoint for good reason, in the caller's transaction; what waits stays.
    func disable(_ db: Database, _ row: Row, because reason: String) throws {
        let (id, workspace): (String, String) = (row["id"], row["workspace"])
        try db.execute(
            sql: "UPDATE endpoint SET state = ?, reason = ?, updatedAt = ? WHERE id = ?",
            arguments: [WebhookEndpoint.State.disabled.rawValue, reason, store.now, id])
        var data = Self.members(row["url"])
        data["reason"] = .string(reason)
        try store.append(db, "webhook.disabled", workspace: workspace, subject: id, data: .object(data))
        _ = try take(db, id, workspace)
    }
}
