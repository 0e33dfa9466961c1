/// What a column holds, as its name tells in English, German, Spanish, Portuguese, French, Hindi and Marathi.
package enum ColumnKind: Sendable {
    case phone, email, language, firstName, lastName, fullName
    /// A full name, or what is left of it where another column has the rest.
    case name

    /// - Parameter header: a column's name as it stands in a file.
    init?(_ header: String) {
        if let kind = Self.known(ColumnName(header)) {
            self = kind
            return
        }
        // The same in two languages: `Last Name (आडनाव)`.
        let parts = header.split { "()[]/|".contains($0) }.filter { !ColumnName(String($0)).words.isEmpty }
        let kinds = parts.map { Self.known(ColumnName(String($0))) }
        guard parts.count > 1, !kinds.contains(nil) else { return nil }
        let found = Set(kinds.compactMap(\.self))
        // A name may be a first one.
        let sure = found.count > 1 ? found.subtracting([.name]) : found
        guard sure.count == 1, let kind = sure.first else { return nil }
        self = kind
    }

    private static func known(_ name: ColumnName) -> ColumnKind? {
        if ColumnWords.phones.contains(name) { return .phone }
        if ColumnWords.emails.contains(name) { return .email }
        if ColumnWords.languages.contains(name) { return .language }
        return names[name.words.filter { !around.contains($0) }.joined()]
    }

    private static let around = ColumnWords.small.union(ColumnWords.people)

    /// The kinds of names by what is left of the column's without small words.
    private static let names: [String: ColumnKind] = {
        var names: [String: ColumnKind] = [:]
        for (kind, words) in words {
            for word in ColumnWords.list(words) { names[word] = kind }
        }
        return names
    }()

    private static let words: [(ColumnKind, String)] = [
        (
            .firstName,
            """
            firstname first forename givenname fname vorname vornamen primernombre nombrepila prénom prénoms primeironome nomepróprio \
            पहिलेनाव पहलानाम प्रथमनाम
            """
        ),
        // Apelido is none of them: in Brazil it is what friends call somebody.
        (
            .lastName,
            """
            lastname last surname surnames sirname familyname lname nachname nachnamen familienname zuname apellido apellidos \
            primerapellido segundoapellido apellidopaterno apellidomaterno nomfamille patronyme sobrenome sobrenomes últimonome \
             उपनाम कुलनाम सरनेम आडनाव अंतिमनाम
            """
        ),
        (
            .fullName,
            """
            fullname completename displayname nombrecompleto nombreapellido nombreapellidos nombresapellidos apellidosnombre \
            apellidosnombres nomecompleto nomesobrenome nomcomplet nomprénom prénomnom vollername vollständigername vollstaendigername \
            gesamtname anzeigename vornachname vornamenachname nachnamevorname पूरानाम पूर्णनाम पूर्णनाव संपूर्णनाव सम्पूर्णनाम
            """
        ),
        (.name, "name names nombre nombres nome nom नाम नाव customername clientname contactname kundenname kontaktname"),
    ]
}
