package import RPCContract

/// One event of Meta's webhooks beside messages and statuses, which have types of their own; each kind has its own file.
///
/// Unknown fields and members are never refused: `unknown` keeps what nothing here knows, and who needs more than a
/// value tells has the raw event beside it. Source: Meta, webhooks reference.
package enum MetaEvent: Sendable, Equatable {
    case template(TemplateEvent)
    case account(AccountEvent)
    case call(CallEvent)
    case history(HistoryChunk)
    case echo(MessageEcho)
    case userIDs([UserIDChange])
    case unknown(field: String, JSONValue)

    /// Reads the value of a webhook field other than `messages`.
    package init(field: String, value: JSONValue) {
        if let event = TemplateEvent(field: field, value: value) {
            self = .template(event)
        } else if let event = AccountEvent(field: field, value: value) {
            self = .account(event)
        } else if field == CallEvent.field, let event = CallEvent(value) {
            self = .call(event)
        } else if field == HistoryChunk.field, let event = HistoryChunk(value) {
            self = .history(event)
        } else if MessageEcho.fields.contains(field), let event = MessageEcho(value) {
            self = .echo(event)
        } else if field == UserIDChange.field, let changes = UserIDChange.all(value) {
            self = .userIDs(changes)
        } else {
            self = .unknown(field: field, value)
        }
    }
}
