package import RPCContract

package enum ImportContacts: RPCMethod {
    package static let name = "contact.import"
    package static let summary = "Adds or updates contacts from CSV; a row that is wrong is reported and the rest goes on."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/contacts/import", .admin)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.csvInvalid]

    package struct Params: Described {
        package var csv: String
        package var countryCode: String?
        package var firstLine: Int?

        package static let fields: Fields = [
            "csv": .text(
                "Contacts as CSV. The header names one or more phone columns, and it may name columns for name, first_name, last_name, email and language, also in German, Spanish, Portuguese, French, Hindi and Marathi. Of a row's numbers the first that can be read is taken: those of a mobile column go first, and one cell may have several (:::).",
                1...8_388_608),
            "countryCode": .callingCode(
                "Country code to put before national numbers, such as 91. Every number needs its own country code if absent."),
            "firstLine": .whole(
                "Line of the whole file that the header of `csv` stands for, if `csv` is only a part of it. Problems are counted from there.",
                1...1_000_000_000, absent: 1),
        ]

        package init(csv: String, countryCode: String? = nil, firstLine: Int? = nil) {
            self.csv = csv
            self.countryCode = countryCode
            self.firstLine = firstLine
        }
    }

    package struct RowProblem: Described, Equatable {
        package var line: Int
        package var problem: String

        package static let fields: Fields = [
            "line": .whole("Number of the record in the file. The header is 1.", 2...1_100_000_000),
            "problem": .text("Why the row was left out.", 1...256),
        ]

        package init(line: Int, problem: String) {
            self.line = line
            self.problem = problem
        }
    }

    package struct RowNote: Described, Equatable {
        package var line: Int
        package var note: String

        package static let fields: Fields = [
            "line": .whole("Number of the record in the file. The header is 1.", 2...1_100_000_000),
            "note": .text("What of the row was left out, and why.", 1...256),
        ]

        package init(line: Int, note: String) {
            self.line = line
            self.note = note
        }
    }

    package struct Reply: Described {
        package var created: Int
        package var updated: Int
        package var unchanged: Int
        package var problems: [RowProblem]
        package var notes: [RowNote]
        package var unused: [String]?

        package static let fields: Fields = [
            "created": .count("Contacts that were added."),
            "updated": .count("Rows that changed a contact."),
            "unchanged": .count("Rows whose values the contact had already."),
            "problems": .list("Rows that were left out, with the reason. Further ones are not reported if the list is full.", 0...1000),
            "notes": .list(
                "Rows that were taken and have something that was not, such as further numbers. Further ones are not reported if the list is full.",
                0...1000),
            "unused": .list(
                "Columns of the CSV that were left out with what they hold, as no contact has such a thing. It is absent if there are none.",
                1...256, of: .text(1...64)),
        ]

        package init(
            created: Int, updated: Int, unchanged: Int, problems: [RowProblem], notes: [RowNote], unused: [String]? = nil
        ) {
            self.created = created
            self.updated = updated
            self.unchanged = unchanged
            self.problems = problems
            self.notes = notes
            self.unused = unused
        }
    }

    package static let example = RPCExample(
        Params(csv: "phone,name,city\n+919876543210,Asha Rao,Pune\n12,Nobody,\n", countryCode: "91", firstLine: 1),
        Reply(
            created: 1, updated: 0, unchanged: 0, problems: [RowProblem(line: 3, problem: "phone is not a phone number")],
            notes: [RowNote(line: 2, note: "a contact has one number, so the row's other numbers are left out: +91 9876500011")],
            unused: ["city"])
    )
}
