import Foundation

/// A language as BCP 47 writes it, with the underscore that Meta's templates have: `hi`, `en_IN`, `zh_Hans_CN`.
///
/// Source: the Unicode CLDR, as Foundation has it, says which languages and regions there are and what people call them.
package struct LanguageTag: Sendable, Equatable {
    package let code: String

    /// - Parameter text: a code, or a name in English, German, Spanish, Portuguese, French, Hindi, Marathi or the language itself,
    ///   with or without its region in brackets.
    package init?(written text: String) {
        // Nobody's language has a longer name.
        guard text.utf8.count <= 256 else { return nil }
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if let code = Self.code(text) ?? Self.named(text) {
            self.code = code
            return
        }
        // French / Français.
        let parts = text.split(separator: "/")
        guard parts.count > 1, let code = parts.lazy.compactMap({ Self.named(String($0)) }).first else { return nil }
        self.code = code
    }

    /// Why a text is no language, behind the name of the field.
    package static func problem(with text: String) -> String {
        let shown = text.unicodeScalars.count > 40 ? "\(String(text.unicodeScalars.prefix(40)))…" : text
        return "is \"\(shown.plain)\", which is no language; write a code such as hi, en_US or pt_BR, or a name such as Hindi or Deutsch"
    }

    /// A code in its usual form: the language, perhaps a script, perhaps a region.
    private static func code(_ text: String) -> String? {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }.map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } }),
            let language = parts.first?.lowercased(), languages.contains(language)
        else { return nil }
        var code = [language]
        var rest = parts.dropFirst()
        if let script = rest.first, script.count == 4, script.allSatisfy(\.isLetter) {
            guard Locale.Script(script.capitalized).isISOScript else { return nil }
            code.append(script.capitalized)
            rest.removeFirst()
        }
        if let region = rest.first, region.count < 4 {
            guard Locale.Region(region.uppercased()).isISORegion else { return nil }
            code.append(region.uppercased())
            rest.removeFirst()
        }
        return rest.isEmpty ? code.joined(separator: "_") : nil
    }

    private static func named(_ text: String) -> String? {
        let name = key(text)
        if let code = names[name] { return code }
        guard name.hasSuffix(")"), let bracket = name.firstIndex(of: "("), let language = names[key(String(name[..<bracket]))] else {
            return nil
        }
        let inside = key(String(name[bracket...].dropFirst().dropLast()))
        guard let region = regions[inside] ?? regionCode(inside) else { return nil }
        return "\(language)_\(region)"
    }

    private static func regionCode(_ text: String) -> String? {
        let code = text.uppercased()
        return (2...3).contains(code.utf8.count) && Locale.Region(code).isISORegion ? code : nil
    }

    private static func key(_ text: String) -> String { text.folded.trimmingCharacters(in: .whitespacesAndNewlines) }

    /// Those in which somebody's calendar and clock can be written; Dari is one of them, and Persian by another name.
    private static let languages = Set(Locale.availableIdentifiers.compactMap { $0.split(separator: "_").first.map(String.init) })
        .union(["prs"])

    private static let speakers = ["en", "de", "es", "pt", "fr", "hi", "mr"].map(Locale.init(identifier:))

    private static let names: [String: String] = {
        var names: [String: String] = [:]
        for language in languages.sorted() {
            for speaker in speakers + [Locale(identifier: language)] {
                guard let name = speaker.localizedString(forLanguageCode: language), key(name) != language else { continue }
                // Where two are called alike, the shorter code is of the one with more people.
                let former = names[key(name)]
                if former.map({ $0.count > language.count }) ?? true { names[key(name)] = language }
            }
        }
        return names
    }()

    private static let regions: [String: String] = {
        var regions: [String: String] = [:]
        for region in Locale.Region.isoRegions.map(\.identifier) {
            for speaker in speakers {
                if let name = speaker.localizedString(forRegionCode: region) { regions[key(name)] = region }
            }
        }
        return regions
    }()
}
