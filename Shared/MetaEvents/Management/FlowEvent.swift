package import RPCContract

/// Something about a Flow: its state, or how its endpoint does.
///
/// Source: Meta, webhook flows.
package struct FlowEvent: Sendable, Equatable {
    package static let field = "flows"

    /// Meta's words for what has happened.
    package enum Word: String, Sendable, CaseIterable {
        case statusChange = "FLOW_STATUS_CHANGE"
        case clientErrorRate = "CLIENT_ERROR_RATE"
        case endpointErrorRate = "ENDPOINT_ERROR_RATE"
        case endpointLatency = "ENDPOINT_LATENCY"
        case endpointAvailability = "ENDPOINT_AVAILABILITY"
        case versionExpiryWarning = "FLOW_VERSION_EXPIRY_WARNING"
    }

    /// Meta's words for where a Flow stands.
    package enum Status: String, Sendable, CaseIterable {
        case draft = "DRAFT"
        case published = "PUBLISHED"
        case deprecated = "DEPRECATED"
        case blocked = "BLOCKED"
        case throttled = "THROTTLED"
    }

    package var event: MetaWord<Word>?
    /// Meta's id of the Flow.
    package var flow: String?
    package var before: MetaWord<Status>?
    package var after: MetaWord<Status>?
    /// What Meta says of it in words.
    package var message: String?
    /// Its figures, name by name, for people: how often its endpoint fails, how long it takes, and what Meta alerts at.
    package var figures: String?
    package var displayPhoneNumber: String?

    package init?(field: String, value: JSONValue) {
        guard field == Self.field else { return nil }
        event = value.word("event").map { MetaWord($0) }
        flow = value.word("flow_id")
        before = value.word("old_status").map { MetaWord($0) }
        after = value.word("new_status").map { MetaWord($0) }
        message = value.word("message")
        figures = value.told(omitting: ["flow_id", "old_status", "new_status", "message"])
        displayPhoneNumber = value.displayPhoneNumber
    }

    /// What account-router keeps of it.
    package var notice: AccountEvent {
        let step = [before?.text, after?.text].compactMap(\.self).joined(separator: " → ")
        return AccountEvent(
            .flow, displayPhoneNumber: displayPhoneNumber,
            notice: AccountNotice(.flow, word: event?.text, [flow.map { "the Flow \($0)" }, step.isEmpty ? nil : step, message, figures]))
    }
}
