package import RPCContract
import Vocabulary

/// Whom a campaign is for: people with what is filled in for each of them.
package struct BroadcastList: Codable, Sendable, Equatable {
    package var id: String
    package var name: String
    package var members: Int
    /// Unix milliseconds.
    package var createdAt: Int64

    package init(id: String, name: String, members: Int, createdAt: Int64) {
        self.id = id
        self.name = name
        self.members = members
        self.createdAt = createdAt
    }

    package static let example = BroadcastList(
        id: "01JL0000000000000000000000", name: "Diwali 2026", members: 48_000, createdAt: 1_790_000_000_000)
}

/// One person a message is for.
package struct Recipient: Codable, Sendable, Equatable {
    /// A phone number with country code, or a BSUID.
    package var contact: String
    /// Filled into the template.
    package var variables: [String: String]?
    /// Such as `Asia/Kolkata`; by the phone number's country where absent.
    package var timeZone: String?

    package init(contact: String, variables: [String: String]? = nil, timeZone: String? = nil) {
        self.contact = contact
        self.variables = variables
        self.timeZone = timeZone
    }
}

/// A row that was left out, and why.
package struct RowProblem: Codable, Sendable, Equatable {
    /// Counted from 1; in a CSV the header is line 1.
    package var line: Int
    package var problem: String

    package init(line: Int, problem: String) {
        self.line = line
        self.problem = problem
    }
}

package enum CreateBroadcastList: RPCMethod {
    package static let name = "broadcastList.create"
    package static let summary = "Makes an empty list of recipients; the same name again gives the list that is there."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package typealias Reply = BroadcastList

    package struct Params: Codable, Sendable {
        package var name: String

        package init(name: String) { self.name = name }
    }

    package static let example = RPCExample(Params(name: "Diwali 2026"), BroadcastList.example)

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...128).contains(params.name.count) else { throw Fault(.params, "name has 1 to 128 characters.", path: "name") }
    }
}

package enum AddToBroadcastList: RPCMethod {
    package static let name = "broadcastList.add"
    package static let summary =
        "Adds recipients, from a list or from CSV; who is there already gets the new values. Wrong rows are reported, the rest goes on."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.listUnknown, .csvUnreadable]

    package struct Params: Codable, Sendable {
        package var id: String
        /// Up to 20,000.
        package var recipients: [Recipient]?
        /// Up to 4 MiB with a header: `phone` (or `contact`), optionally `timezone`; every other column is a variable.
        package var csv: String?
        /// Put before national numbers, such as `91`.
        package var countryCode: String?
        /// The line of the file on which `csv` begins, for reports; 1 where absent.
        package var firstLine: Int?

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

    package struct Reply: Codable, Sendable {
        package var added: Int
        package var updated: Int
        /// At most 1,000 of them.
        package var problems: [RowProblem]
        package var members: Int

        package init(added: Int, updated: Int, problems: [RowProblem], members: Int) {
            self.added = added
            self.updated = updated
            self.problems = problems
            self.members = members
        }
    }

    package static let example = RPCExample(
        Params(id: BroadcastList.example.id, csv: "phone,name\n+919876543210,Asha\n", countryCode: "91", firstLine: 1),
        Reply(added: 1, updated: 0, problems: [RowProblem(line: 3, problem: "phone is not a phone number")], members: 1)
    )

    package static let alternatives = [
        Params(
            id: BroadcastList.example.id,
            recipients: [Recipient(contact: "+919876543210", variables: ["name": "Asha"], timeZone: "Asia/Kolkata")])
    ]

    package static func validate(_ params: Params) throws(Fault) {
        guard (params.recipients == nil) != (params.csv == nil) else {
            throw Fault(.params, "Give either recipients or csv.", path: "recipients")
        }
        guard (params.recipients?.count ?? 0) <= 20_000 else {
            throw Fault(.params, "recipients holds up to 20,000; add more in further calls.", path: "recipients")
        }
        guard (params.csv?.utf8.count ?? 0) <= 4 * 1024 * 1024 else {
            throw Fault(.params, "csv has up to 4 MiB; add more in further calls.", path: "csv")
        }
    }
}

package enum RemoveFromBroadcastList: RPCMethod {
    package static let name = "broadcastList.remove"
    package static let summary = "Takes people off a list."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.listUnknown]
    package typealias Reply = BroadcastList

    package struct Params: Codable, Sendable {
        package var id: String
        /// Up to 20,000.
        package var contacts: [String]

        package init(id: String, contacts: [String]) {
            self.id = id
            self.contacts = contacts
        }
    }

    package static let example = RPCExample(
        Params(id: BroadcastList.example.id, contacts: ["+919876543210"]), BroadcastList.example)
}

/// Names one list.
package struct BroadcastListReference: Codable, Sendable {
    package var id: String

    package init(_ id: String) { self.id = id }
}

package enum GetBroadcastList: RPCMethod {
    package static let name = "broadcastList.get"
    package static let summary = "Gives one list."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.listUnknown]
    package typealias Reply = BroadcastList
    package static let example = RPCExample(BroadcastListReference(BroadcastList.example.id), BroadcastList.example)
}

package enum DeleteBroadcastList: RPCMethod {
    package static let name = "broadcastList.delete"
    package static let summary = "Deletes a list; campaigns that were planned from it keep their recipients."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.listUnknown]
    package static let example = RPCExample(BroadcastListReference(BroadcastList.example.id), Nothing())
}

package enum ListBroadcastLists: RPCMethod {
    package static let name = "broadcastList.list"
    package static let summary = "Lists the lists, newest first."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Codable, Sendable {
        package var items: [BroadcastList]

        package init(items: [BroadcastList]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: [.example]))
}
