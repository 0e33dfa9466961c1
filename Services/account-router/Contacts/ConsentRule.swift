import AccountContract
package import RPCContract

/// Decides which messages a person may get; asked again right before each sending.
///
/// A business must have the person's agreement before it writes (Meta, messaging policy). Free-form messages
/// answer what a customer wrote within 24 hours, and authentication codes are asked for by the person.
package struct ConsentRule: Sendable, Equatable {
    /// Why somebody may not be written to.
    package enum Refusal: Equatable, Sendable, CaseIterable {
        case missing, stopped, paused, marketingStopped
    }

    private let requiresGrant: Bool

    /// - Parameter requiresGrant: whether marketing needs a recorded agreement; else it needs only that nobody said stop.
    package init(requiresGrant: Bool) {
        self.requiresGrant = requiresGrant
    }

    /// Why it may not be sent, or nil.
    func refusal(of category: Message.Category, consent: Consent.State?, isWindowOpen: Bool) -> Refusal? {
        switch (category, consent) {
        case (.service, _), (.authentication, _): nil
        case (.marketing, .stopped): .stopped
        case (.marketing, .paused): .paused
        case (.marketing, .granted): nil
        case (.marketing, .marketingStopped): .marketingStopped
        case (.marketing, .resumed), (.marketing, nil): requiresGrant ? .missing : nil
        // A person who has said stop gets only answers, and what belongs to them.
        case (.utility, .stopped): isWindowOpen ? nil : .stopped
        case (.utility, _): nil
        }
    }
}

extension ConsentRule.Refusal {
    /// In plain words, after the person's name.
    package var words: String {
        switch self {
        case .missing: "has not agreed to marketing"
        case .stopped: "has said STOP"
        case .paused: "has paused messages"
        case .marketingStopped: "has stopped marketing in WhatsApp"
        }
    }

    /// For whoever asked for the message.
    package var fault: Fault {
        switch self {
        case .missing:
            Fault(
                .consentMissing, "The contact has not agreed to marketing; consent.record records an agreement with its proof.", path: "to")
        case .stopped: Fault(.consentStopped, "The contact has said STOP; only START, or a new agreement, opens it again.", path: "to")
        case .paused: Fault(.consentStopped, "The contact has paused messages until they write RESUME.", path: "to")
        case .marketingStopped:
            Fault(.consentStopped, "The contact has stopped marketing in WhatsApp; what is no marketing may still be sent.", path: "to")
        }
    }
}
