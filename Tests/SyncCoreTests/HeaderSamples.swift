/// How other people and programs have named the columns of their files, as published by them.
enum HeaderSamples {
    static let all: [ColumnHeadersTests.Header] = programs + files

    /// Exports of address books and customer registers.
    private static let programs: [ColumnHeadersTests.Header] = [
        .init(
            testDescription: "Google Contacts, by gist janoamaral/30b3dac7",
            phones: "Phone 1 - Value; Phone 2 - Value; Phone 3 - Value", emails: "E-mail 1 - Value; E-mail 2 - Value",
            languages: "Language", firstNames: "Given Name", lastNames: "Family Name", names: "Name",
            others:
                "Additional Name; Yomi Name; Given Name Yomi; Name Prefix; Short Name; Maiden Name; Notes; E-mail 1 - Type; Phone 1 - Type"
        ),
        .init(
            testDescription: "Outlook in English, by Zimbra/zm-mailbox conf/contacts/zimbra-contact-fields.xml",
            phones: """
                Business Phone; Business Phone 2; Car Phone; Company Main Phone; Home Phone; Home Phone 2; Mobile Phone; Other Phone; \
                Primary Phone
                """,
            emails: "E-mail Address; E-mail 2 Address; E-mail 3 Address", languages: "Language", firstNames: "First Name",
            lastNames: "Last Name",
            others: """
                Title; Middle Name; Company; Job Title; Home Street; Assistant's Phone; Business Fax; Callback; Pager; Radio Phone; \
                TTY/TDD Phone; Telex; Assistant's Name; E-mail Type; E-mail Display Name; Government ID Number; Manager's Name; User 1
                """),
        .init(
            testDescription: "Outlook without spaces, by the same",
            phones: "BusinessPhone; BusinessPhone2; HomePhone; HomePhone2; MobilePhone; PrimaryPhone",
            emails: "EmailAddress; Email2Address",
            languages: "Language1", firstNames: "FirstName", lastNames: "LastName",
            others: "EmailDisplayName; ManagersName; AssistantsPhone"
        ),
        .init(
            testDescription: "Thunderbird, by the same", phones: "Work Phone; Home Phone; Mobile Number",
            emails: "Primary Email; Secondary Email", firstNames: "First Name", lastNames: "Last Name",
            others: "Fax Number; Pager Number; Nickname; Web Page 1"),
        .init(
            testDescription: "Outlook in German, by a script that reads its export (\"Straße privat\",\"E-Mail 2:Adresse\")",
            phones: "Telefon privat; Telefon geschäftlich", emails: "E-Mail-Adresse; E-Mail 2:Adresse", firstNames: "Vorname",
            lastNames: "Nachname", others: "Straße privat; Ort privat; Staat privat; Pager; Geburtstag; Nickname; Webseite"),
        .init(
            testDescription: "Microsoft Entra in German, by Martin Aulenbach's aad-parser-php",
            phones: "Telefon – Geschäftlich; Telefon (geschäftlich); Mobiltelefon", emails: "Alternative E-Mail-Adresse",
            firstNames: "Vorname", lastNames: "Nachname", fullNames: "Anzeigename",
            others: "Benutzername; Position; Abteilung; Fax; Adresse; Ort; Land oder Region"),
        .init(
            testDescription: "Outlook in French, by a program that reads its export",
            phones: "Téléphone (bureau); Téléphone (domicile); Téléphone (autre); Tél. mobile; Téléphone 2 (bureau)"),
        .init(
            testDescription: "EspoCRM in French, by its translation",
            phones: "Téléphone; Téléphone (Mobile); Téléphone (Maison); Téléphone (Bureau); Téléphone (Autre)", emails: "Email",
            others: "Fax; Ville; Adresse; Code postal; Pays"),
        .init(
            testDescription: "Brevo, by help.brevo.com/hc/en-us/articles/208729849", phones: "WHATSAPP; LANDLINE_NUMBER", emails: "EMAIL",
            firstNames: "FIRSTNAME", lastNames: "LASTNAME", others: "SMS; EXT_ID"),
        .init(
            testDescription: "HubSpot, by its developers' guide to the contacts object", phones: "Phone Number", emails: "Email",
            firstNames: "First Name", lastNames: "Last Name", others: "Company Name; Lifecycle Stage"),
        .init(
            testDescription: "Zoho CRM in Spanish, by soporte.isytek.co", phones: "Teléfono; Móvil", emails: "Email secundario",
            firstNames: "Primer nombre", lastNames: "Apellido", others: "Saludo; Título; Empresa; Industria; Fax"),
        .init(
            testDescription: "SalesOptima, by its integration with Zoho CRM", phones: "Phone; Home Phone; Mobile; Other Phone",
            emails: "Email; Email 2; Email 3", firstNames: "First Name", lastNames: "Last Name",
            others: "Company Name; Address 1; Check Duplicates by Phone; Fax; Other Fax; Website"),
        .init(
            testDescription: "Wazo, by wazo-platform/wazo-doc source/administration/phonebook.rst", phones: "mobilenumber",
            emails: "email", firstNames: "firstname", lastNames: "lastname", fullNames: "displayname",
            others: "title; society; url; officenumber; faxnumber; homenumber"),
        .init(
            testDescription: "Bitrix, by an importer of its users", phones: "PERSONAL_MOBILE", emails: "EMAIL", lastNames: "LAST_NAME",
            names: "NAME", others: "ID; WORK_POSITION; ACTIVE; DEPARTMENT_NAME"),
    ]

    /// Lists that people keep themselves, and their forms.
    private static let files: [ColumnHeadersTests.Header] = [
        .init(
            testDescription: "a German club's members", phones: "Telefon privat; Telefon geschäftlich; Telefon mobil", emails: "E-Mail",
            firstNames: "Vorname", lastNames: "Nachname",
            others: "Mitgliedsnummer; Organisation; Anrede; Titel; Strasse; PLZ; Ort; Fax; Adresszusatz; Brief Anrede"),
        .init(
            testDescription: "a Swiss league's functionaries", phones: "Telefon zu Hause; Telefon geschäftlich; Handy",
            emails: "E-mail privat; E-mail geschäftlich", others: "Lizenznummer"),
        .init(
            testDescription: "what a German importer takes for an address", phones: "Mobil; Handy; Festnetz",
            emails: "e-mail-adresse 1; e-mail-adresse geschaeftlich; primär email adresse; primaere e-mail-adresse; mail; emailaddress",
            fullNames: "voller name", others: "bemerkungen; ort geschäftlich"),
        .init(
            testDescription: "a French association's members", phones: "Numéro de fixe; Numéro de portable", emails: "Mail",
            firstNames: "Prénom", names: "Nom", others: "Numéro de rue; Nom de la rue; Nom de la ville; Cotisation payé ?"),
        .init(
            testDescription: "pupils of a French school", phones: "Téléphone", emails: "Email", languages: "Langue", firstNames: "Prénom",
            names: "Nom", others: "Niveau"),
        .init(
            testDescription: "customers in Québec", phones: "Téléphone", emails: "Courriel", firstNames: "Prénom", names: "Nom",
            others: "Entreprise; Ville"),
        .init(
            testDescription: "a Spanish crew", phones: "TELEFONO", emails: "CORREO ELECTRONICO", lastNames: "APELLIDOS", names: "NOMBRE",
            others: "D.N.I.; CAMISETA; PANTALON; CALZADO; SKILLS"),
        .init(
            testDescription: "a Peruvian school's accounts", phones: "Celular", emails: "Correo", lastNames: "Apellidos", names: "Nombre",
            others: "Contrasena"),
        .init(
            testDescription: "a Spanish phone book and form", phones: "Nº de teléfono; Nº de teléfono (móvil)",
            emails: "Dirección de correo electrónico", languages: "Idioma de comunicación", fullNames: "Nombre completo",
            others: "Marca temporal; Área / Puesto; Acción"),
        .init(
            testDescription: "a Brazilian shop's customers", phones: "Celular; Telefone Comercial; Telefone Celular", emails: "E-mail",
            lastNames: "Sobrenome", names: "Nome", others: "CPF; CEP; UF; Cidade; Empresa; Etiquetas"),
        .init(
            testDescription: "a village's contacts in Hindi", phones: "मोबाइल नंबर", names: "नाम",
            others: "गाँव; पिता का नाम; वैकल्पिक नंबर; व्यवसाय; पता; टिप्पणी"),
        .init(
            testDescription: "a census in Hindi", phones: "मोबाइल नंबर", lastNames: "उपनाम", names: "नाम",
            others: "पिता/पति का नाम; मोबाइल नंबर किसका है; आधार कार्ड नंबर; लिंग; पिन कोड"),
        .init(
            testDescription: "an export of contacts in Hindi", phones: "मोबाइल", emails: "ईमेल", names: "नाम", others: "श्रेणी; पता; नोट; एक्टिव"),
        .init(
            testDescription: "the same in Marathi", phones: "मोबाइल", emails: "ईमेल", names: "नाव", others: "श्रेणी; पत्ता; नोंद"),
        .init(
            testDescription: "farmers in Marathi", phones: "मोबाइल नंबर", firstNames: "पहिले नाव", lastNames: "आडनाव",
            others: "मधले नाव; लिंग; जन्म तारीख; पर्यायी नंबर; पत्ता; पिन कोड; आधार नंबर; गट नंबर"),
        .init(
            testDescription: "a Marathi registration", phones: "मोबाईल नंबर ( १० अंकी ); Mobile No/दूरध्वनी क्रमांक:-", emails: "इमेल आयडी",
            firstNames: "नाव (First Name)", lastNames: "Last Name (आडनाव)", others: "वडिलांचे नाव"),
    ]
}
