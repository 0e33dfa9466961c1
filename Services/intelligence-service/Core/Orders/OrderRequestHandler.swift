import IntelligenceContract
import Vocabulary

/// Takes an order: what, and how many.
struct OrderRequestHandler: IntentHandler {
    static let intent = "order_request"
    let name = Self.intent
    let threshold = 0.6
    let summary = "Takes an order, writes it down and confirms it with a number."

    private static let verbs: Set<String> = [
        "order", "want", "need", "buy", "book", "get", "chahiye", "mangwana", "चाहिए", "चाहिये", "मंगवाना", "हवे", "हवा", "हवी", "पाहिजे",
        "चाहिएं", "chaiye", "chahie", "हवं", "हवंय", "हवेत", "हव्यात", "पाहिजेत", "pahije", "pahijet", "havet",
    ]
    private static let phrases = [
        "i'd like", "i would like", "send me", "give me", "can i have", "can i get", "may i have", "i'll have", "i will have",
    ]
    /// These ask about an order there is, take one back, complain, or want a person: nothing to write down as goods.
    private static let counterWords = Set(
        """
        where status track tracking cancel cancelled canceled refund return returned shipped delivered late received when why how change changed wrong broken
        damaged missing never not no don't didn't doesn't can't isn't wasn't problem issue complaint complain trouble mistake instead call back speak talk
        person people human agent manager representative someone anybody somebody money charged charge bill invoice paid payment account know
        tell explain question update my you your was were is are had has did does help assistance claim add remove delete edit modify swap switch replace renew
        kahan nahi nahin galat kharab wapas paisa paise kyun kab कहाँ कहां कुठे रद्द नहीं नाही गलत खराब वापस पैसे क्यों कब शिकायत तक्रार
        """.split(whereSeparator: \.isWhitespace).map(String.init))
    private static let numbers: [String: Int] = [
        "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "dozen": 12, "एक": 1, "दो": 2, "दोन": 2, "तीन": 3, "चार": 4, "पांच": 5, "पाँच": 5, "पाच": 5,
    ]
    /// Romanised Hindi; in an English text “do” is no number.
    private static let hindiNumbers: [String: Int] = ["ek": 1, "do": 2, "teen": 3, "char": 4, "paanch": 5]
    /// Words around an item that are not its name.
    private static let fillers: Set<String> = [
        "please", "pls", "plz", "of", "the", "some", "me", "for", "to", "kindly", "pieces", "piece", "plates", "plate", "thanks", "thank",
        "you",
        "now", "today", "मला", "आम्हाला", "मुझे", "हमें", "कृपया", "ऑर्डर",
    ]
    /// Hindi and Marathi say last what is to be done: before such a word the item's name has ended.
    private static let endings = Set(
        """
        chahiye chaiye chahie dijiye dijie dedo bhejo bhejdo bhejiye dya dyaa pathva pathava pahije pahijet havet
        चाहिए चाहिये चाहिएं दे दें दीजिए दीजिये दीजिएगा देना भेजो भेजें भेजिए भेजिये भेजिएगा भेजना मंगवाना मंगवाओ करो करें कीजिए
        पाहिजे पाहिजेत हवा हवी हवे हवं हवंय हवेत हव्यात द्या द्याल द्यावे पाठवा पाठव पाठवाल मागवायचे मागवायचं करा
        """.split(whereSeparator: \.isWhitespace).map(String.init))
    /// “दे दो”, “भेज दो”: beside one of these दो is no number.
    private static let stems: Set<String> = ["दे", "भेज", "कर", "मंगवा", "de", "bhej", "kar", "mangwa"]
    private static let giving: Set<String> = ["दो", "do"]
    private static let separators: Set<String> = ["and", "aur", "plus", "with", "और", "आणि", "व"]

    func confidence(_ utterance: Utterance) -> Double {
        let asks = utterance.contains(any: Self.verbs) || Self.phrases.contains { utterance.contains(phrase: $0) }
        guard !utterance.contains(any: Self.counterWords), !Self.doesOtherThings(utterance), !Self.isInexact(utterance.text) else {
            return asks ? 0.2 : 0
        }
        let lines = Self.lines(utterance)
        if asks { return lines.isEmpty ? (utterance.contains(any: ["order"]) ? 0.65 : 0.3) : 0.93 }
        // “2 samosa, 1 tea” is an order without a verb; “777 Brockton Avenue” is none.
        guard let first = utterance.words.first, first != "a", first != "an", Self.quantity(first, utterance.language) != nil else {
            return 0
        }
        let isPlain = lines.allSatisfy { $0.quantity <= 50 && !$0.item.contains(where: \.isNumber) }
        return !lines.isEmpty && isPlain ? 0.75 : 0
    }

    /// Whether an amount is no whole number (“1.5 kg”, “1/2”), a range (“2-3”), or less than nothing: a person sees to it.
    private static func isInexact(_ text: String) -> Bool {
        let characters = Array(text)
        return characters.indices.contains { place in
            guard ".,/-–−".contains(characters[place]), place + 1 < characters.count, characters[place + 1].isNumber else { return false }
            guard place > 0, !characters[place - 1].isWhitespace else { return "-–−".contains(characters[place]) }
            return characters[place - 1].isNumber
        }
    }

    /// Whether something is to be done that is no buying (“I need to change…”), something is asked (“do I need a visa”), or
    /// an order is named by its number.
    private static func doesOtherThings(_ utterance: Utterance) -> Bool {
        let words = utterance.words
        if let first = words.first, asking.contains(first) { return true }
        if utterance.text.contains("?"), !phrases.contains(where: { utterance.contains(phrase: $0) }) { return true }
        for (word, next) in zip(words, words.dropFirst()) {
            if word == "to", verbs.contains(next) == false, !buying.contains(next), words.first(where: { wishing.contains($0) }) != nil {
                return true
            }
            if word == "order", next.count > 3, next.allSatisfy(\.isNumber) { return true }
        }
        return false
    }

    private static let asking: Set<String> = ["do", "does", "should", "would", "will", "what", "which", "who", "if", "am"]
    private static let wishing: Set<String> = ["need", "want", "like", "wish", "hope", "have"]
    private static let buying: Set<String> = ["have", "eat", "drink", "place", "take", "purchase", "the", "our", "be"]

    func actions(_ utterance: Utterance, _ customer: Customer) -> [Action] {
        let lines = Self.lines(utterance)
        guard !lines.isEmpty else {
            return switch utterance.language {
            case .english: [.reply("With pleasure! What would you like, and how many? For example “2 masala dosa”.")]
            case .hindi: [.reply("ज़रूर! क्या चाहिए और कितना? जैसे “2 मसाला डोसा”।")]
            case .marathi: [.reply("नक्की! काय हवे आणि किती? उदाहरणार्थ “2 मसाला डोसा”.")]
            }
        }
        return Self.taken(lines, utterance.language)
    }

    /// Writes an order down and confirms it.
    static func taken(_ lines: [AnalyzeText.Line], _ language: Utterance.Language) -> [Action] {
        let goods = lines.map { "\($0.quantity) × \($0.item)" }.joined(separator: ", ")
        let list = total(lines).map { "\(goods) (\($0))" } ?? goods
        let reply =
            switch language {
            case .english: "Thank you! Your order {{order}}: \(list). We confirm it shortly."
            case .hindi: "धन्यवाद! आपका ऑर्डर {{order}}: \(list)। हम जल्द ही पुष्टि करेंगे।"
            case .marathi: "धन्यवाद! तुमची ऑर्डर {{order}}: \(list). आम्ही लवकरच पुष्टी करू."
            }
        return [.createOrder(lines), .reply(reply)]
    }

    /// What a cart costs; nil where a price is missing, or they are of several currencies.
    static func total(_ lines: [AnalyzeText.Line]) -> Money? {
        guard let currency = lines.first?.price?.currency else { return nil }
        var total = Money.zero(in: currency)
        for line in lines {
            guard let sum = line.price.flatMap({ total.plus($0.times(line.quantity)) }) else { return nil }
            total = sum
        }
        return total.isExact ? total : nil
    }

    /// Quantities and what follows each, up to the next quantity or “and”.
    static func lines(_ utterance: Utterance) -> [AnalyzeText.Line] {
        var lines: [AnalyzeText.Line] = []
        var quantity: Int?
        var item: [String] = []
        func close() {
            if let quantity, !item.isEmpty, lines.count < 20 {
                lines.append(AnalyzeText.Line(quantity: quantity, item: item.prefix(6).joined(separator: " ")))
            }
            item = []
        }
        for (place, word) in utterance.words.enumerated() {
            // “… to 12 Park Street” is where, and no more of what.
            let next = place + 1 < utterance.words.count ? utterance.words[place + 1] : ""
            if ["to", "at", "near"].contains(word), !item.isEmpty, Self.quantity(next, utterance.language) != nil { break }
            if ends(word, after: place > 0 ? utterance.words[place - 1] : "", before: next) {
                // “2 चाहिए, समोसा”: nothing is named yet.
                guard !item.isEmpty else { continue }
                close()
                quantity = nil
            } else if let found = Self.quantity(word, utterance.language),
                !(found == 1 && (word == "a" || word == "an") && quantity != nil && item.isEmpty)
            {
                close()
                quantity = found
            } else if separators.contains(word) {
                close()
                quantity = nil
            } else if quantity != nil, !fillers.contains(word) {
                item.append(word)
            }
        }
        close()
        return lines
    }

    /// Whether a word says that something is wanted or to be given, and is no part of its name.
    private static func ends(_ word: String, after last: String, before next: String) -> Bool {
        endings.contains(word) || stems.contains(word) && giving.contains(next) || giving.contains(word) && stems.contains(last)
    }

    private static func quantity(_ word: String, _ language: Utterance.Language) -> Int? {
        if let number = numbers[word] ?? (language == .hindi ? hindiNumbers[word] : nil) { return number }
        // “2x” and “x2” as well; a longer number is a phone or an order number.
        let digits = word.hasSuffix("x") ? word.dropLast() : word.hasPrefix("x") ? word.dropFirst() : Substring(word)
        // Digits of any script: २ is a 2.
        let values = digits.map { $0.wholeNumberValue }
        guard (1...3).contains(values.count), values.allSatisfy({ $0.map { (0...9).contains($0) } ?? false }) else { return nil }
        let number = values.reduce(0) { $0 * 10 + ($1 ?? 0) }
        return number > 0 ? number : nil
    }
}
