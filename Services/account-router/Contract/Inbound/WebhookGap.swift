package import RPCContract
package import Vocabulary

/// A time in which deliveries of Meta's may not have reached us; they come again later, some of them hours later.
package struct WebhookGap: Described, Equatable {
    /// Why deliveries may be missing.
    package enum Reason: String, Codable, Sendable, CaseIterable {
        /// Deliveries were answered 503, or became dead letters.
        case refused
        /// The gateway was not running.
        case down
        /// Nothing came for long: the way to us may have been cut.
        case silent
    }

    package var startAt: Timestamp
    package var endAt: Timestamp
    package var reason: Reason

    package static let fields: Fields = [
        "startAt": "When the last delivery before it was taken, or the first was refused.",
        "endAt": "When deliveries were taken again.",
        "reason": "Why deliveries may be missing.",
    ]

    package init(startAt: Timestamp, endAt: Timestamp, reason: Reason) {
        self.startAt = startAt
        self.endAt = endAt
        self.reason = reason
    }
}
