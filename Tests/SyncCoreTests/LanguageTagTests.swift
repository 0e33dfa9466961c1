import RPCContract
import SyncContract
import Testing
import Vocabulary

@testable import SyncCore

/// A language is one that there is, whether by its code or by its name.
@Suite struct LanguageTagTests {
    @Test(arguments: [
        ("hi", "hi"), ("HI", "hi"), (" mr ", "mr"), ("en_US", "en_US"), ("en-us", "en_US"), ("pt-BR", "pt_BR"), ("es_419", "es_419"),
        ("zh-hans-cn", "zh_Hans_CN"), ("prs_AF", "prs_AF"), ("fil", "fil"), ("kok", "kok"), ("Hindi", "hi"), ("हिन्दी", "hi"), ("हिंदी", "hi"),
        ("मराठी", "mr"), ("Maratí", "mr"), ("Deutsch", "de"), ("ALEMAN", "de"), ("allemand", "de"), ("जर्मन", "de"), ("español", "es"),
        ("Spanisch", "es"), ("português", "pt"), ("Français", "fr"), ("French / Français", "fr"), ("English (US)", "en_US"),
        ("Hindi (India)", "hi_IN"), ("Portugiesisch (Brasilien)", "pt_BR"), ("தமிழ்", "ta"),
    ])
    func whatPeopleWriteIsRead(text: String, code: String) {
        #expect(LanguageTag(written: text)?.code == code)
    }

    @Test(arguments: [
        "klingon", "Klingonisch", "tlh", "xx", "en_QQ", "en_INDIA", "de__AT", "yes", "n/a", "-", "", "9223372036854775808",
        "English, Hindi",
        "Hindi (Mars)", "(India)",
    ])
    func whatIsNoneIsNone(text: String) {
        #expect(LanguageTag(written: text) == nil)
    }

    /// Every template's language is one of a contact.
    @Test(arguments: [
        "af", "ar_AE", "be_BY", "bn_IN", "en_GB", "fr_CI", "he", "id", "ky_KG", "nb", "ps_AF", "rw_RW", "si_LK", "zh_HK", "zu",
    ])
    func templatesLanguagesAreKnown(code: String) {
        #expect(LanguageTag(written: code)?.code == code)
    }

    @Test func aFileHasCodesAndNames() throws {
        let csv = try ContactCSV(.init(csv: "phone,Sprache\n+919876543210,Deutsch\n+919876543211,en-IN\n+919876543212,klingon\n"))
        #expect(csv.rows.map(\.language) == ["de", "en_IN", nil] && csv.notes.map(\.line) == [4])
    }
}
