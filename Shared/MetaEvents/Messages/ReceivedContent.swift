package import RPCContract
package import Vocabulary

/// What a customer's message says beside its words: one of the members by its type, and what it refers to.
package struct ReceivedContent: Described, Equatable {
    package var media: ReceivedMedia?
    package var location: ReceivedLocation?
    package var contacts: [ReceivedContact]?
    package var furtherContacts: Int?
    package var reaction: ReceivedReaction?
    package var reply: ReceivedReply?
    package var order: ReceivedOrder?
    package var change: MessageChange?
    package var call: ReceivedCall?
    package var system: SystemChange?
    package var unsupported: String?
    package var errors: [ReceivedError]?
    package var replyTo: WAMID?
    package var replyToSender: ContactID?
    package var product: String?
    package var productCatalog: String?
    package var isForwarded: Bool?
    package var isFrequentlyForwarded: Bool?
    package var referral: Referral?

    package static let fields: Fields = [
        "media": "A picture, film, recording, file or sticker.",
        "location": "A place that was sent.",
        "contacts": .list("People from the customer's address book, the first 20 of them.", 0...257),
        "furtherContacts": .count("People from the address book who were sent beside those in `contacts`. Absent if there are none."),
        "reaction": "An emoji on a message.",
        "reply": "A button, a row, a Flow or a permission to call that was answered with.",
        "order": "A cart that was sent from the catalogue.",
        "change": "An earlier message of the customer that was edited or taken back.",
        "call": "A call, or an attempt at one.",
        "system": "What WhatsApp itself says about the customer, such as another number.",
        "unsupported": .text(
            "Meta's word for what the customer sent, such as `poll`, of which Meta hands on nothing else. Absent if Meta does not say.",
            0...128),
        "errors": .list("What Meta could not hand on, and why. Absent if there is nothing of the kind.", 1...10),
        "replyTo": "The message that this one answers.",
        "replyToSender": "Who wrote the message that this one answers: the business's phone number, or somebody else's.",
        "product": .text("The product of the catalogue that it asks about.", 0...1024),
        "productCatalog": .text("Meta's id of the catalogue that has the product.", 0...256),
        "isForwarded": "Whether it was forwarded from another chat; absent if not.",
        "isFrequentlyForwarded": "Whether it has gone from chat to chat many times; absent if not.",
        "referral": "The advertisement or post that brought the customer here.",
    ]

    /// - Returns: nil where there is nothing beside words.
    package init?(_ message: CustomerMessage) {
        switch message.content {
        case .media(let media): self.media = media
        case .location(let location): self.location = location
        case .contacts(let contacts, let further):
            self.contacts = contacts
            furtherContacts = further > 0 ? further : nil
        case .reaction(let reaction): self.reaction = reaction
        case .reply(let reply): self.reply = reply
        case .order(let order): self.order = order
        case .change(let change): self.change = change
        case .system(let change): system = change
        case .unsupported(let type): unsupported = type
        case .text, .unknown: break
        }
        errors = message.errors.isEmpty ? nil : message.errors
        replyTo = message.replyTo
        replyToSender = message.replyToSender
        product = message.product
        productCatalog = message.productCatalog
        isForwarded = message.isForwarded ? true : nil
        isFrequentlyForwarded = message.isFrequentlyForwarded ? true : nil
        referral = message.referral
        if self == ReceivedContent() { return nil }
    }

    package init(call: ReceivedCall? = nil, system: SystemChange? = nil, errors: [ReceivedError] = []) {
        self.call = call
        self.system = system
        self.errors = errors.isEmpty ? nil : errors
    }

    /// Leaves the first people from an address book and counts the others: a card may be long, and a message has hundreds.
    package mutating func shorten() {
        guard let all = contacts, all.count > ReceivedContact.most else { return }
        contacts = Array(all.prefix(ReceivedContact.most))
        furtherContacts = (furtherContacts ?? 0) + all.count - ReceivedContact.most
    }
}
