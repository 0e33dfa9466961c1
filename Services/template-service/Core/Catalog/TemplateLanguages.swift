import RPCContract

/// The languages in which Meta takes templates.
///
/// Source: Meta, message templates, supported languages. The list grows now and then; what is not in it Meta refuses.
enum TemplateLanguages {
    static let all = [
        "af", "ar", "ar_AE", "ar_EG", "ar_LB", "ar_MA", "ar_QA", "ar_SA", "az", "be_BY", "bg", "bn", "bn_IN", "ca", "cs", "da", "de",
        "de_AT", "de_CH", "el", "en", "en_AE", "en_AU", "en_CA", "en_GB", "en_GH", "en_IE", "en_IN", "en_JM", "en_MY", "en_NZ", "en_QA",
        "en_SG", "en_UG", "en_US", "en_ZA", "es", "es_AR", "es_CL", "es_CO", "es_CR", "es_DO", "es_EC", "es_ES", "es_HN", "es_MX",
        "es_PA", "es_PE", "es_UY", "es_VE", "et", "fa", "fi", "fil", "fr", "fr_BE", "fr_CA", "fr_CH", "fr_CI", "fr_MA", "ga", "gu", "ha",
        "he", "hi", "hr", "hu", "id", "it", "ja", "ka", "kk", "kn", "ko", "ky_KG", "lo", "lt", "lv", "mk", "ml", "mr", "ms", "nb", "nl",
        "nl_BE", "pa", "pl", "prs_AF", "ps_AF", "pt_BR", "pt_PT", "ro", "ru", "rw_RW", "si_LK", "sk", "sl", "sq", "sr", "sv", "sw", "ta",
        "te", "th", "tr", "uk", "ur", "uz", "vi", "zh_CN", "zh_HK", "zh_TW", "zu",
    ]

    /// As Meta's requests have it: its webhooks and other programs write `en-US`, too.
    static func canonical(_ code: String) -> String { code.utf8.contains(0x2D) ? code.replacing("-", with: "_") : code }

    /// Why Meta takes no template in a language, with those that may be meant; nil where it does.
    static func problem(_ code: String) -> String? {
        let code = canonical(code)
        guard !all.contains(code) else { return nil }
        return "\(code) is no language in which Meta takes templates; \(hint(code))"
    }

    private static func hint(_ code: String) -> String {
        let wanted = code.lowercased()
        if let same = all.first(where: { $0.lowercased() == wanted }) { return "did you mean \(same)?" }
        let language = wanted.prefix { $0 != "_" }
        let family = all.filter { $0 == language || $0.hasPrefix("\(language)_") }
        if family.count == 1 { return "did you mean \(family[0])?" }
        guard family.isEmpty else { return "there are \(family.joined(separator: ", "))." }
        // Of two letters any two are near.
        let near = wanted.count > 2 ? NearestName.of(wanted, among: all) : nil
        return near.map { "did you mean \($0)?" } ?? "for example en, en_US, hi or mr."
    }
}
