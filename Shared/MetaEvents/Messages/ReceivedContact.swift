package import RPCContract

/// A person whom a customer has sent from their address book.
package struct ReceivedContact: Described, Equatable {
    package var name: String?
    package var firstName: String?
    package var middleName: String?
    package var lastName: String?
    package var prefix: String?
    package var suffix: String?
    package var birthday: String?
    package var phones: [String]
    package var numbers: [ContactPhone]?
    package var emails: [ContactDetail]?
    package var urls: [ContactDetail]?
    package var addresses: [ContactAddress]?
    package var organization: ContactOrganization?
    package var origin: String?

    /// Of how many people in one message all is told; the others are counted.
    package static let most = 20

    package static let fields: Fields = [
        "name": .text("The person's whole name.", 0...1024),
        "firstName": .text("The person's first name.", 0...256),
        "middleName": .text("The person's middle name.", 0...256),
        "lastName": .text("The person's last name.", 0...256),
        "prefix": .text("What stands before the name, such as a title.", 0...256),
        "suffix": .text("What stands after the name.", 0...256),
        "birthday": .text("The person's day of birth, as the customer has it: year, month and day.", 0...64),
        "phones": .list("The person's phone numbers, as the customer has them.", 0...20, of: .text(1...64)),
        "numbers": .list("The same numbers with what else is known of each. Absent if there are none.", 1...20),
        "emails": .list("The person's e-mail addresses. Absent if there are none.", 1...10),
        "urls": .list("The person's web pages. Absent if there are none.", 1...10),
        "addresses": .list("The person's postal addresses. Absent if there are none.", 1...10),
        "organization": "Where the person works. Absent if the customer's address book does not say.",
        "origin": .text("Meta's word for how it came to be sent: `contact_request` if we had asked for it.", 0...64),
    ]

    init(_ value: JSONValue) {
        let name = value["name"]
        self.name = name?["formatted_name"]?.string?.cut(to: 1024)
        firstName = name?["first_name"]?.string?.cut(to: 256)
        middleName = name?["middle_name"]?.string?.cut(to: 256)
        lastName = name?["last_name"]?.string?.cut(to: 256)
        prefix = name?["prefix"]?.string?.cut(to: 256)
        suffix = name?["suffix"]?.string?.cut(to: 256)
        birthday = value["birthday"]?.string?.cut(to: 64)
        let phones = (value["phones"]?.array ?? []).prefix(20)
        self.phones = phones.compactMap { phone in
            (phone["phone"]?.text ?? phone["wa_id"]?.text).flatMap { $0.isEmpty ? nil : $0.cut(to: 64) }
        }
        numbers = Self.some(phones.map { ContactPhone($0) })
        emails = Self.some(value["emails"]) { ContactDetail($0, "email") }
        urls = Self.some(value["urls"]) { ContactDetail($0, "url") }
        addresses = Self.some(value["addresses"]) { ContactAddress($0) }
        organization = value.said("org").flatMap { ContactOrganization($0) }
        origin = value["origin"]?.string?.cut(to: 64)
    }

    private static func some<Item>(_ items: [Item]) -> [Item]? { items.isEmpty ? nil : items }

    /// The first ten of a list.
    private static func some<Item>(_ value: JSONValue?, _ read: (JSONValue) -> Item?) -> [Item]? {
        some((value?.array ?? []).prefix(10).compactMap(read))
    }
}

extension ReceivedContact: ReceivedPart {
    static let types: Set<MessageKind> = [.contacts]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        value.array.map { people in
            .contacts(people.prefix(most).map { Self($0) }, further: max(0, people.count - most))
        }
    }
}
