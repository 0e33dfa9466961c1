package import RPCContract

/// A button, a list's row or a Flow that a customer has answered with.
package struct ReceivedReply: Described, Equatable {
    /// What was tapped or filled in; the first is a template's.
    package enum Kind: String, Codable, Sendable, CaseIterable { case quickReply, button, listRow, flow }

    package var kind: Kind
    package var id: String
    package var title: String?
    package var response: String?

    package static let fields: Fields = [
        "kind": "What was tapped or filled in; `quickReply` is a template's button.",
        "id": .text(
            "What the business called it: the payload of a quick reply, the id of a button or a row, the name of a Flow.", 0...1024),
        "title": .text("What the customer saw and tapped. It is absent for a Flow.", 0...65_536),
        "response": .text("What was filled in, as JSON; given with a Flow.", 0...65_536),
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
        } else if let reply = value.said("nfm_reply"), let response = reply["response_json"]?.string {
            self.init(.flow, id: reply["name"]?.string ?? "flow", response: response)
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
