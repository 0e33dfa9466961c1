package import RPCContract
package import Vocabulary

/// Whom a campaign is for: people with what is filled in for each of them.
package struct BroadcastList: Described, Equatable {
    package var id: ListID
    package var name: String
    package var members: Int
    package var createdAt: Timestamp

    package static let fields: Fields = [
        "id": "The broadcast list.",
        "name": .text("Name of the list, shown to people.", 1...270),
        "members": .count("People that are on the list."),
        "createdAt": "When the list was made.",
    ]

    package init(id: ListID, name: String, members: Int, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.members = members
        self.createdAt = createdAt
    }

    package static let example = BroadcastList(
        id: "01JL0000000000000000000000", name: "Diwali 2026", members: 48_000, createdAt: Timestamp(milliseconds: 1_790_000_000_000))
}

/// One person a message is for.
package struct Recipient: Described, Equatable {
    package var contact: String
    package var variables: [String: String]?
    package var timeZone: String?

    /// What of a row's own values a message can be made of: more is a problem of the row, and not of the call.
    package static let variablesRule = Rule.map(0...64, of: .text(0...32_768))

    package static let fields: Fields = [
        "contact": .text(
            "The person to write to: a phone number with country code, or a BSUID. Any other text is a problem of the row.", 0...256),
        "variables": .map(
            "This person's own values for the template's variables. More than 64 are a problem of the row.", 0...1024, of: .text(0...2048)),
        "timeZone": Field(
            "The person's time zone, such as Asia/Kolkata. That of the phone number's country if absent. What is no zone is a problem of the row.",
            Rule.timeZone.orEmpty),
    ]

    package init(contact: String, variables: [String: String]? = nil, timeZone: String? = nil) {
        self.contact = contact
        self.variables = variables
        self.timeZone = timeZone
    }
}

/// A row that was left out, and why.
package struct RowProblem: Described, Equatable {
    package var line: Int
    package var problem: String

    package static let fields: Fields = [
        "line": .whole("The row that has the problem, counted from 1. In a CSV the header is line 1.", 1...1_000_000_000),
        "problem": .text("What is wrong with the row, in plain words.", 1...4096),
    ]

    package init(line: Int, problem: String) {
        self.line = line
        self.problem = problem
    }
}

package enum CreateBroadcastList: RPCMethod {
    package static let name = "broadcastList.create"
    package static let summary =
        "Makes an empty list of recipients; the same name again gives the list that is there."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/lists", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package typealias Reply = BroadcastList

    package struct Params: Described {
        package var name: String
        package var isHidden: Bool?

        package static let fields: Fields = [
            "name": .text("Name of the list. A name that is taken gives the list that has it.", 1...128, of: .line),
            "isHidden":
                "Whether the list is for one campaign alone: it is not listed, and it goes a month after the campaign has ended. False if absent.",
        ]

        package init(name: String, isHidden: Bool? = nil) {
            self.name = name
            self.isHidden = isHidden
        }
    }

    package static let example = RPCExample(Params(name: "Diwali 2026", isHidden: false), BroadcastList.example)
}

package enum AddToBroadcastList: RPCMethod {
    package static let name = "broadcastList.add"
    package static let summary =
        "Adds recipients, from a list or from CSV; who is there already gets the new values. Wrong rows are reported, the rest goes on."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/lists/{id}/members", .admin)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.listUnknown, .csvUnreadable]

    package struct Params: Described {
        package var id: String
        package var recipients: [Recipient]?
        package var csv: String?
        package var countryCode: String?
        package var firstLine: Int?

        package static let fields: Fields = [
            "id": .text("The list that gets the recipients.", 1...270, of: .line),
            "recipients": .list("The people to add. Give either recipients or csv.", 0...20_000),
            "csv": .text(
                "The people to add, as CSV with a header: a column phone, perhaps a column timezone, and every other column is a variable.",
                0...4_194_304),
            "countryCode": .callingCode(
                "Calling code that is put before national numbers in the CSV, such as 91. Numbers that may lack their country code are left out if absent."
            ),
            "firstLine": .whole(
                "The line of the file on which the CSV begins. It is used only to number the problems.", 1...100_000_000, absent: 1),
        ]

        package init(
            id: String,
            recipients: [Recipient]? = nil,
            csv: String? = nil,
            countryCode: String? = nil,
            firstLine: Int? = nil
        ) {
            self.id = id
            self.recipients = recipients
            self.csv = csv
            self.countryCode = countryCode
            self.firstLine = firstLine
        }
    }

    package struct Reply: Described {
        package var added: Int
        package var updated: Int
        package var problems: [RowProblem]
        package var members: Int
        package var variables: [String]?
        package var unused: [String]?

        package static let fields: Fields = [
            "added": .count("People that are new on the list."),
            "updated": .count("People that were on the list already and have got the new values."),
            "problems": .list("Rows that were left out or replaced by a later row; only the first problems are reported.", 0...1000),
            "members": .count("People that are now on the list."),
            "variables": .list(
                "Columns of the CSV that are variables: each fills the variable of a template that is spelt as it is, capitals included. It is absent if no CSV was given.",
                0...64, of: .text(1...64)),
            "unused": .list(
                "Columns of the CSV that fill nothing, as no variable can be called so. It is absent if there are none.", 1...64,
                of: .text(1...64)),
        ]

        package init(
            added: Int, updated: Int, problems: [RowProblem], members: Int, variables: [String]? = nil, unused: [String]? = nil
        ) {
            self.added = added
            self.updated = updated
            self.problems = problems
            self.members = members
            self.variables = variables
            self.unused = unused
        }
    }

    package static let example = RPCExample(
        Params(
            id: BroadcastList.example.id.rawValue, csv: "phone,name,pet's age\n+919876543210,Asha,3\n12,Ravi,4\n", countryCode: "91",
            firstLine: 1),
        Reply(
            added: 1, updated: 0, problems: [RowProblem(line: 3, problem: "phone is not a phone number")], members: 1,
            variables: ["name"], unused: ["pet's age"])
    )

    package static let alternatives = [
        Params(
            id: BroadcastList.example.id.rawValue,
            recipients: [Recipient(contact: "+919876543210", variables: ["name": "Asha"], timeZone: "Asia/Kolkata")])
    ]

    package static func validate(_ params: Params) throws(Fault) {
        guard (params.recipients == nil) != (params.csv == nil) else {
            throw Fault(.params, "Give either recipients or csv.", path: "recipients")
        }
    }
}

package enum RemoveFromBroadcastList: RPCMethod {
    package static let name = "broadcastList.remove"
    package static let summary = "Takes people off a list."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/lists/{id}/members/remove", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.listUnknown]
    package typealias Reply = BroadcastList

    package struct Params: Described {
        package var id: String
        package var contacts: [String]

        package static let fields: Fields = [
            "id": .text("The list that loses the people.", 1...270, of: .line),
            "contacts": .list("The people to take off, by phone number with country code or by BSUID.", 1...20_000, of: .text(1...256)),
        ]

        package init(id: String, contacts: [String]) {
            self.id = id
            self.contacts = contacts
        }
    }

    package static let example = RPCExample(
        Params(id: BroadcastList.example.id.rawValue, contacts: ["+919876543210"]), BroadcastList.example)
}

/// Names one list.
package struct BroadcastListReference: Described {
    package var id: String

    package static let fields: Fields = [
        "id": .text("The broadcast list that is meant: its id or its name.", 1...270, of: .line)
    ]

    package init(_ reference: String) { id = reference }
    package init(_ id: ListID) { self.id = id.rawValue }
}

package enum GetBroadcastList: RPCMethod {
    package static let name = "broadcastList.get"
    package static let summary = "Gives one list."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/lists/{id}", .viewer)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.listUnknown]
    package typealias Reply = BroadcastList
    package static let example = RPCExample(BroadcastListReference(BroadcastList.example.id), BroadcastList.example)
}

package enum DeleteBroadcastList: RPCMethod {
    package static let name = "broadcastList.delete"
    package static let summary =
        "Deletes a list from which nothing that recurs is planned; campaigns that were planned from it keep their recipients."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .delete("/v1/lists/{id}", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.listUnknown, .listBusy]
    package static let example = RPCExample(BroadcastListReference(BroadcastList.example.id), Nothing())
}

package enum ListBroadcastLists: RPCMethod {
    package static let name = "broadcastList.list"
    package static let summary = "Lists the lists, newest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/lists", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Described {
        package var items: [BroadcastList]

        package static let fields: Fields = [
            "items": .list("The broadcast lists, newest first.", 0...1000)
        ]

        package init(items: [BroadcastList]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: [.example]))
}
