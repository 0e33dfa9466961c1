import ArgumentParser
import Foundation
import RPCContract
import RPCTransport
import SyncContract
import Vocabulary

/// Contacts.
struct Contacts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Contacts: list, search, look up, add, import.",
        subcommands: [List.self, Search.self, Lookup.self, Add.self, Import.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List contacts.", discussion: "On a narrow terminal long texts are cut and ids left out.")
        @OptionGroup var connection: Connection
        @Flag(help: "Show the ids on a narrow terminal, too.") var ids = false
        @Option(parsing: .unconditional, help: ArgumentHelp("How many at most.", valueName: "n")) var limit = 100

        func run() async throws {
            let page = try await connection.call(SyncContract.self, ListContacts.self, ListContacts.Params(limit: limit))
            try connection.show(page) { show(page.items, connection, ids: ids) }
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find contacts by name, e-mail or number.",
            discussion: "All the words must be there, in any order. A number is found however it is written, and by a part of it.")
        @OptionGroup var connection: Connection
        @Flag(help: "Show the ids on a narrow terminal, too.") var ids = false
        @Argument(help: "What to look for.") var query: String

        func run() async throws {
            let page = try await connection.call(SyncContract.self, SearchContacts.self, SearchContacts.Params(query: query))
            try connection.show(page) {
                show(
                    page.items, connection, ids: ids,
                    nothing: "nobody's name, e-mail address or number matches \(TerminalText.plain(query))")
            }
        }
    }

    struct Lookup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Find one contact by phone number or BSUID.")
        @OptionGroup var connection: Connection
        @Argument(help: "Phone number with country code, or a BSUID.") var phone: String

        func run() async throws {
            let params = ContactID(phone).isBSUID ? LookupContact.Params(bsuid: phone) : LookupContact.Params(phone: phone)
            let contact = try await connection.call(SyncContract.self, LookupContact.self, params)
            try connection.show(contact) { show([contact], connection, ids: true) }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a contact.")
        @OptionGroup var connection: Connection
        @Argument(help: "Phone number with country code.") var phone: String
        @Argument(help: "The name.") var name: String?
        @Option(name: .customLong("name"), help: ArgumentHelp("The name, where it does not follow the number.", valueName: "name"))
        var named: String?

        func validate() throws {
            guard (name == nil) == (named == nil) else { return }
            throw ValidationError("Give the name once: linda contacts add PHONE NAME, or --name NAME.")
        }

        func run() async throws {
            let name = name ?? named ?? ""
            let params = CreateContact.Params(phone: phone, name: name, firstName: name.split(separator: " ").first.map(String.init))
            let former = try await known()
            if let former, former.name != name {
                let (whose, number) = (connection.shownName(former.name), former.phone.map(connection.shown) ?? phone)
                throw Trouble(
                    "\(number) is the number of \(whose) already (\(former.id)): nothing has changed. linda contacts import changes a name."
                )
            }
            let contact = try await connection.call(SyncContract.self, CreateContact.self, params)
            try connection.show(contact) {
                print(Self.outcome(connection.shownName(contact.name), now: contact, before: former))
            }
        }

        /// Who has the number, if anybody has.
        private func known() async throws -> Contact? {
            try connection.reach(SyncContract.self)
            let client = connection.client(SyncContract.self)
            do throws(Fault) {
                let contact = try await client.call(LookupContact.self, LookupContact.Params(phone: phone), meta: connection.meta)
                await client.close()
                return contact
            } catch {
                await client.close()
                guard error.code == .contactUnknown else { throw Trouble(error) }
                return nil
            }
        }

        /// What has come of it.
        ///
        /// - Parameters:
        ///   - name: what the contact is called on this screen.
        ///   - former: the contact as it was; nil where there was none.
        static func outcome(_ name: String, now contact: Contact, before former: Contact?) -> String {
            guard let former else { return "added \(name) as \(contact.id)" }
            let changes = [
                (former.firstName == contact.firstName, "first name"), (former.email == contact.email, "e-mail address"),
                (former.language == contact.language, "language"),
            ]
            let changed = changes.filter { !$0.0 }.map(\.1).joined(separator: ", ")
            return changed.isEmpty
                ? "\(name) is a contact already, and is as it was: \(contact.id)" : "changed \(name), \(contact.id): \(changed)"
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add or update contacts from a CSV file.",
            discussion:
                """
                The header names one or more phone columns, and may name name, first_name, last_name, email and language, in English, German, \
                Spanish, Portuguese, French, Hindi or Marathi; exports of Outlook and Google Contacts are read as they are. Columns that hold \
                something else are named as left out. Of a row's numbers a mobile one goes first. Wrong rows are reported with their line, and \
                so are further numbers of a row, as a contact has one.
                """
        )
        @OptionGroup var connection: Connection
        @Argument(help: "The file.", completion: .file(extensions: ["csv"])) var file: String
        @Option(help: ArgumentHelp("Country code for national numbers, such as 91.", valueName: "digits")) var countryCode: CountryCode?

        func run() async throws {
            let people = try PeopleFile(TextFile.read(file), named: file)
            try connection.reach(SyncContract.self)
            let client = connection.client(SyncContract.self)
            let reply = try await ContactUpload(client: client, meta: connection.meta, countryCode: countryCode?.digits).run(people)
            await client.close()
            try connection.show(reply) {
                print(
                    "\(reply.created) added, \(reply.updated) updated, \(reply.unchanged) unchanged, \(reply.problems.count) rows with problems"
                )
                if let columns = ImportedColumns.leftOut(reply.unused) { print(columns) }
                for problem in reply.problems.prefix(20) { print("\(file):\(problem.line): \(Spoken.text(problem.problem))") }
                if reply.problems.count > 20 { print("… and \(reply.problems.count - 20) more; --json shows all") }
                for note in reply.notes.prefix(20) { print("\(file):\(note.line): \(connection.shownText(Spoken.text(note.note)))") }
                if reply.notes.count > 20 { print("… and \(reply.notes.count - 20) more such notes; --json shows all") }
            }
            if !reply.problems.isEmpty { throw ExitCode(1) }
        }
    }

    fileprivate static func show(_ contacts: [Contact], _ connection: Connection, ids: Bool, nothing: String = "nothing yet") {
        table(contacts, connection, ids: ids).print(nothing: nothing)
    }

    /// A table of contacts.
    static func table(_ contacts: [Contact], _ connection: Connection, ids: Bool) -> Table {
        var table = Table("PHONE", "NAME", "LANGUAGE", "E-MAIL", "IN THE APP", "ID")
        (table.cuttable, table.spare) = (["NAME", "E-MAIL", "IN THE APP"], (ids ? [] : ["ID"]) + ["LANGUAGE", "E-MAIL", "IN THE APP"])
        for contact in contacts {
            table.addVerbatim(
                (contact.phone ?? contact.bsuid).map(connection.shown) ?? "-", connection.shownName(of: contact), contact.language ?? "-",
                contact.email.map(connection.shownEmail) ?? "-",
                // Empty where no app has the contact, so that the column goes where none has any.
                contact.app.map { connection.shownName($0.name ?? $0.firstName ?? "yes") } ?? "", contact.id)
        }
        return table
    }
}

extension Connection {
    /// Nothing where a contact is called by its number, as whoever has no name is.
    func shownName(of contact: Contact) -> String { contact.name == contact.phone?.rawValue ? "-" : shownName(contact.name) }
}
