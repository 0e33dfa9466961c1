import Foundation
import GatewayContract
import RPCContract
import Vocabulary

/// An event as it is posted.
struct PostedEvent: Sendable {
    /// The same in every attempt, at every endpoint, and whichever way the event was read: receivers know by it what they have had.
    var id: String
    var type: String
    var subject: String
    var at: Timestamp
    var data: JSONValue

    init(id: String, type: String, subject: String, at: Timestamp, data: JSONValue) {
        self.id = id
        self.type = type
        self.subject = subject
        self.at = at
        self.data = data
    }

    /// The moment is part of the name: a log that was restored from a copy gives its numbers again.
    init(_ event: LiveEvent) {
        self.init(
            id: "evt_\(event.at.milliseconds)_\(event.process.rawValue)_\(event.number)", type: event.type, subject: event.subject,
            at: event.at, data: event.data)
    }

    /// What an ordered endpoint gets in order: all about one customer, or else about one subject.
    var lane: String { data["contact"]?.string ?? subject }

    /// The form of the body; it is raised with each change that a receiver could stumble over.
    static let version: Int64 = 1

    func payload(workspace: String) -> JSONValue {
        [
            "type": .string(type), "timestamp": .string(Date(at).formatted(Self.moment)), "version": .integer(Self.version),
            "workspace": .string(workspace), "subject": .string(subject), "data": data,
        ]
    }

    private static let moment = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// The headers and the body of one request.
    ///
    /// Source: Standard Webhooks, "Webhook headers".
    func request(to endpoint: PostedEndpoint, at now: Timestamp) -> (headers: [String], body: Data) {
        let body = JSON.encode(payload(workspace: endpoint.workspace), sorted: true)
        let signatures = endpoint.signings.filter { $0.until.map { now < $0 } ?? true }
            .map { $0.secret.signature(of: body, id: id, at: now) }
        let own = endpoint.headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let headers = [
            "Content-Type: application/json", "webhook-id: \(id)", "webhook-timestamp: \(now.seconds)",
            "webhook-signature: \(signatures.joined(separator: " "))",
        ]
        return (headers + own, body)
    }
}
