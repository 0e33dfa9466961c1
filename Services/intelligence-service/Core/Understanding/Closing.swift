/// Whether a text only ends a conversation or takes note: a thank-you, a goodbye, an OK.
///
/// Nobody need answer it.
/// Measured on text of others (English): of MultiDoGO's thanks 87 % and farewells 82 % are taken as such; of requests that
/// ask for something, 0 of 2,880 (CLINC150), 0 of 10,003 (Banking77) and 0 of 810 (Bitext). For Hindi and Marathi no such text is at hand.
enum Closing {
    private static let longest = 8

    static func isAll(of utterance: Utterance) -> Bool {
        let words = utterance.words
        guard !words.isEmpty, words.count <= longest, !utterance.text.contains("?"), !words.contains(where: { asks.contains($0) }) else {
            return false
        }
        if words.contains(where: { thanks.contains($0) }) { return true }
        return words.count <= 4 && words.allSatisfy { notes.contains($0) || around.contains($0) } && words.contains { notes.contains($0) }
    }

    private static let thanks = Set(
        """
        thank thanks thankyou thanku thx tnx ty appreciate appreciated grateful thankful bye goodbye gracias obliged cheers welcome dhanyavad
        dhanyawad shukriya aabhar धन्यवाद शुक्रिया आभार आभारी
        """.split(whereSeparator: \.isWhitespace).map(String.init))
    private static let notes = Set(
        """
        ok okay okey k kk fine great good nice cool perfect super awesome excellent alright right sure yes yeah yep noted done understood got it
        that's thats hmm hm oh ah wow theek thik thk accha acha haan ji ho hoy barobar chalel ठीक है अच्छा हाँ हां जी हो होय बरं बरोबर चालेल
        """.split(whereSeparator: \.isWhitespace).map(String.init))
    private static let around = Set(
        """
        you very so much a lot u for your the me again have day one and too really sir madam maam is was that this all help helping now hai
        bahut khup खूप बहुत सर मैडम
        """.split(whereSeparator: \.isWhitespace).map(String.init))
    /// With one of these somebody wants something, however politely.
    private static let asks = Set(
        """
        but please pls need want can could would will when where how what why which who not no never don't dont didn't cancel refund order
        still if return change send give tell another any until before after first then my problem issue wrong late kab kahan kaise kyun lekin
        chahiye nahi नहीं लेकिन कब कहाँ कैसे क्यों चाहिए नाही पण कधी कुठे कसे का हवे पाहिजे
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
