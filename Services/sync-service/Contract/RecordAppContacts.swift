package import RPCContract
package import Vocabulary

/// What the address book of the WhatsApp Business app calls a contact.
package struct AppEntry: Described, Equatable {
    package var name: String?
    package var firstName: String?
    package var at: Timestamp

    package static let fields: Fields = [
        "name": Field("Full name in the app. It is absent if the app has none.", Contact.nameRule),
        "firstName": Field("First name in the app. It is absent if the app has none.", Contact.nameRule),
        "at": "When the contact was last changed in the app.",
    ]

    package init(name: String? = nil, firstName: String? = nil, at: Timestamp) {
        self.name = name
        self.firstName = firstName
        self.at = at
    }

    package static let example = AppEntry(name: "Asha R", firstName: "Asha", at: Timestamp(milliseconds: 1_790_000_000_000))
}

package enum RecordAppContacts: RPCMethod {
    package static let name = "contact.recordApp"
    package static let summary =
        "Takes in what was added, edited or removed in the address book of the WhatsApp Business app; older news changes nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]

    package struct Change: Described {
        package var contact: ContactID
        package var entry: AppEntry
        package var isRemoved: Bool?

        package static let fields: Fields = [
            "contact": "Whom it is about: the phone number where Meta gives one, else the BSUID.",
            "entry": "What the app calls them, and when that was changed.",
            "isRemoved": "Whether they were removed from the app. False if absent.",
        ]

        package init(contact: ContactID, entry: AppEntry, isRemoved: Bool? = nil) {
            self.contact = contact
            self.entry = entry
            self.isRemoved = isRemoved
        }
    }

    package struct Params: Described {
        package var account: PhoneNumberID
        package var changes: [Change]

        package static let fields: Fields = [
            "account": "The business number whose app it is.",
            "changes": .list("What was changed, in the order in which Meta tells it.", 1...500),
        ]

        package init(account: PhoneNumberID, changes: [Change]) {
            self.account = account
            self.changes = changes
        }
    }

    package struct Reply: Described {
        package var created: Int
        package var updated: Int
        package var deleted: Int
        package var unchanged: Int

        package static let fields: Fields = [
            "created": .count("Contacts that were added to the mirror."),
            "updated": .count("Contacts that are in the app, are no longer in it, or have another name there."),
            "deleted": .count("Contacts that nobody but the app had given, and that no app has any more."),
            "unchanged": .count("Changes that were known, or older than what is known."),
        ]

        package init(created: Int, updated: Int, deleted: Int, unchanged: Int) {
            self.created = created
            self.updated = updated
            self.deleted = deleted
            self.unchanged = unchanged
        }
    }

    package static let example = RPCExample(
        Params(account: "106540352242922", changes: [Change(contact: "919876543210", entry: .example, isRemoved: false)]),
        Reply(created: 1, updated: 0, deleted: 0, unchanged: 0))
}
