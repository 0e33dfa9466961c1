import Vocabulary

/// The one error that crosses a socket.
///
/// `message` is for people (what was wrong, where, what to do) and carries no
/// secret, message text or phone number; programs switch on `code`. It is one line,
/// and what it quotes of a caller's input steers no terminal that shows it.
package struct Fault: Error, Sendable {
    package var code: FaultCode
    package var message: String
    package var retry: Retry
    /// Where in the params, as a dotted path (`to`, `recipients[3].id`).
    package var path: String?
    /// Meta's or Google's own codes.
    package var upstream: Upstream?
    /// For the log of the process that raised it; never sent.
    package var cause: (any Error)?

    package init(
        _ code: FaultCode,
        _ message: String,
        retry: Retry = .never,
        path: String? = nil,
        upstream: Upstream? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message.plain
        self.retry = retry
        self.path = path?.plain
        self.upstream = upstream
        self.cause = cause
    }

    /// Whether the same call may succeed later, unchanged.
    package enum Retry: Sendable, Equatable {
        case never
        case now
        case after(Duration)
    }

    /// What the provider behind a process said.
    package struct Upstream: Described, Equatable {
        package var code: Int?
        package var details: String?
        package var fbtraceID: String?

        package static let fields: Fields = [
            "code": .whole("The provider's own code for the error; absent if it gave none.", -2_147_483_648...2_147_483_647),
            "details": .text("The provider's own explanation.", 0...65_536),
            "fbtraceID": .text("Meta's trace of the request, for asking Meta's support about it.", 0...256),
        ]

        package init(code: Int? = nil, details: String? = nil, fbtraceID: String? = nil) {
            self.code = code
            self.details = details
            self.fbtraceID = fbtraceID
        }
    }
}

extension Fault: CustomStringConvertible {
    package var description: String {
        "\(code.reason) (\(code.number))\(path.map { " at \($0)" } ?? ""): \(message)"
    }
}

extension Fault: Codable {
    private enum Key: String, CodingKey { case code, message, data }
    private enum DataKey: String, CodingKey { case reason, retry, retryAfterMs, path, upstream }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let number = try container.decode(Int.self, forKey: .code)
        message = try container.decode(String.self, forKey: .message).plain
        code = FaultCode(number: number, reason: "unknown", http: 500, meaning: "")
        retry = .never
        guard let data = try? container.nestedContainer(keyedBy: DataKey.self, forKey: .data) else { return }
        code.reason = try data.decodeIfPresent(String.self, forKey: .reason) ?? "unknown"
        path = try data.decodeIfPresent(String.self, forKey: .path)?.plain
        upstream = try data.decodeIfPresent(Upstream.self, forKey: .upstream)
        switch try data.decodeIfPresent(String.self, forKey: .retry) {
        case "now": retry = .now
        case "after": retry = .after(.milliseconds(try data.decodeIfPresent(Int.self, forKey: .retryAfterMs) ?? 1000))
        default: retry = .never
        }
    }

    package func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }

    /// As JSON-RPC writes it.
    package var json: JSONValue {
        var data: [String: JSONValue] = ["reason": .string(code.reason)]
        switch retry {
        case .never: data["retry"] = "never"
        case .now: data["retry"] = "now"
        case .after(let delay):
            data["retry"] = "after"
            data["retryAfterMs"] = .integer(delay.milliseconds)
        }
        if let path { data["path"] = .string(path) }
        if let upstream {
            var members: [String: JSONValue] = [:]
            if let code = upstream.code { members["code"] = .integer(Int64(code)) }
            if let details = upstream.details { members["details"] = .string(details.plain) }
            if let fbtraceID = upstream.fbtraceID { members["fbtraceID"] = .string(fbtraceID) }
            data["upstream"] = .object(members)
        }
        return ["code": .integer(Int64(code.number)), "message": .string(message), "data": .object(data)]
    }
}
