package import RPCContract
package import Vocabulary

/// A button, a list's row, a Flow or a permission to call that a customer has answered with.
package struct ReceivedReply: Described, Equatable {
    /// What was tapped or filled in; the first is a template's.
    package enum Kind: String, Codable, Sendable, CaseIterable { case quickReply, button, listRow, flow, callPermission }

    package var kind: Kind
    package var id: String
    package var title: String?
    package var response: String?
    package var description: String?
    package var body: String?
    package var isPermanent: Bool?
    package var expiresAt: Timestamp?
    package var source: String?

    package static let fields: Fields = [
        "kind": "What was tapped or filled in; `quickReply` is a template's button, `callPermission` the answer to whether we may call.",
        "id": .text(
            "What the business called it: the payload of a quick reply, the id of a button or a row, the name of a Flow. For a permission to call Meta's word: `accept` or `reject`.",
            0...1024),
        "title": .text("What the customer saw and tapped. It is absent for a Flow and a permission to call.", 0...65_536),
        "response": .text("What was filled in, as JSON; given with a Flow.", 0...65_536),
        "description": .text("What stood below the title of a list's row. Absent if nothing did.", 0...1024),
        "body": .text("What the chat shows of a Flow that was filled in. Absent if Meta does not say.", 0...65_536),
        "isPermanent": "Whether the permission to call holds until it is taken back. Absent for anything else.",
        "expiresAt": "When the permission to call ends. Absent if it does not, and for anything else.",
        "source": .text("Meta's word for how the permission came about, such as `user_action`. Absent for anything else.", 0...64),
    ]

    package init(_ kind: Kind, id: String, title: String? = nil, response: String? = nil) {
        self.kind = kind
        self.id = id.cut(to: 1024)
        self.title = title?.cut(to: 65_536)
        self.response = response?.cut(to: 65_536)
    }

    init?(_ type: String, _ value: JSONValue) {
        if type == "button", let text = value["text"]?.string {
            self.init(.quickReply, id: value["payload"]?.string ?? text, title: text)
        } else if let reply = value.said("button_reply") {
            self.init(.button, id: reply["id"]?.string ?? "", title: reply["title"]?.string)
        } else if let reply = value.said("list_reply") {
            self.init(.listRow, id: reply["id"]?.string ?? "", title: reply["title"]?.string)
            description = reply["description"]?.string?.cut(to: 1024)
        } else if let reply = value.said("nfm_reply") {
            self.init(.flow, id: reply["name"]?.string ?? "flow", response: reply["response_json"]?.string)
            body = reply["body"]?.string?.cut(to: 65_536)
        } else if let reply = value.said("call_permission_reply"), let answer = reply["response"]?.string {
            self.init(.callPermission, id: answer)
            isPermanent = reply["is_permanent"]?.bool
            expiresAt = .meta(reply["expiration_timestamp"])
            source = reply["response_source"]?.string?.cut(to: 64)
        } else {
            return nil
        }
    }
}

extension ReceivedReply: ReceivedPart {
    static let types: Set<MessageKind> = [.button, .interactive]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        Self(type.rawValue, value).map { .reply($0) }
    }
}
