/// Says what can be done here and how to ask for it.
struct HelpHandler: IntentHandler {
    let name = "help"
    let threshold = 0.6
    let summary = "Says what can be done here, where a message asks for that alone."

    private static let words = Set(
        "help menu options commands madad मदद मदत सहायता मेनू".split(separator: " ").map(String.init))
    private static let phrases = [
        "what can you do", "what can i do", "how does this work", "how do i order", "how to order", "how can i order", "kaise order karu",
        "kaise karu", "ऑर्डर कैसे करूं", "कैसे करूं", "ऑर्डर कशी करू", "कसे करू",
    ]
    /// Words that stand beside a request for help and name no trouble.
    private static let around = Set(
        """
        i we need want would like some can could you please pls plz me us with the a an your here show see send give get hello hi hey there sir madam
        thanks thank mujhe mala chahiye pahije karo kijiye kya kripya कृपया मुझे मला चाहिए चाहिये पाहिजे हवी हवा करो करा कीजिए जी हमें आम्हाला
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// A customer who names their trouble needs a person, however often they say “help”.
    func confidence(_ utterance: Utterance) -> Double {
        utterance.consists(of: Self.words, phrases: Self.phrases, around: Self.around) ? 0.95 : 0
    }

    func actions(_ utterance: Utterance, _ customer: Customer) -> [Action] {
        switch utterance.language {
        case .english:
            [
                .reply(
                    "You can order by writing, for example, “I want 2 masala dosa and 1 coffee”. Write anything else here too: a person of \(customer.accountName) answers you."
                )
            ]
        case .hindi:
            [.reply("ऑर्डर के लिए लिखिए, जैसे “मुझे 2 मसाला डोसा चाहिए”। कोई और बात हो तो यहीं लिखिए: \(customer.accountName) की टीम जवाब देगी।")]
        case .marathi:
            [.reply("ऑर्डरसाठी लिहा, उदाहरणार्थ “मला 2 मसाला डोसा हवे”. इतर काही असेल तर इथेच लिहा: \(customer.accountName) ची टीम उत्तर देईल.")]
        }
    }
}
