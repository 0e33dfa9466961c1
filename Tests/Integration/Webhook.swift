import Crypto
import Foundation
import HTTPClient
import RPCContract
import SandboxCore
import Support
import Vocabulary

/// Posts webhooks as Meta does.
struct Webhook: Sendable {
    let url: String
    let secret: String
    private let http = HTTPClient(connectionsPerHost: 16)

    init(_ fixture: LindaFixture) throws {
        url = fixture.webhook
        secret = try fixture.credential("meta-app-secret")
    }

    init(url: String, secret: String) {
        self.url = url
        self.secret = secret
    }

    @discardableResult
    func post(_ body: String, signature: String? = nil) async throws -> Int { try await post(Data(body.utf8), signature: signature) }

    func post(_ body: Data, signature: String? = nil) async throws -> Int {
        let own = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8))).map {
            String(format: "%02x", $0)
        }.joined()
        let headers = ["Content-Type: application/json", "X-Hub-Signature-256: \(signature ?? "sha256=\(own)")"]
        return try await http.perform(HTTPRequest(.post, url, headers: headers, body: .bytes(body))).status
    }

    func get(_ query: String) async throws -> HTTPResponse { try await http.perform(HTTPRequest(.get, "\(url)?\(query)")) }

    /// An id as the sandbox makes them, so that it takes an answer to the message; the same word gives the same id.
    static func wamid(_ word: String, from: String = "919876543210") -> String {
        WAMIDs.make(contact: from, .toBusiness, number: FNV1a.hash(word)).rawValue
    }

    /// A text message as Meta delivers it.
    static func text(_ text: String, id word: String, from: String = "919876543210", number: String = "106540352242922") -> String {
        let id = wamid(word, from: from)
        return
            #"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"918047181000","phone_number_id":"\#(number)"},"contacts":[{"profile":{"name":"Asha Rao"},"wa_id":"\#(from)"}],"messages":[{"from":"\#(from)","id":"\#(id)","timestamp":"\#(Int(Date().timeIntervalSince1970))","type":"text","text":{"body":"\#(text)"}}]}}]}]}"#
    }
}
