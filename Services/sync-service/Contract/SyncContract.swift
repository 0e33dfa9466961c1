package import RPCContract
package import Vocabulary

/// What sync-service answers.
package enum SyncContract: Contract {
    package static let process = "sync-service"
    package static let version = "0.1.0"
    package static let methods: [any RPCMethod.Type] = [
        LookupContact.self, CreateContact.self, UpdateContact.self, DeleteContact.self, ListContacts.self, SearchContacts.self,
        ImportContacts.self,
    ]
}

extension FaultCode {
    package static let contactUnknown = FaultCode(
        number: 5100, reason: "contact_unknown", http: 404, meaning: "No such contact in the mirror.")
    package static let contactTaken = FaultCode(
        number: 5101, reason: "contact_taken", http: 409, meaning: "The number belongs to another contact.")
    package static let csvInvalid = FaultCode(
        number: 5200, reason: "csv_invalid", http: 422, meaning: "The text is no CSV with a header that names a phone column.")
}

/// A person or company in the mirror.
package struct Contact: Codable, Sendable, Equatable {
    package var id: String
    /// Digits with country code.
    package var phone: ContactID?
    package var bsuid: ContactID?
    package var name: String
    package var firstName: String?
    package var email: String?
    /// A code such as `hi`.
    package var language: String?
    package var workspace: String
    /// Unix milliseconds.
    package var updatedAt: Int64

    package init(
        id: String,
        phone: ContactID?,
        bsuid: ContactID?,
        name: String,
        firstName: String?,
        email: String?,
        language: String?,
        workspace: String,
        updatedAt: Int64
    ) {
        self.id = id
        self.phone = phone
        self.bsuid = bsuid
        self.name = name
        self.firstName = firstName
        self.email = email
        self.language = language
        self.workspace = workspace
        self.updatedAt = updatedAt
    }

    package static let example = Contact(
        id: "01JD0000000000000000000000",
        phone: "919876543210",
        bsuid: "IN.13491208655302741918",
        name: "Asha Rao",
        firstName: "Asha",
        email: "asha@example.com",
        language: "hi",
        workspace: "default",
        updatedAt: 1_790_000_000_000
    )
}

package enum LookupContact: RPCMethod {
    package static let name = "contact.lookup"
    package static let summary = "Finds a contact by phone number or BSUID in the mirror."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway, .accountRouter, .intelligenceService]
    package static let faults: [FaultCode] = [.contactUnknown]
    package typealias Reply = Contact

    package struct Params: Codable, Sendable {
        /// As people write it, with country code.
        package var phone: String?
        package var bsuid: String?

        package init(phone: String? = nil, bsuid: String? = nil) {
            self.phone = phone
            self.bsuid = bsuid
        }
    }

    package static let example = RPCExample(Params(phone: "+91 98765 43210"), Contact.example)
    package static let alternatives = [Params(bsuid: "IN.13491208655302741918")]

    package static func validate(_ params: Params) throws(Fault) {
        guard (params.phone == nil) != (params.bsuid == nil) else { throw Fault(.params, "Give either phone or bsuid.", path: "phone") }
        if let phone = params.phone, PhoneNumber.normalise(phone) == nil {
            throw Fault(.params, "phone is not a phone number with country code.", path: "phone")
        }
        if let bsuid = params.bsuid, !ContactID(bsuid).isBSUID {
            throw Fault(.params, "bsuid is a country code, a dot and an id.", path: "bsuid")
        }
    }
}

package enum CreateContact: RPCMethod {
    package static let name = "contact.create"
    package static let summary = "Adds a contact to the mirror; the same values again change nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.contactTaken]
    package typealias Reply = Contact

    package struct Params: Codable, Sendable {
        package var phone: String?
        package var bsuid: String?
        /// 1 to 256 characters.
        package var name: String
        package var firstName: String?
        package var email: String?
        package var language: String?

        package init(
            phone: String?, bsuid: String? = nil, name: String, firstName: String? = nil, email: String? = nil, language: String? = nil
        ) {
            self.phone = phone
            self.bsuid = bsuid
            self.name = name
            self.firstName = firstName
            self.email = email
            self.language = language
        }
    }

    package static let example = RPCExample(
        Params(
            phone: "+91 98765 43210",
            bsuid: "IN.13491208655302741918",
            name: "Asha Rao",
            firstName: "Asha",
            email: "asha@example.com",
            language: "hi"
        ),
        Contact.example
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard params.phone != nil || params.bsuid != nil else { throw Fault(.params, "Give phone, bsuid or both.", path: "phone") }
        if let phone = params.phone, PhoneNumber.normalise(phone) == nil {
            throw Fault(.params, "phone is not a phone number with country code.", path: "phone")
        }
        if let bsuid = params.bsuid, !ContactID(bsuid).isBSUID {
            throw Fault(.params, "bsuid is a country code, a dot and an id.", path: "bsuid")
        }
        guard (1...256).contains(params.name.count) else { throw Fault(.params, "name has 1 to 256 characters.", path: "name") }
    }
}

package enum UpdateContact: RPCMethod {
    package static let name = "contact.update"
    package static let summary = "Changes a contact; absent fields stay as they are."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.contactUnknown]
    package typealias Reply = Contact

    package struct Params: Codable, Sendable {
        package var id: String
        package var name: String?
        package var firstName: String?
        package var email: String?
        package var language: String?

        package init(id: String, name: String? = nil, firstName: String? = nil, email: String? = nil, language: String? = nil) {
            self.id = id
            self.name = name
            self.firstName = firstName
            self.email = email
            self.language = language
        }
    }

    package static let example = RPCExample(
        Params(id: Contact.example.id, name: "Asha Rao", firstName: "Asha", email: "asha@example.com", language: "hi"),
        Contact.example
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...256).contains(params.name?.count ?? 1) else { throw Fault(.params, "name has 1 to 256 characters.", path: "name") }
    }
}

package enum DeleteContact: RPCMethod {
    package static let name = "contact.delete"
    package static let summary = "Removes a contact from the mirror."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.contactUnknown]

    package struct Params: Codable, Sendable {
        package var id: String

        package init(id: String) { self.id = id }
    }

    package static let example = RPCExample(Params(id: Contact.example.id), Nothing())
}

/// A page of contacts.
package struct ContactPage: Codable, Sendable {
    package var items: [Contact]
    package var next: String?

    package init(items: [Contact], next: String? = nil) {
        self.items = items
        self.next = next
    }

    package static let example = ContactPage(items: [.example], next: "01JD0000000000000000000000")
}

package enum ListContacts: RPCMethod {
    package static let name = "contact.list"
    package static let summary = "Lists contacts in the order in which they were added."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package typealias Reply = ContactPage

    package struct Params: Codable, Sendable {
        /// 1 to 1,000; 100 where absent.
        package var limit: Int?
        package var cursor: String?

        package init(limit: Int? = nil, cursor: String? = nil) {
            self.limit = limit
            self.cursor = cursor
        }
    }

    package static let example = RPCExample(Params(limit: 100, cursor: "01JD0000000000000000000000"), ContactPage.example)

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...1000).contains(params.limit ?? 100) else { throw Fault(.params, "limit is 1 to 1,000.", path: "limit") }
    }
}

package enum SearchContacts: RPCMethod {
    package static let name = "contact.search"
    package static let summary = "Finds contacts whose name, e-mail or number contains the words."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package typealias Reply = ContactPage

    package struct Params: Codable, Sendable {
        /// 1 to 100 characters.
        package var query: String
        /// 1 to 1,000; 50 where absent.
        package var limit: Int?
        /// `next` of the page before.
        package var cursor: String?

        package init(query: String, limit: Int? = nil, cursor: String? = nil) {
            self.query = query
            self.limit = limit
            self.cursor = cursor
        }
    }

    package static let example = RPCExample(
        Params(query: "asha", limit: 50, cursor: "01JD0000000000000000000000"), ContactPage.example)

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...100).contains(params.query.count) else { throw Fault(.params, "query has 1 to 100 characters.", path: "query") }
        guard (1...1000).contains(params.limit ?? 50) else { throw Fault(.params, "limit is 1 to 1,000.", path: "limit") }
    }
}

package enum ImportContacts: RPCMethod {
    package static let name = "contact.import"
    package static let summary = "Adds or updates contacts from CSV; a row that is wrong is reported and the rest goes on."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.csvInvalid]

    package struct Params: Codable, Sendable {
        /// With a header: phone (required), name, first_name, email, language, bsuid, in any order.
        package var csv: String
        /// Put before national numbers, such as `91`.
        package var countryCode: String?
        /// The line of the file on which `csv` begins, for reports; 1 where absent.
        package var firstLine: Int?

        package init(csv: String, countryCode: String? = nil, firstLine: Int? = nil) {
            self.csv = csv
            self.countryCode = countryCode
            self.firstLine = firstLine
        }
    }

    package struct RowProblem: Codable, Sendable, Equatable {
        /// The record's number in the file, the header being 1.
        package var line: Int
        package var problem: String

        package init(line: Int, problem: String) {
            self.line = line
            self.problem = problem
        }
    }

    package struct Reply: Codable, Sendable {
        package var created: Int
        package var updated: Int
        package var unchanged: Int
        /// At most 1,000.
        package var problems: [RowProblem]

        package init(created: Int, updated: Int, unchanged: Int, problems: [RowProblem]) {
            self.created = created
            self.updated = updated
            self.unchanged = unchanged
            self.problems = problems
        }
    }

    package static let example = RPCExample(
        Params(csv: "phone,name\n+919876543210,Asha Rao\n12,Nobody\n", countryCode: "91", firstLine: 1),
        Reply(created: 1, updated: 0, unchanged: 0, problems: [RowProblem(line: 3, problem: "phone is not a phone number")])
    )

    package static func validate(_ params: Params) throws(Fault) {
        if let code = params.countryCode, !(1...3).contains(code.count) || !code.allSatisfy(\.isNumber) {
            throw Fault(.params, "countryCode is 1 to 3 digits.", path: "countryCode")
        }
    }
}
