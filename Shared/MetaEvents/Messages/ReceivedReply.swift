import RPCContract

/// A button, a list's row or a Flow that a customer has answered with.
package struct ReceivedReply: Sendable, Equatable {
    /// What was tapped or filled in.
    package enum Kind: Sendable, Equatable {
        /// Of a template; `id` is its payload.
        case quickReply
        case button, listRow
        /// `id` is the Flow's name, the response is its JSON.
        case flow(response: String)
    }

    package var kind: Kind
    package var id: String
    /// What the customer saw; nil for a Flow.
    package var title: String?

    init?(_ type: String, _ value: JSONValue) {
        if type == "button", let text = value["text"]?.string {
            (kind, id, title) = (.quickReply, value["payload"]?.string ?? text, text)
        } else if let reply = value.said("button_reply") {
            (kind, id, title) = (.button, reply["id"]?.string ?? "", reply["title"]?.string)
        } else if let reply = value.said("list_reply") {
            (kind, id, title) = (.listRow, reply["id"]?.string ?? "", reply["title"]?.string)
        } else if let reply = value.said("nfm_reply"), let response = reply["response_json"]?.string {
            (kind, id, title) = (.flow(response: response), reply["name"]?.string ?? "flow", nil)
        } else {
            return nil
        }
    }
}
