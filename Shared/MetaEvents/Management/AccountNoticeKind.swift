import RPCContract

/// A kind of event that tells something and changes nothing here.
protocol AccountNoticeKind: AccountEventKind {
    static func notice(_ kind: AccountEvent.Kind, _ value: JSONValue) -> AccountNotice
}

extension AccountNoticeKind {
    static func read(_ value: JSONValue, into event: inout AccountEvent) { tell(value, in: &event) }

    static func tell(_ value: JSONValue, in event: inout AccountEvent) {
        event.displayPhoneNumber = value.displayPhoneNumber
        event.notice = notice(event.kind, value)
    }
}
