/// Greets back and says what can be done here.
struct GreetingHandler: IntentHandler {
    let name = "greeting"
    let threshold = 0.6
    let summary = "Greets back and says what can be done here."

    private static let words: Set<String> = [
        "hi", "hii", "hiii", "hello", "helo", "hey", "heya", "hallo", "greetings", "yo", "namaste", "namaskar", "namaskaar", "salaam",
        "नमस्ते", "नमस्कार", "हेलो", "हैलो", "हाय", "प्रणाम",
    ]
    private static let phrases = ["good morning", "good afternoon", "good evening", "ram ram", "राम राम", "शुभ प्रभात", "सुप्रभात"]

    func confidence(_ utterance: Utterance) -> Double {
        guard let first = utterance.words.first else { return 0 }
        let greets = Self.words.contains(first) || Self.phrases.contains { utterance.contains(phrase: $0) }
        guard greets else { return 0 }
        // A greeting before a long request is only polite; alone it is the message.
        return switch utterance.words.count {
        case 1...3: 0.97
        case 4...5: 0.75
        default: 0.4
        }
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
