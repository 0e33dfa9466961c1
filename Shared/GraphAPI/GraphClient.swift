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
        /// Whether Meta keeps it back for quality assessment: released within the hour, or dropped.
        package var isHeld: Bool { status == "held_for_quality_assessment" }
        /// The person's number on WhatsApp, which may differ from the one that was written to; and their BSUID.
        package var contact: ContactID?
        package var userID: ContactID?
    }

    private let http: HTTPClient
    private let baseURL: String
    private let token: @Sendable () -> String
    private let timeout: Duration
    private let usage: @Sendable (GraphUsage) -> Void

    /// - Parameters:
    ///   - host: such as `https://graph.facebook.com`.
    ///   - version: such as `v24.0`.
    ///   - usage: told what Meta says of the allowance of calls, after each answer that says it.
    package init(
        http: HTTPClient,
        host: String,
        version: String,
        timeout: Duration = .seconds(30),
        token: @escaping @Sendable () -> String,
        usage: @escaping @Sendable (GraphUsage) -> Void = { _ in }
    ) {
        self.http = http
        baseURL = "\(host)/\(version)"
        self.timeout = timeout
        self.token = token
        self.usage = usage
    }

    /// `POST /{phone-number-id}/messages`, or `…/marketing_messages`.
    package func send(_ message: OutboundMessage, from number: PhoneNumberID) async throws(Failure) -> Accepted {
        let answer = try await call(.post, "/\(number.rawValue)/\(message.edge)", message.body)
        guard let first = answer["messages"]?[0], let id = first["id"]?.string else {
            throw .refused(GraphError(code: nil, status: 502, details: "the answer names no message"))
        }
        let contact = answer["contacts"]?[0]
        return Accepted(
            wamid: WAMID(id), status: first["message_status"]?.string, contact: Self.name(contact?["wa_id"]),
            userID: Self.name(contact?["user_id"]))
    }

    private static func name(_ value: JSONValue?) -> ContactID? {
        guard let text = value?.string, (1...256).contains(text.utf8.count) else { return nil }
        return ContactID(text)
    }

    /// Marks a customer's message, and those before it, as read; with `typing` the customer sees that an answer is coming.
    package func markRead(_ message: WAMID, typing: Bool, on number: PhoneNumberID) async throws(Failure) {
        var body: [String: JSONValue] = ["messaging_product": "whatsapp", "status": "read", "message_id": .string(message.rawValue)]
        if typing { body["typing_indicator"] = ["type": "text"] }
        _ = try await post("/\(number.rawValue)/messages", .object(body))
    }

    /// `GET /{phone-number-id}`: what Meta knows of a number.
    package func number(_ id: PhoneNumberID) async throws(Failure) -> JSONValue {
        let fields =
            "id,display_phone_number,verified_name,quality_rating,throughput,status,platform_type,code_verification_status,name_status,whatsapp_business_manager_messaging_limit"
        return try await call(.get, "/\(id.rawValue)?fields=\(fields)", nil)
    }

    /// The ids of an account's numbers, the first 200; nil where there are more.
    package func numbers(of waba: WABAID) async throws(Failure) -> Set<String>? {
        let answer = try await call(.get, "/\(waba.rawValue)/phone_numbers?fields=id&limit=200", nil)
        guard let list = answer["data"]?.array, answer["paging"]?["next"]?.string == nil else { return nil }
        return Set(list.compactMap { $0["id"]?.text })
    }

    /// Has a code sent to the number itself.
    ///
    /// - Parameters:
    ///   - method: `SMS` or `VOICE`.
    package func requestCode(_ number: PhoneNumberID, method: String, language: String) async throws(Failure) {
        _ = try await post("/\(number.rawValue)/request_code", ["code_method": .string(method), "language": .string(language)])
    }

    /// Gives Meta the code that came to the number; refused where it is wrong or too old.
    package func verifyCode(_ number: PhoneNumberID, code: String) async throws(Failure) {
        _ = try await post("/\(number.rawValue)/verify_code", ["code": .string(code)])
    }

    /// Connects a verified number to the Cloud API; the PIN is its two-step verification from then on.
    package func register(_ number: PhoneNumberID, pin: String) async throws(Failure) {
        _ = try await post("/\(number.rawValue)/register", ["messaging_product": "whatsapp", "pin": .string(pin)])
    }

    /// Takes a number off the Cloud API; it can be registered again.
    package func deregister(_ number: PhoneNumberID) async throws(Failure) {
        _ = try await call(.post, "/\(number.rawValue)/deregister", nil)
    }

    /// `POST /{waba-id}/message_templates`: submits a template for review.
    package func createTemplate(_ template: JSONValue, in waba: WABAID) async throws(Failure) -> JSONValue {
        try await post("/\(waba.rawValue)/message_templates", template)
    }

    /// What Meta has under a template's name and language; nil where it has nothing.
    ///
    /// Source: Meta, `GET /{waba-id}/message_templates`. The name only narrows the list: a template whose name is like it may come, too.
    package func template(_ name: String, _ language: String, in waba: WABAID) async throws(Failure) -> JSONValue? {
        let question = "/\(waba.rawValue)/message_templates?name=\(name)&fields=id,name,language,status,category,rejected_reason,components"
        var cursor = ""
        // A name has some translations; no list of them is as long as this.
        for _ in 0..<100 {
            let answer = try await call(.get, "\(question)&limit=100\(cursor)", nil)
            guard let list = answer["data"]?.array else {
                throw .refused(GraphError(code: nil, status: 502, details: "the answer lists no templates"))
            }
            let found = list.first { $0["name"]?.string == name && $0["language"]?.string?.replacing("-", with: "_") == language }
            if let found { return found }
            guard answer["paging"]?["next"]?.string != nil, let after = answer["paging"]?["cursors"]?["after"]?.string,
                let next = after.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
            else { return nil }
            cursor = "&after=\(next)"
        }
        return nil
    }

    private func post(_ path: String, _ body: JSONValue) async throws(Failure) -> JSONValue {
        try await call(.post, path, JSON.encode(body))
    }

    private func call(_ method: HTTPRequest.Method, _ path: String, _ body: Data?) async throws(Failure) -> JSONValue {
        var headers = ["Authorization: Bearer \(token())", "Accept: application/json"]
        var bytes = HTTPRequest.Body.none
        if let body {
            headers.append("Content-Type: application/json")
            bytes = .bytes(body)
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
        for use in GraphUsage.read(response.headers) { usage(use) }
        let answer: JSONValue
        do { answer = try JSON.decode(foreign: response.body) } catch {
            throw .refused(GraphError(code: nil, status: response.status, details: "the answer is \(error)", isJSON: false))
        }
        guard (200...299).contains(response.status), answer["error"] == nil else {
            throw .refused(Self.error(response.status, answer))
        }
        return answer
    }

    private static func error(_ status: Int, _ answer: JSONValue) -> GraphError {
        let error = answer["error"]
        // Meta's `error_data` is an object with details, or a plain string.
        let details = error?["error_data"]?["details"]?.string ?? error?["error_data"]?.string ?? error?["message"]?.string
        return GraphError(
            code: error?["code"]?.integer.flatMap { Int(exactly: $0) },
            subcode: error?["error_subcode"]?.integer.flatMap { Int(exactly: $0) },
            status: status,
            details: details ?? GraphError.unexplained,
            message: error?["message"]?.string,
            fbtraceID: error?["fbtrace_id"]?.string,
            isTransient: error?["is_transient"]?.bool ?? false
        )
    }
}
