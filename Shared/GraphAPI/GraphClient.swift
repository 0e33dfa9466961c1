import Foundation
package import HTTPClient
package import RPCContract
package import Vocabulary

/// Meta's Graph API: requests with the token in the header, errors typed.
package struct GraphClient: Sendable {
    /// Why there is no success.
    package enum Failure: Error, Sendable {
        case refused(GraphError)
        /// No answer came; whether Meta has acted is known only if nothing was sent.
        case noAnswer(HTTPFailure)
    }

    /// What Meta says of an accepted message.
    package struct Accepted: Sendable, Equatable {
        package var wamid: WAMID
        /// `accepted`, `held_for_quality_assessment` or `paused`, on templates.
        package var status: String?
    }

    private let http: HTTPClient
    private let baseURL: String
    private let token: @Sendable () -> String
    private let timeout: Duration

    /// - Parameters:
    ///   - baseURL: with version, such as `https://graph.facebook.com/v24.0`.
    package init(http: HTTPClient, baseURL: String, timeout: Duration = .seconds(30), token: @escaping @Sendable () -> String) {
        self.http = http
        self.baseURL = baseURL
        self.timeout = timeout
        self.token = token
    }

    /// `POST /{phone-number-id}/messages`.
    package func send(_ message: OutboundMessage, from number: PhoneNumberID) async throws(Failure) -> Accepted {
        let answer = try await call(.post, "/\(number.rawValue)/messages", message.body)
        guard let first = answer["messages"]?[0], let id = first["id"]?.string else {
            throw .refused(GraphError(code: nil, status: 502, details: "the answer names no message"))
        }
        return Accepted(wamid: WAMID(id), status: first["message_status"]?.string)
    }

    /// `GET /{phone-number-id}`: what Meta knows of a number.
    package func number(_ id: PhoneNumberID) async throws(Failure) -> JSONValue {
        try await call(.get, "/\(id.rawValue)?fields=id,display_phone_number,verified_name,quality_rating,throughput,status", nil)
    }

    /// `POST /{waba-id}/message_templates`: submits a template for review.
    package func createTemplate(_ template: JSONValue, in waba: WABAID) async throws(Failure) -> JSONValue {
        try await call(.post, "/\(waba.rawValue)/message_templates", template)
    }

    private func call(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue?) async throws(Failure) -> JSONValue {
        var headers = ["Authorization: Bearer \(token())", "Accept: application/json"]
        var bytes = HTTPRequest.Body.none
        if let body {
            headers.append("Content-Type: application/json")
            bytes = .bytes(JSON.encode(body))
        }
        let response: HTTPResponse
        do {
            response = try await http.perform(HTTPRequest(method, baseURL + path, headers: headers, body: bytes, timeout: timeout))
        } catch let failure as HTTPFailure {
            throw .noAnswer(failure)
        } catch {
            // Cancelled half-way: it may have been sent.
            throw .noAnswer(HTTPFailure(mayHaveBeenSent: true, "the request was abandoned"))
        }
        let answer = try? JSON.decode(JSONValue.self, from: response.body)
        guard (200...299).contains(response.status), let answer, answer["error"] == nil else {
            throw .refused(Self.error(response.status, answer))
        }
        return answer
    }

    private static func error(_ status: Int, _ answer: JSONValue?) -> GraphError {
        let error = answer?["error"]
        // Meta's `error_data` is an object with details, or a plain string.
        let details = error?["error_data"]?["details"]?.string ?? error?["error_data"]?.string ?? error?["message"]?.string
        return GraphError(
            code: error?["code"]?.integer.map(Int.init),
            status: status,
            details: details ?? "no explanation was given",
            fbtraceID: error?["fbtrace_id"]?.string,
            isTransient: error?["is_transient"]?.bool ?? false
        )
    }
}
