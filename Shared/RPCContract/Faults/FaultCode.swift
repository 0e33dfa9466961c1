/// A number from the closed registry, with its stable name.
///
/// JSON-RPC's own codes, -32000… for the transport, and a block of 500 per
/// process: 1100 gateway, 2100 template-service, 3100 account-router, 4100
/// intelligence-service, 5100 sync-service, 6100 sandbox, 7100 poster. Numbers are never reused.
package struct FaultCode: Sendable, Hashable {
    package let number: Int
    /// snake_case, for programs and metrics.
    package var reason: String
    /// The status with which the gateway answers over HTTP.
    package let http: Int
    package let meaning: String

    package init(number: Int, reason: String, http: Int, meaning: String) {
        self.number = number
        self.reason = reason
        self.http = http
        self.meaning = meaning
    }

    package static func == (left: Self, right: Self) -> Bool { left.number == right.number }
    package func hash(into hasher: inout Hasher) { hasher.combine(number) }
}

extension FaultCode {
    package static let parse = Self(number: -32700, reason: "parse_error", http: 400, meaning: "The frame is not JSON.")
    package static let request = Self(number: -32600, reason: "invalid_request", http: 400, meaning: "The JSON is not a request.")
    package static let method = Self(number: -32601, reason: "method_not_found", http: 404, meaning: "No such method here.")
    package static let params = Self(number: -32602, reason: "invalid_params", http: 422, meaning: "A parameter is missing or wrong.")
    package static let `internal` = Self(number: -32603, reason: "internal_error", http: 500, meaning: "A defect; see the log.")
    package static let overloaded = Self(number: -32000, reason: "overloaded", http: 429, meaning: "A limit was hit; retry later.")
    package static let deadline = Self(number: -32001, reason: "deadline_exceeded", http: 504, meaning: "The deadline passed.")
    package static let shuttingDown = Self(number: -32002, reason: "shutting_down", http: 503, meaning: "The process is stopping.")
    package static let peer = Self(number: -32003, reason: "peer_not_allowed", http: 403, meaning: "This peer may not call it.")
    package static let frame = Self(number: -32004, reason: "frame_too_large", http: 413, meaning: "The frame is over the limit.")
    package static let unavailable = Self(number: -32005, reason: "unavailable", http: 502, meaning: "What it depends on is unavailable.")
    package static let cancelled = Self(number: -32006, reason: "cancelled", http: 499, meaning: "The caller cancelled it.")
    package static let lost = Self(
        number: -32007, reason: "receiver_lost", http: 502, meaning: "The process ended again and again while it served the call.")

    /// Raised by the transport for any method.
    package static let transport: [Self] = [
        .parse, .request, .method, .params, .internal, .overloaded, .deadline, .shuttingDown, .peer, .frame, .unavailable, .cancelled,
        .lost,
    ]
}
