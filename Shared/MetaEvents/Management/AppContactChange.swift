import RPCContract
package import Vocabulary

/// A contact that was added, edited or removed in the address book of the WhatsApp Business app.
///
/// Source: Meta, webhook smb_app_state_sync.
package struct AppContactChange: Sendable, Equatable {
    package static let field = "smb_app_state_sync"

    /// Meta's words for what was done; an edited contact is added again.
    package enum Action: String, Sendable, CaseIterable {
        case add, remove
    }

    /// What was changed in the app of one number.
    package struct Changes: Sendable, Equatable {
        package var number: PhoneNumberID?
        /// Entries that name somebody, and say what is known here.
        package var contacts: [AppContactChange]
        /// Contacts that name nobody whom we can know, or that something else was done with.
        package var unread: Int
    }

    package var contact: ContactID
    package var name: String?
    package var firstName: String?
    package var isRemoved: Bool
    package var at: Timestamp?

    /// - Returns: nil where it is another field, or the value has no such list.
    static func all(field: String, value: JSONValue) -> Changes? {
        guard field == Self.field, let list = value["state_sync"]?.array else { return nil }
        let contacts = list.compactMap { AppContactChange($0) }
        // The app may tell of other things than contacts one day: these stand in the inbox.
        let told = list.count { $0["contact"] != nil && $0["type"]?.text ?? "contact" == "contact" }
        return Changes(
            number: value["metadata"]?["phone_number_id"]?.id(PhoneNumberID.self), contacts: contacts, unread: told - contacts.count)
    }

    private init?(_ item: JSONValue) {
        let kind = item["type"]?.text ?? "contact"
        guard kind == "contact", let action = Action(rawValue: item["action"]?.text ?? ""), let told = item["contact"] else { return nil }
        // The phone number where there is one, else the BSUID. Meta's digits begin with the country code.
        let number = told["phone_number"]?.text.flatMap { PhoneNumber.normalise($0.hasPrefix("+") ? $0 : "+\($0)") }
        guard let contact = number ?? told["user_id"]?.id(ContactID.self).flatMap({ $0.isBSUID ? $0 : nil }) else { return nil }
        self.contact = contact
        name = Self.name(told["full_name"])
        firstName = Self.name(told["first_name"])
        isRemoved = action == .remove
        at = .meta(item["metadata"]?["timestamp"])
    }

    /// A name in one line; nil where it says nothing.
    private static func name(_ value: JSONValue?) -> String? {
        let words = (value?.text ?? "").split { $0.isWhitespace || $0.unicodeScalars.contains { $0.isSteering } }
        let name = words.joined(separator: " ").cut(to: 256)
        return name.isEmpty ? nil : name
    }
}
