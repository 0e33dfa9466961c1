package import RPCContract
package import Vocabulary

/// One event of Meta's webhooks, read once; each kind has its own file.
///
/// Unknown fields and members are never refused: `unknown` keeps what nothing here knows, and who needs more than a
/// value tells has the raw event beside it. Source: Meta, webhooks reference.
package enum MetaEvent: Sendable, Equatable {
    case message(CustomerMessage)
    case status(MessageStatus)
    case template(TemplateEvent)
    case account(AccountEvent)
    case preferences(PreferenceEvent)
    case flow(FlowEvent)
    case group(GroupEvent)
    case call(CallEvent)
    case history(HistoryChunk)
    case appContacts(AppContactChange.Changes)
    case echo(MessageEcho)
    case userIDs([UserIDChange])
    case unknown(field: String, JSONValue)

    /// Reads the value of a webhook field other than `messages`.
    package init(field: String, value: JSONValue) {
        self = Self.readers.lazy.compactMap { read in read(field, value) }.first ?? .unknown(field: field, value)
    }

    /// The kinds that have fields of their own; each says nil of another's field, and of a value that it cannot read.
    private static let readers: [@Sendable (String, JSONValue) -> MetaEvent?] = [
        { TemplateEvent(field: $0, value: $1).map { .template($0) } },
        { AccountEvent(field: $0, value: $1).map { .account($0) } },
        { PreferenceEvent(field: $0, value: $1).map { .preferences($0) } },
        { FlowEvent(field: $0, value: $1).map { .flow($0) } },
        { GroupEvent(field: $0, value: $1).map { .group($0) } },
        { CallEvent(field: $0, value: $1).map { .call($0) } },
        { HistoryChunk(field: $0, value: $1).map { .history($0) } },
        { AppContactChange.all(field: $0, value: $1).map { .appContacts($0) } },
        { MessageEcho(field: $0, value: $1).map { .echo($0) } },
        { UserIDChange.all(field: $0, value: $1).map { .userIDs($0) } },
    ]

    /// Reads a message object of the field `messages`.
    ///
    /// - Parameters:
    ///   - number: of the metadata beside it.
    ///   - contact: who wrote, as message and contacts tell.
    ///   - userIDs: their BSUIDs, as message and contacts tell.
    package static func message(_ raw: JSONValue, number: String?, contact: String?, userIDs: [ContactID]) throws(UnreadableEvent)
        -> MetaEvent
    {
        .message(try CustomerMessage(raw, number: number, contact: contact, userIDs: userIDs))
    }

    /// Reads a status object of the field `messages`.
    ///
    /// - Parameters:
    ///   - number: of the metadata beside it.
    ///   - contact: whom it is about, as the contacts beside it tell.
    ///   - userIDs: their BSUIDs, as the contacts beside it tell.
    ///   - receivedAt: when it reached us, for where Meta names no moment that a calendar has.
    package static func status(
        _ raw: JSONValue, number: String?, contact: String? = nil, userIDs: [ContactID] = [], receivedAt: Timestamp
    ) throws(UnreadableEvent) -> MetaEvent {
        guard let status = MessageStatus(raw, number: number, contact: contact, userIDs: userIDs, receivedAt: receivedAt) else {
            throw UnreadableEvent(reason: "The status has no id or no word as Meta writes them.")
        }
        return .status(status)
    }
}
