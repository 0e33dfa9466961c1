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
