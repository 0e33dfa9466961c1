package import AccountContract

extension Consent.State {
    /// What a person has again who takes a stop or a pause back.
    ///
    /// - Parameter prior: what stood before it. Who had agreed to nothing has agreed to nothing now, and what they
    ///   stopped in WhatsApp itself stays stopped.
    static func returned(_ prior: Consent.State?) -> Consent.State {
        switch prior {
        case .granted: .granted
        case .marketingStopped: .marketingStopped
        case .resumed, .stopped, .paused, nil: .resumed
        }
    }

    /// What it makes of a consent that a person wants marketing again in WhatsApp itself; nil where it changes nothing.
    ///
    /// It takes back what they stopped there and nothing else: no STOP and no pause, and it is no agreement with its proof.
    package static func wantedAgain(after state: Consent.State?, prior: Consent.State?) -> Consent.State? {
        switch state {
        case .marketingStopped: returned(prior)
        case nil: .resumed
        case .granted, .resumed, .stopped, .paused: nil
        }
    }
}
