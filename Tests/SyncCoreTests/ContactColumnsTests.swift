import RPCContract
import SyncContract
import Testing
import Vocabulary

@testable import SyncCore

/// What a contact gets out of files in other languages, and that nothing of them goes without a word.
@Suite struct ContactColumnsTests {
    private func read(_ csv: String) throws -> ContactCSV { try ContactCSV(.init(csv: csv)) }

    @Test(arguments: [
        "Vorname;Nachname;E-Mail-Adresse;Handynummer;Sprache", "Name;Vorname;E-Mail;Telefonnummer;Sprache",
        "Nombre;Apellidos;Correo electrónico;Número de móvil;Idioma", "Nombres;Apellido;CORREO ELECTRONICO;Nº de teléfono;Idioma preferido",
        "Prénom;Nom de famille;Courriel;N° de téléphone;Langue", "Nom;Prénom;Adresse e-mail;Numéro de portable;Langue",
        "Nome;Sobrenome;E-mail;Número de telefone;Idioma", "नाम;उपनाम;ईमेल;मोबाइल नंबर;भाषा", "नाव;आडनाव;ई-मेल पत्ता;दूरध्वनी क्रमांक;भाषा",
        "first_name;last_name;EMAIL;phone_number;locale",
    ])
    func everyPartIsTaken(header: String) throws {
        let isTurned = header.hasPrefix("Name;") || header.hasPrefix("Nom;")
        let csv = try read("\(header)\n\(isTurned ? "Rao;Asha" : "Asha;Rao");asha@example.com;+91 98765 43210;hi\n")
        #expect(
            csv.rows == [.init(phone: "919876543210", name: "Asha Rao", firstName: "Asha", email: "asha@example.com", language: "hi")])
        #expect(csv.unused.isEmpty && csv.notes.isEmpty && csv.problems.isEmpty, "\(csv)")
    }

    /// A column of names has all of one, or what another column lacks.
    @Test(arguments: [
        ("Name,Vorname,Nachname,phone\nAsha Rao,Asha,Rao", "Asha Rao", "Asha"),
        ("Name,Nachname,phone\nAsha Rao,Rao", "Asha Rao", "Asha"), ("NAME,LAST_NAME,phone\nAsha,Rao", "Asha Rao", "Asha"),
        ("Nombre,Primer apellido,Segundo apellido,phone\nMaría José,Gómez,Núñez", "María José Gómez Núñez", "María José"),
        ("Nombre,Primer apellido,Segundo apellido,phone\nAna,García,García", "Ana García García", "Ana"),
        ("First Name,Last Name,last_name,phone\nAsha,Rao,Rao", "Asha Rao", "Asha"),
        ("Prénom,Nom complet,Nom,phone\nAsha,Asha Rao,Rao", "Asha Rao", "Asha"), ("Apellidos,phone\nRao", "Rao", "Rao"),
        ("Name,First Name,phone\nDr. A. Rao,Asha", "Dr. A. Rao", "Asha"), ("Nombre,phone\nAsha Rao", "Asha Rao", "Asha"),
        ("Anzeigename,Vorname,Nachname,phone\n,Asha,Rao", "Asha Rao", "Asha"),
    ])
    func aNameIsPutTogether(text: String, name: String, first: String) throws {
        let csv = try read("\(text),+919876543210\n")
        #expect(csv.rows.map(\.name) == [name] && csv.rows.map(\.firstName) == [first], "\(csv)")
    }

    /// Whatever a column is called: as long as it holds something, whoever hands the file over hears of it.
    @Test func whatIsLeftOutIsNamed() throws {
        let csv = try read(
            """
            Nachname;Abteilung;Handy;Notizen;Fax;;Leer;Sprache;Idioma;Kundennummer
            Rao;Einkauf;+91 98765 43210;;;;;hi;;7
            Shah;;+91 98765 43211;ruft an;;x;;;en;

            """)
        #expect(csv.unused == ["Abteilung", "Notizen", "column 6", "Idioma", "Kundennummer"], "\(csv.unused)")
        #expect(csv.rows.map(\.name) == ["Rao", "Shah"] && csv.rows.map(\.language) == ["hi", nil])
        #expect(try read("phone,name\n+919876543210,Asha\n").unused.isEmpty)
        let steering = try read("phone,\u{1B}[2Jx\n+919876543210,1\n")
        #expect(steering.unused.allSatisfy { !$0.unicodeScalars.contains("\u{1B}") }, "a name steers nobody's terminal")
        let many = try read(
            "phone,\((1...400).map { "c\($0)" }.joined(separator: ","))\n+919876543210\(String(repeating: ",x", count: 400))\n")
        #expect(many.unused.count == 256 && many.unused.last == "and 145 more")
    }

    @Test func theFirstAddressThatIsOneIsTaken() throws {
        let csv = try read(
            "phone,E-mail Address,E-mail 2 Address,E-mail Type\n+919876543210,n/a,a@example.com,SMTP\n+919876543211,b@x.com,c@x.com,\n")
        #expect(csv.rows.map(\.email) == ["a@example.com", "b@x.com"] && csv.unused == ["E-mail Type"])
        #expect(csv.notes.map(\.line) == [2, 3] && csv.notes.last?.note.hasSuffix("left out: c@x.com") == true, "\(csv.notes)")
    }
}
