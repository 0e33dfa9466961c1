package import RPCContract

/// Where a person works who was sent from an address book.
package struct ContactOrganization: Described, Equatable {
    package var company: String?
    package var department: String?
    package var title: String?

    package static let fields: Fields = [
        "company": .text("The company's name.", 0...512),
        "department": .text("The department.", 0...512),
        "title": .text("What the person does there.", 0...512),
    ]

    init?(_ value: JSONValue) {
        guard value.object != nil else { return nil }
        company = value["company"]?.text?.cut(to: 512)
        department = value["department"]?.text?.cut(to: 512)
        title = value["title"]?.text?.cut(to: 512)
    }
}
