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

/// The handlers in the order in which they win where two are equally sure.
struct IntentHandlers: Sendable {
    static let standard = IntentHandlers(handlers: [OrderRequestHandler(), HelpHandler(), GreetingHandler()])

    let handlers: [any IntentHandler]

    /// Every intent with its confidence, the likeliest first.
    func rank(_ utterance: Utterance) -> [(handler: any IntentHandler, confidence: Double)] {
        handlers.map { ($0, $0.confidence(utterance)) }.enumerated()
            .sorted { ($0.element.1, -$0.offset) > ($1.element.1, -$1.offset) }
            .map { (handler: $0.element.0, confidence: $0.element.1) }
    }

    /// The handler that acts, if any is sure enough.
    func choose(_ utterance: Utterance) -> (handler: any IntentHandler, confidence: Double)? {
        rank(utterance).first { $0.confidence >= $0.handler.threshold }
    }
}
