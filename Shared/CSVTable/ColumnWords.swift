/// The words of which the names of columns of one kind consist.
///
/// A name is one of them if all its words are known here and one of them says what the column holds: so `Número de teléfono móvil`
/// and `Phone (required)` are names of phone columns, and `Phone model` is none.
struct ColumnWords {
    /// Each says by itself what a column holds.
    let heads: Set<String>
    /// Such as say it only together: a number of a contact.
    var pairs: (Set<String>, Set<String>) = ([], [])
    /// What else may stand in such a name.
    let others: Set<String>

    /// Words with a space between them, as they are compared.
    static func list(_ text: String) -> Set<String> { Set(text.split(separator: " ").map { ColumnName(String($0)).key }) }

    func contains(_ name: ColumnName) -> Bool {
        guard let parts = parts(of: name).map(Set.init) else { return false }
        return !parts.isDisjoint(with: heads) || !parts.isDisjoint(with: pairs.0) && !parts.isDisjoint(with: pairs.1)
    }

    /// The words of a name without digits, compounds such as `Telefonnummer` taken apart; nil where one is unknown.
    func parts(of name: ColumnName) -> [String]? {
        var parts: [String] = []
        // What a number is to be written with is no part of what it is.
        for word in name.words.prefix(while: { !Self.ends.contains($0) }) {
            guard let found = split(word[...]) else { return nil }
            parts += found
        }
        return parts
    }

    private func split(_ word: Substring) -> [String]? {
        guard word.utf8.count <= 64 else { return nil }
        let word = word.drop(while: \.isNumber)
        if word.isEmpty { return [] }
        if isKnown(word) { return [String(word)] }
        for length in stride(from: word.count - 1, through: 3, by: -1) where isKnown(word.prefix(length)) {
            if let rest = split(word.dropFirst(length)) { return [String(word.prefix(length))] + rest }
        }
        return nil
    }

    private func isKnown(_ word: Substring) -> Bool {
        let word = String(word)
        return heads.contains(word) || others.contains(word) || pairs.0.contains(word) || pairs.1.contains(word)
    }

    private static let ends = list("with mit con com avec including incl inkl incluyendo incluindo सहित")
}

extension ColumnWords {
    /// Words without a meaning of their own.
    static let small = list(
        """
        of the for your my and or de del des du da do dos das d l la le el les los su sua seu votre vos notre der die den dem zu für ihre \
        dein deine meine oder und y e et ou o para por pour का की के चा ची चे आपका आपकी तुमचा तुमचे तुमची और व digit digits \
        dígitos ziffern stellig अंकी अंकों
        """)
    /// Whose it is.
    static let people = list(
        """
        contact contacts kontakt kontakte contacto contato customer customers client clients cliente clientes kunde kunden recipient \
        recipients destinatario destinatário destinataire empfänger member members miembro mitglied lead संपर्क सम्पर्क ग्राहक ग्राहका \
        ग्राहकाचा ग्राहकाचे ग्राहकाची
        """)
    /// Which of several it is.
    static let orders = list(
        """
        primary principal principale haupt primär primäre primaer primaere primario primário primaria preferred personal persönlich \
        personnel personnelle perso default direct optional opcional required mandatory obligatorio obrigatório pflichtfeld value user \
        usuario utilisateur प्राथमिक मुख्य
        """)
    /// Where somebody is reached by it: at home or at work.
    static let places = list(
        """
        home house hause business work main car privat private privado privée geschäftlich geschaeftlich geschäft geschäfts dienstlich \
        dienst arbeit arbeits zentrale abends tagsüber casa hogar domicilio trabajo particular trabalho comercial residencial \
        domicile travail professionnel professionnelle profesional profissional pro maison घर
        """)
    /// What makes it one beside the person's own, or another's altogether.
    static let further = list(
        """
        secondary second secundario secundarios secundário sekundär zweite zweites other others otro otra outro outra autre \
        andere anderes weitere weiteres alternate alternative alternativ alternativa alternativo additional adicional zusätzlich \
        वैकल्पिक पर्यायी दूसरा company office büro buero firma firmen empresa oficina escritório bureau entreprise société कार्यालय ऑफिस
        """)
    /// Whose number is not the person's; only labels have these, as a column of such a name is no column of theirs.
    static let strangers = list(
        """
        emergency notfall emergencia emergência urgence agent agents assistant assistente asistente secretary sekretariat manager \
        reception spare backup alt fax pager parent spouse guardian आपातकालीन एजेंट अन्य इतर दुसरा अतिरिक्त
        """)
    private static let around = small.union(people).union(orders).union(places).union(further)

    static let mobile = list(
        """
        mobile mobiles mobil mob mobilfunk cell cells cellular cellulaire cel celular celulares handy handys natel gsm whatsapp móvil \
        móviles móvel telemóvel portable मोबाइल मोबाईल भ्रमणध्वनी भ्रमणध्वनि व्हाट्सएप व्हाट्सऐप वॉट्सऐप व्हॉट्सअ‍ॅप व्हॉट्सॲप व्हॉट्सऐप
        """)
    static let landline = list("landline festnetz fixnetz")
    private static let fixed = list("fixe fijo fixo")
    /// A number of these is a phone's, while that of a customer is the one in the books.
    private static let contact = list("contact kontakt contacto contato संपर्क सम्पर्क")
    private static let phone = list(
        """
        phone phones telephone telephones tel telf tlf telefon telephon telefono telefonos telefone telefones téléphone fone fono ruf \
        msisdn फोन दूरध्वनी दूरभाष टेलीफोन टेलिफोन
        """)
    private static let number = list(
        "number numbers no nos nr num n nbr numero numéro número números nummer nummern rufnummer नंबर नम्बर नं क्रमांक क्र संख्या")

    static let phones = ColumnWords(
        heads: mobile.union(landline).union(phone).union(["rufnummer"]), pairs: (number, contact.union(fixed)), others: around)

    static let emails = ColumnWords(
        heads: list("email emails mail mails correo correos courriel courriels mél ईमेल इमेल"),
        pairs: (
            list("address addresses adresse adressen dirección endereço पता पत्ता"),
            list("electronic électronique electrónica electrónico electrónicos eletrônico eletrônicos elektronische messagerie")
        ),
        others: around.union(list("id ids आयडी आईडी आइडी")))

    static let languages = ColumnWords(
        heads: list("language lang locale sprache sprach idioma langue lingua língua भाषा मातृभाषा"),
        others: small.union(people).union(orders).union(further).union(
            list(
                """
                code native mutter maternelle communication kommunikation kommunikations korrespondenz comunicación comunicação bevorzugt bevorzugte \
                preferido preferida préférée préféré preference pref पसंदीदा पसंतीची आवडती
                """)))
}
