package import AccountContract

/// How a message may move on: never backwards, and never out of `failed`.
///
/// One that was given up without a clear answer is unknown again before Meta's word of it counts (Outbox+Reopening).
enum MessageProgress {
    /// The state after a status, or nil where the status changes nothing.
    ///
    /// Meta: `delivered` may be skipped when a message is read at once, `failed`
    /// may follow `sent`, and statuses come out of order.
    static func next(after state: Message.State, on status: Message.State) -> Message.State? {
        switch (state, status) {
        case (.failed, _), (_, .queued), (_, .sending), (_, .unknown): nil
        case (.delivered, .failed), (.read, .failed), (.played, .failed): nil
        case (_, .failed): .failed
        default: rank(status) > rank(state) ? status : nil
        }
    }

    private static func rank(_ state: Message.State) -> Int {
        switch state {
        case .queued: 0
        case .sending, .unknown: 1
        case .held: 2
        case .accepted: 3
        case .sent: 4
        case .delivered: 5
        case .read: 6
        case .played: 7
        case .failed: 8
        }
    }
}

extension Message.State {
    /// Whether Meta is known to have taken the message.
    package var isWithMeta: Bool {
        switch self {
        case .queued, .sending, .unknown, .failed: false
        case .held, .accepted, .sent, .delivered, .read, .played: true
        }
    }
}
