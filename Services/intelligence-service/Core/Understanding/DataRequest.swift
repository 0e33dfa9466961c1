/// Whether a customer wants what is kept of them deleted, or names the law that lets them: "please delete my data".
///
/// A message wrongly taken for one costs somebody a look; a missed one is not done. A number on a list alone is no such wish.
enum DataRequest {
    static func isFound(_ utterance: Utterance) -> Bool {
        utterance.contains(any: laws) || utterance.contains(any: erasing) && utterance.contains(any: kept)
    }

    private static let laws = Set("gdpr dpdp dpdpa erasure".split(separator: " ").map(String.init))
    private static let erasing = Set(
        """
        delete deleted deleting del erase erased wipe purge remove destroy hata hatao hatado hataiye mita mitao dilit kadha kadhun
        हटा हटाओ हटाएं हटाएँ हटाइए हटाइये हटाना हटवा मिटा मिटाओ मिटाइए मिटाएं डिलीट डिलिट काढा काढून पुसा पुसून
        """.split(whereSeparator: \.isWhitespace).map(String.init))
    private static let kept = Set(
        """
        data information records account profile history mahiti jankari khata
        डेटा डाटा जानकारी माहिती अकाउंट अकाऊंट खाता खाते प्रोफाइल प्रोफाईल
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
