package import RPCContract
package import Vocabulary

/// What sync-service answers.
package enum SyncContract: Contract {
    package static let process = ProcessName.syncService.rawValue
    package static let version = "0.12.0"
    package static let methods: [any RPCMethod.Type] = [
        LookupContact.self, CreateContact.self, UpdateContact.self, DeleteContact.self, ListContacts.self, SearchContacts.self,
        ImportContacts.self, RecordAppContacts.self,
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
package struct Contact: Described, Equatable {
    package var id: String
    package var phone: ContactID?
    package var bsuid: ContactID?
    package var name: String
    package var firstName: String?
    package var email: String?
    package var language: String?
    package var workspace: String
    package var updatedAt: Timestamp
    package var app: AppEntry?

    /// A full name, and a first one.
    package static let nameRule = Rule.text(1...256)

    package static let fields: Fields = [
        "id": .id("Our id of the contact."),
        "phone": "The phone number in digits, with country code. It is absent if only the BSUID is known.",
        "bsuid": "The business-scoped user id on WhatsApp. It is absent if only the phone number is known.",
        "name": Field("Full name, shown to people.", nameRule),
        "firstName": Field("Name by which messages address the person. It is absent if it is not known.", nameRule.orEmpty),
        "email": Field("E-mail address. It is absent if it is not known.", Rule.email.orEmpty),
        "language": .language("Language that the person prefers, such as hi. It is absent if it is not known."),
        "workspace": .workspace("Workspace that owns the contact."),
        "updatedAt": "When the contact was added or last changed.",
        "app":
            "What the address book of the WhatsApp Business app calls the contact. It is absent if no app of the workspace has them.",
    ]

    package init(
        id: String,
        phone: ContactID?,
        bsuid: ContactID?,
        name: String,
        firstName: String?,
        email: String?,
        language: String?,
        workspace: String,
        updatedAt: Timestamp,
        app: AppEntry? = nil
    ) {
        self.app = app
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
        updatedAt: Timestamp(milliseconds: 1_790_000_000_000),
        app: .example
    )
}

package enum LookupContact: RPCMethod {
    package static let name = "contact.lookup"
    package static let summary = "Finds a contact by phone number or BSUID in the mirror."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/contacts/lookup", .viewer)
    package static let callers: Set<Caller> = [.gateway, .accountRouter, .intelligenceService]
    package static let faults: [FaultCode] = [.contactUnknown]
    package typealias Reply = Contact

    package struct Params: Described {
        package var phone: String?
        package var bsuid: String?

        package static let fields: Fields = [
            "phone": .phone("Phone number of the contact to find. Exactly one of `phone` and `bsuid` is given."),
            "bsuid": .bsuid("Business-scoped user id of the contact to find. Exactly one of `phone` and `bsuid` is given."),
        ]

        package init(phone: String? = nil, bsuid: String? = nil) {
            self.phone = phone
            self.bsuid = bsuid
        }
    }

    package static let example = RPCExample(Params(phone: "+91 98765 43210"), Contact.example)
    package static let alternatives = [Params(bsuid: "IN.13491208655302741918")]

    package static func validate(_ params: Params) throws(Fault) {
        guard (params.phone == nil) != (params.bsuid == nil) else { throw Fault(.params, "Give either phone or bsuid.", path: "phone") }
        if let phone = params.phone { try ContactID.check(phone, path: "phone") }
    }
}

package enum CreateContact: RPCMethod {
    package static let name = "contact.create"
    package static let summary = "Adds a contact to the mirror; the same values again change nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/contacts", .agent)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.contactTaken]
    package typealias Reply = Contact

    package struct Params: Described {
        package var phone: String?
        package var bsuid: String?
        package var name: String
        package var firstName: String?
        package var email: String?
        package var language: String?

        package static let fields: Fields = [
            "phone": .phone("Phone number of the contact. It is required if `bsuid` is absent."),
            "bsuid": .bsuid("Business-scoped user id of the contact. It is required if `phone` is absent."),
            "name": Field("Full name, shown to people.", Contact.nameRule),
            "firstName": Field("Name by which messages address the person. It stays unknown if absent.", Contact.nameRule),
            "email": .email("E-mail address. It stays unknown if absent."),
            "language": .language("Language that the person prefers. It stays unknown if absent."),
        ]

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
        if let phone = params.phone { try ContactID.check(phone, path: "phone") }
    }
}

package enum UpdateContact: RPCMethod {
    package static let name = "contact.update"
    package static let summary = "Changes a contact; absent fields stay as they are."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .patch("/v1/contacts/{id}", .agent)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.contactUnknown]
    package typealias Reply = Contact

    package struct Params: Described {
        package var id: String
        package var name: String?
        package var firstName: String?
        package var email: String?
        package var language: String?

        package static let fields: Fields = [
            "id": .id("The contact to change."),
            "name": Field("New full name. The name stays as it is if absent.", Contact.nameRule),
            "firstName": Field("New name by which messages address the person. It stays as it is if absent.", Contact.nameRule.orEmpty),
            "email": Field("New e-mail address. It stays as it is if absent, and an empty one takes it away.", Rule.email.orEmpty),
            "language": .language("New language that the person prefers. It stays as it is if absent."),
        ]

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
}

package enum DeleteContact: RPCMethod {
    package static let name = "contact.delete"
    package static let summary = "Removes a contact from the mirror."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .delete("/v1/contacts/{id}", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.contactUnknown]

    package struct Params: Described {
        package var id: String

        package static let fields: Fields = [
            "id": .id("The contact to delete.")
        ]

        package init(id: String) { self.id = id }
    }

    package static let example = RPCExample(Params(id: Contact.example.id), Nothing())
}

/// A page of contacts; both lists of them go by the order in which contacts were added, and take each other's cursors.
package struct ContactPage: Described {
    package var items: [Contact]
    package var next: PageCursor<ListContacts>?

    package static let fields: Fields = [
        "items": .list("The contacts, in the order in which they were added.", 0...1000),
        "next": .cursor("Cursor of the next page. There are no more contacts if absent."),
    ]

    package init(items: [Contact], next: PageCursor<ListContacts>? = nil) {
        self.items = items
        self.next = next
    }

    package static let example = ContactPage(items: [.example], next: "01JD0000000000000000000000")
}

package enum ListContacts: RPCMethod {
    package static let name = "contact.list"
    package static let summary = "Lists contacts in the order in which they were added."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/contacts", .viewer)
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package typealias Reply = ContactPage

    package struct Params: Described {
        package var limit: Int?
        package var cursor: PageCursor<ListContacts>?

        package static let fields: Fields = [
            "limit": .whole("How many contacts one page holds at most.", 1...1000, absent: 100),
            "cursor": .cursor("`next` of the page before. The list starts at the first contact if absent."),
        ]

        package init(limit: Int? = nil, cursor: PageCursor<ListContacts>? = nil) {
            self.limit = limit
            self.cursor = cursor
        }
    }

    package static let example = RPCExample(Params(limit: 100, cursor: "01JD0000000000000000000000"), ContactPage.example)
}

package enum SearchContacts: RPCMethod {
    package static let name = "contact.search"
    package static let summary = "Finds contacts that have all the words in their name, e-mail or number, in any order."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/contacts/search", .viewer)
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package typealias Reply = ContactPage

    package struct Params: Described {
        package var query: String
        package var asPhrase: Bool?
        package var limit: Int?
        package var cursor: PageCursor<ListContacts>?

        package static let fields: Fields = [
            "query": .text(
                "Words to look for in names, e-mail addresses and phone numbers, in any order. Parts of words, accents and capitals are no matter. What is written like a phone number is looked for by its digits.",
                1...100),
            "asPhrase":
                "Whether the query is looked for as a whole, as it stands in one name, e-mail address or number. Its words are looked for in any order if absent.",
            "limit": .whole("How many contacts one page holds at most.", 1...1000, absent: 50),
            "cursor": .cursor("`next` of the page before. The search starts at the first contact if absent."),
        ]

        package init(query: String, asPhrase: Bool? = nil, limit: Int? = nil, cursor: PageCursor<ListContacts>? = nil) {
            self.query = query
            self.asPhrase = asPhrase
            self.limit = limit
            self.cursor = cursor
        }
    }

    package static let example = RPCExample(
        Params(query: "asha", limit: 50, cursor: "01JD0000000000000000000000"), ContactPage.example)
    package static let alternatives = [Params(query: "Team A", asPhrase: true)]
}
