import IntelligenceContract

/// One way to understand a message and act on it; a new one is one file and a line in `IntentHandlers`.
protocol IntentHandler: Sendable {
    /// snake_case, for programs and metrics.
    var name: String { get }
    /// It acts only at this confidence or above.
    var threshold: Double { get }
    var summary: String { get }

    /// How sure it is that the message is meant for it, 0 to 1.
    func confidence(_ utterance: Utterance) -> Double
    /// What to do about it.
    func actions(_ utterance: Utterance, _ customer: Customer) -> [Action]
}

/// Who wrote, and to whom.
struct Customer: Sendable {
    var firstName: String?
    var accountName: String
}

/// What a handler wants done; all of it is written in one transaction with the message.
enum Action: Sendable, Equatable {
    case reply(String)
    /// `{{order}}` in a reply that follows is the order's number.
    case createOrder([AnalyzeText.Line])

    var isOrder: Bool { if case .createOrder = self { true } else { false } }
}
