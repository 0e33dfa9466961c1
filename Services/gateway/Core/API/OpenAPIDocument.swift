import Foundation
import GatewayContract
import RPCContract
import Synchronization

/// The document under `/openapi.json`: every route with its params, its answer and its faults, built from the contracts.
///
/// Source: OpenAPI 3.1, whose schemas are JSON Schema, draft 2020-12.
final class OpenAPIDocument: Sendable {
    private let table: RouteTable
    private let version: String
    private let made = Mutex<Data?>(nil)

    init(_ table: RouteTable, version: String) {
        self.table = table
        self.version = version
    }

    /// Made when it is first asked for.
    func text() throws -> Data {
        try made.withLock { known in
            if let known { return known }
            let text = JSON.encode(try Self.json(table, version: version), sorted: true)
            known = text
            return text
        }
    }

    static func json(_ table: RouteTable, version: String) throws -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for entry in table.entries {
            paths[entry.route.path, default: [:]][entry.route.verb.rawValue.lowercased()] = try operation(entry)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Linda", "version": .string(version),
                "description":
                    "Every method of Linda's processes over HTTP. Show a key, or the token of a session, as a bearer token; one of the whole host names the workspace in the header Linda-Workspace.",
            ],
            "paths": .object(paths.mapValues { .object($0) }),
            "security": [["key": []], ["cookie": []], ["cookieOverTLS": []]],
            "components": [
                "securitySchemes": [
                    "key": ["type": "http", "scheme": "bearer"], "cookie": cookie(isSecure: false), "cookieOverTLS": cookie(isSecure: true),
                ],
                "schemas": ["Problem": problem],
            ],
        ]
    }

    private static func operation(_ entry: RouteTable.Entry) throws -> JSONValue {
        let schema = try entry.schema()
        let captures = Set(entry.route.captures)
        let hasBody = [.post, .put, .patch].contains(entry.route.verb)
        let others = schema.members.filter { !captures.contains($0.name) }
        var parameters = schema.members.filter { captures.contains($0.name) }.map { parameter($0, in: "path") }
        if !hasBody { parameters += others.flatMap { query($0, prefix: "") } }
        let isKeyed = others.contains { $0.name == "requestKey" }
        if isKeyed { parameters.append(idempotencyKey) }
        if entry.route.verb != .get { parameters.append(requestedWith) }
        var operation: [String: JSONValue] = [
            "operationId": .string(entry.method.name), "summary": .string(entry.method.summary),
            "tags": [.string(entry.process)], "parameters": .array(parameters),
            "x-role": entry.route.opensSession ? "anybody" : .string(entry.route.least.rawValue),
            "x-ingest": .bool(entry.route.isForIngest),
            "x-host": .bool(entry.route.isOfHost),
            "responses": .object(responses(entry, try reply(of: entry.method))),
        ]
        if entry.route.isOfSelf { operation["x-self"] = true }
        if entry.route.givesWithoutEnd { operation["x-withoutEnd"] = true }
        if entry.route.opensSession { operation["security"] = [] }
        if hasBody, !others.isEmpty {
            // The key may stand in the header instead.
            let members = others.map { member in
                var member = member
                if member.name == "requestKey" { member.isRequired = false }
                return member
            }
            operation["requestBody"] = [
                "required": .bool(members.contains { $0.isRequired }),
                "content": ["application/json": ["schema": Schema(.object(members)).json(isClosed: true)]],
            ]
        }
        return .object(operation)
    }

    private static func reply<M: RPCMethod>(of method: M.Type) throws -> JSONValue { try Schema.reply(of: M.self).json(isClosed: false) }

    private static func parameter(_ member: Schema.Member, in place: String) -> JSONValue {
        var schema = member.json(isClosed: true).object ?? [:]
        schema["description"] = nil
        return [
            "name": .string(member.name), "in": .string(place), "required": .bool(place == "path" || member.isRequired),
            "description": .string(member.meaning), "schema": .object(schema),
        ]
    }

    /// A member of an object in the query is written `filter.lane`.
    private static func query(_ member: Schema.Member, prefix: String) -> [JSONValue] {
        var member = member
        if case .object(let inner) = member.schema.kind {
            return inner.flatMap { query($0, prefix: "\(prefix)\(member.name).") }
        }
        member.name = prefix + member.name
        member.isRequired = member.isRequired && prefix.isEmpty
        return [parameter(member, in: "query")]
    }

    private static func responses(_ entry: RouteTable.Entry, _ reply: JSONValue) -> [String: JSONValue] {
        var content: [String: JSONValue] = ["application/json": ["schema": reply]]
        if entry.route.streams { content["text/event-stream"] = ["schema": ["type": "string"]] }
        var responses: [String: JSONValue] = ["200": ["description": "The answer.", "content": .object(content)]]
        if entry.route.streams {
            responses["101"] = ["description": "Where the request wishes for a WebSocket: each message is one event, as a JSON object."]
        }
        // Whoever logs in shows no key, and what a key may not is said of none.
        let ofAsker = entry.route.opensSession ? [.requestForeign] : FaultCode.ofKeys
        for (status, codes) in Dictionary(grouping: entry.method.faults + FaultCode.transport + ofAsker, by: \.http) {
            let meanings = codes.map { "\($0.reason): \($0.meaning)" }.sorted().joined(separator: " ")
            responses["\(status)"] = [
                "description": .string(meanings),
                "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
            ]
        }
        return responses
    }

    private static func cookie(isSecure: Bool) -> JSONValue {
        [
            "type": "apiKey", "in": "cookie", "name": .string(SessionCookie.name(isSecure: isSecure)),
            "description": .string(
                "A session as a browser shows it\(isSecure ? " over TLS" : ""); `asCookie` of session.create asks for it."),
        ]
    }

    private static let requestedWith: JSONValue = [
        "name": .string(SameSite.header), "in": "header", "required": false,
        "description": "Any text. It is required of whoever shows a session as a cookie, or asks for one.",
        "schema": ["type": "string"],
    ]

    private static let idempotencyKey: JSONValue = [
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "The same as the member requestKey: the same key has its effect once. One of the two is required.",
        "schema": ["type": "string", "minLength": 1, "maxLength": 256],
    ]

    /// Source: RFC 9457.
    private static let problem: JSONValue = [
        "type": "object", "required": ["type", "title", "status", "detail", "code", "reason", "retry"],
        "properties": [
            "type": ["type": "string", "description": "The reason as a name that is the same everywhere."],
            "title": ["type": "string", "description": "What the reason means, the same each time."],
            "status": ["type": "integer", "description": "The HTTP status."],
            "detail": ["type": "string", "description": "What was wrong, where, and what to do."],
            "code": ["type": "integer", "description": "The reason's number, which never changes."],
            "reason": ["type": "string", "description": "The reason's name, for programs."],
            "path": ["type": "string", "description": "The member that is wrong."],
            "retry": ["type": "string", "enum": ["never", "now", "after"], "description": "Whether the same request may succeed later."],
            "retryAfterMs": ["type": "integer", "description": "After how long it may, in milliseconds."],
            "upstream": ["type": "object", "description": "What Meta or Google said."],
        ],
    ]
}
