/// Says what can be done here and how to ask for it.
struct HelpHandler: IntentHandler {
    let name = "help"
    let threshold = 0.6
    let summary = "Says what can be done here and how to ask for it."

    private static let words: Set<String> = ["help", "menu", "options", "commands", "madad", "मदद", "मदत", "सहायता"]
    private static let phrases = ["what can you do", "how does this work", "how do i", "can you help", "kaise karu", "कैसे करूं", "कसे करू"]

    func confidence(_ utterance: Utterance) -> Double {
        if utterance.contains(any: Self.words) { return utterance.words.count <= 6 ? 0.95 : 0.7 }
        return Self.phrases.contains { utterance.contains(phrase: $0) } ? 0.85 : 0
    }

    func actions(_ utterance: Utterance, _ customer: Customer) -> [Action] {
        switch utterance.language {
        case .english:
            [
                .reply(
                    "You can order by writing, for example, “I want 2 masala dosa and 1 coffee”. A person of \(customer.accountName) reads along."
                )
            ]
        case .hindi: [.reply("ऑर्डर के लिए लिखिए, जैसे “मुझे 2 मसाला डोसा चाहिए”। \(customer.accountName) की टीम भी यह पढ़ती है।")]
        case .marathi: [.reply("ऑर्डरसाठी लिहा, उदाहरणार्थ “मला 2 मसाला डोसा हवे”. \(customer.accountName) ची टीमही हे वाचते.")]
        }
    }
}
