import AccountContract

/// Who may be written to what; decided anew right before each sending.
///
/// A business must have the person's agreement before it writes (Meta, messaging policy). Free-form messages
/// answer what a customer wrote within 24 hours, and authentication codes are asked for by the person.
struct ConsentRule: Sendable, Equatable {
    enum Refusal: Equatable {
        case missing, stopped, paused
    }

    /// Whether marketing needs a recorded agreement; else it needs only that nobody said stop.
    var requiresGrant: Bool

    /// Why it may not be sent, or nil.
    func refusal(of category: Message.Category, consent: Consent.State?, isWindowOpen: Bool) -> Refusal? {
        switch (category, consent) {
        case (.service, _), (.authentication, _): nil
        case (.marketing, .stopped): .stopped
        case (.marketing, .paused): .paused
        case (.marketing, .granted): nil
        case (.marketing, nil): requiresGrant ? .missing : nil
        // Who has said stop gets only answers, and what belongs to them.
        case (.utility, .stopped): isWindowOpen ? nil : .stopped
        case (.utility, _): nil
        }
    }

    /// A refusal in plain words.
    static func words(_ refusal: Refusal) -> String {
        switch refusal {
        case .missing: "has not agreed to marketing"
        case .stopped: "has said STOP"
        case .paused: "has paused messages"
        }
    }
}
