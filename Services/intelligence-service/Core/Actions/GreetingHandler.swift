/// Greets back and says what can be done here.
struct GreetingHandler: IntentHandler {
    let name = "greeting"
    let threshold = 0.6
    let summary = "Greets back, where a message is nothing but a greeting, and says what can be done here."

    private static let words = Set(
        """
        hi hii hiii hello helo hey heya hallo greetings yo namaste namaskar namaskaar salaam morning afternoon evening
        नमस्ते नमस्कार हेलो हैलो हाय प्रणाम सुप्रभात
        """.split(whereSeparator: \.isWhitespace).map(String.init))
    private static let phrases = ["ram ram", "राम राम", "शुभ प्रभात"]
    /// Words that stand beside a greeting and ask for nothing.
    private static let around = Set(
        """
        there sir madam maam mam ji bhai bro dear team all everyone guys friend friends good nice happy day very again to you too and how are
        doing today hope well fine जी सर मैडम भाई आप कैसे हैं कसे आहात शुभ
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// A customer who says more than a greeting wants something: that is for others to understand, or for a person.
    func confidence(_ utterance: Utterance) -> Double {
        utterance.consists(of: Self.words, phrases: Self.phrases, around: Self.around) ? 0.97 : 0
    }

    func actions(_ utterance: Utterance, _ customer: Customer) -> [Action] {
        let name = customer.firstName.map { " \($0)" } ?? ""
        return switch utterance.language {
        case .english:
            [.reply("Hello\(name)! This is \(customer.accountName). Tell me what you would like to order, or write “help”.")]
        case .hindi:
            [.reply("नमस्ते\(name)! यह \(customer.accountName) है। बताइए क्या ऑर्डर करना है, या “मदद” लिखिए।")]
        case .marathi:
            [.reply("नमस्कार\(name)! हे \(customer.accountName) आहे. काय ऑर्डर करायचे ते सांगा, किंवा “मदत” लिहा.")]
        }
    }
}
