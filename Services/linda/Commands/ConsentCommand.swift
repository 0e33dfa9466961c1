import AccountContract
import ArgumentParser
import CSVTable
import Foundation
import RPCContract
import Vocabulary

/// What contacts have agreed to.
struct ConsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent",
        abstract: "What contacts have agreed to: show, record, import, list.",
        subcommands: [List.self, Show.self, Record.self, Import.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Count contacts by what they have agreed to.")
        @OptionGroup var connection: Connection
        @Option(help: ArgumentHelp("List the contacts of this state instead: \(ConsentCommand.states).", valueName: "state"))
        var state: String?

        func run() async throws {
            let wanted = try state.map(ConsentCommand.state)
            let reply = try await connection.call(
                AccountContract.self, ListConsents.self, ListConsents.Params(state: wanted, limit: wanted == nil ? 1 : 1000))
            try connection.show(reply) {
                guard wanted == nil else {
                    var table = Table("CONTACT", "STATE", "SINCE")
                    for item in reply.items { table.add(connection.shown(item.contact), item.state.rawValue, item.at.asTime) }
                    table.print()
                    return
                }
                var table = Table("STATE", "CONTACTS")
                for (state, count) in reply.counts.sorted(by: { $0.key < $1.key }) { table.add(state, "\(count)") }
                table.print()
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a contact's consent with its whole history.")
        @OptionGroup var connection: Connection
        @Argument(help: "Phone number with country code, or a BSUID.") var contact: String

        func run() async throws {
            let consent = try await connection.call(AccountContract.self, GetConsent.self, GetConsent.Params(contact: contact))
            try connection.show(consent) {
                print(consent.state?.rawValue ?? "nothing is known: no marketing is sent")
                guard !consent.steps.isEmpty else { return }
                var table = Table("AT", "STATE", "HOW", "BY", "PROOF")
                for step in consent.steps {
                    table.add(step.at.asTime, step.state.rawValue, step.source, step.actor ?? "", connection.shownText(step.proof ?? ""))
                }
                table.print()
            }
        }
    }

    struct Record: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Record what a contact has agreed to.")
        @OptionGroup var connection: Connection
        @Argument(help: "Phone number with country code, or a BSUID.") var contact: String
        @Argument(help: "One of \(ConsentCommand.states).") var state: String
        @Option(help: ArgumentHelp("How it was given, such as form.", valueName: "how")) var source = "operator"
        @Option(help: ArgumentHelp("What shows it.", valueName: "text")) var proof: String?
        @Option(help: ArgumentHelp("When, as 2026-10-01T10:00:00Z or `now`; needed to grant again after a STOP.", valueName: "time"))
        var at: String?

        func run() async throws {
            let now = at == "now" ? await connection.now() : nil
            let moment =
                try now
                ?? at.map { text in
                    guard let time = Timestamp(written: text) else {
                        throw Trouble("--at \(text) is not a time that exists. Write it like 2026-10-01T10:00:00Z.")
                    }
                    return time
                }
            let item = RecordConsent.Item(
                contact: contact, state: try ConsentCommand.state(state), at: moment, source: source, proof: proof)
            let reply = try await connection.call(AccountContract.self, RecordConsent.self, RecordConsent.Params(items: [item]))
            let standing = try await connection.call(AccountContract.self, GetConsent.self, GetConsent.Params(contact: contact)).state
            if let problem = reply.problems.first, !connection.json { throw Trouble(Spoken.text(problem.problem)) }
            let isOutdone = reply.problems.isEmpty && standing != item.state
            try connection.show(reply) {
                let words = reply.changed == 1 ? "recorded" : "recorded; nothing changed"
                print(isOutdone ? "recorded, but a later statement holds: the person is \(standing?.rawValue ?? "unknown")" : words)
            }
            guard reply.problems.isEmpty, !isOutdone else { throw ExitCode(1) }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import proofs: lines of contact, state, time (ISO 8601), how, proof.",
            discussion: "+919876543210,granted,2026-10-01T10:00:00Z,form,https://example.org/signup/4711")
        @OptionGroup var connection: Connection
        @Argument(
            help: "A CSV file; without a header its columns are contact, state, time, how, proof.", completion: .file(extensions: ["csv"]))
        var file: String
        @Option(help: ArgumentHelp("Country code for national numbers, such as 91.", valueName: "digits")) var countryCode: CountryCode?

        /// The statements, the line of each, what is wrong with others, and the columns that were left out.
        func read(
            _ text: String
        ) throws -> (items: [RecordConsent.Item], lines: [Int], problems: [String], unused: [String]) {
            // A first line with a state in it is no header.
            let first = text.prefix { !$0.isNewline }.split(omittingEmptySubsequences: false) { ",;\t".contains($0) }
                .map { $0.trimmingCharacters(in: .whitespaces.union(["\""])) }
            let hasHeader = !(first.count > 1 && Consent.State(rawValue: first[1].lowercased()) != nil)
            let separator = text.prefix { !$0.isNewline }.first { ",;\t".contains($0) } ?? ","
            let header = ["contact", "state", "time", "how", "proof"].joined(separator: String(separator))
            let table: CSVTable
            let columns: (contact: PhoneColumns, state: Int, time: Int, how: Int)
            do throws(CSVTable.Unreadable) {
                table = try CSVTable(hasHeader ? text : header + "\n" + text, firstLine: hasHeader ? 1 : 0)
                columns = (
                    try PhoneColumns(of: table, or: ["contact", "bsuid"], called: "contact", such: "contact,state,time,how,proof"),
                    try table.required(["state", "status", "consent"], called: "state"),
                    try table.required(["time", "at", "date", "when"], called: "time"),
                    try table.required(["how", "source"], called: "how")
                )
            } catch { throw Trouble("\(file): \(error.reason)") }
            let proof = table.column(["proof"])
            var (items, lines, problems): ([RecordConsent.Item], [Int], [String]) = ([], [], [])
            for row in table.rows {
                do throws(Trouble) {
                    if let problem = row.problem { throw Trouble(problem) }
                    items.append(try item(row, columns, proof: row.text(proof)))
                    lines.append(row.line)
                } catch { problems.append("\(file):\(row.line): \(error.description)") }
            }
            let read = [columns.state, columns.time, columns.how, proof].compactMap(\.self)
            return (items, lines, problems, table.others(than: columns.contact.places.union(read)))
        }

        private func item(
            _ row: CSVTable.Row, _ columns: (contact: PhoneColumns, state: Int, time: Int, how: Int), proof: String?
        ) throws(Trouble) -> RecordConsent.Item {
            // One cell says whose statement it is: another number of the row is no substitute for it.
            let written = columns.contact.texts(in: row)
            guard !written.isEmpty, let word = row.text(columns.state), let time = row.text(columns.time), let how = row.text(columns.how)
            else { throw Trouble("expected contact, state, time, how and perhaps proof") }
            // What cannot be read is no other number.
            let numbers = Set(columns.contact.every(in: row).compactMap { try? ContactID(reading: $0, countryCode: countryCode?.digits) })
            // One person may have a number and a BSUID.
            guard [true, false].allSatisfy({ isBSUID in numbers.count { $0.isBSUID == isBSUID } < 2 }) else {
                throw Trouble("has several numbers; a statement is of one")
            }
            let contact: ContactID
            do throws(PhoneNumber.Problem) {
                contact = try PhoneNumber.readFirst(of: written, countryCode: countryCode?.digits, orBSUID: true)
            } catch {
                throw Trouble("the contact \(Spoken.text(error.wordsInFile))")
            }
            guard let state = Consent.State(rawValue: word.lowercased()) else {
                throw Trouble("\(word) is not a state; the states are \(ConsentCommand.states)")
            }
            guard let moment = Timestamp(written: time) else {
                throw Trouble("\(time) is not a time such as 2026-10-01T10:00:00Z, or there is no such day or hour")
            }
            // The process would take the others without it.
            guard moment <= Date.now.timestamp else { throw Trouble("\(time) is in the future") }
            return RecordConsent.Item(
                contact: contact.written, state: state, at: moment, source: how, proof: proof)
        }

        func run() async throws {
            let (items, lines, problems, unused) = try read(TextFile.read(file))
            // A line that cannot be read may be a STOP: nothing is taken before all can be.
            guard problems.isEmpty else {
                throw Trouble(lines: problems, "nothing was imported; correct these lines first")
            }
            var total = RecordConsent.Reply(changed: 0, unchanged: 0, problems: [])
            for start in stride(from: 0, to: items.count, by: 5000) {
                let part = Array(items[start..<min(start + 5000, items.count)])
                let reply = try await connection.call(AccountContract.self, RecordConsent.self, RecordConsent.Params(items: part))
                total.changed += reply.changed
                total.unchanged += reply.unchanged
                total.problems += reply.problems.map { RecordConsent.Problem(index: $0.index + start, problem: $0.problem) }
            }
            let (result, wrong) = (total, total.problems.map { "\(file):\(lines[$0.index]): \($0.problem)" })
            try connection.show(result) {
                print("\(result.changed) changed, \(result.unchanged) unchanged, \(wrong.count) lines with problems")
                if let columns = ImportedColumns.leftOut(unused) { print("  \(columns)") }
                for problem in wrong.prefix(20) { print("  \(problem)") }
                if wrong.count > 20 { print("  … and \(wrong.count - 20) more") }
            }
            if !wrong.isEmpty { throw ExitCode(1) }
        }
    }

    /// Every state that can be recorded and asked for.
    private static let states = Consent.State.allCases.map(\.rawValue).joined(separator: ", ")

    private static func state(_ text: String) throws -> Consent.State {
        guard let state = Consent.State(rawValue: text.lowercased()) else {
            throw Trouble("\(text) is not one of \(states)")
        }
        return state
    }
}
