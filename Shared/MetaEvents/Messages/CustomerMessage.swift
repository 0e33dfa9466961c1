package import RPCContract
package import Vocabulary

/// A message that a customer has sent.
///
/// Source: Meta, webhooks, messages object.
package struct CustomerMessage: Sendable, Equatable {
    package var id: WAMID
    /// Who wrote: the phone number where there is one, else the BSUID; nil only where the system speaks of nobody by name.
    package var contact: ContactID?
    /// Their BSUID, and the one that an enterprise's portfolios share.
    package var userIDs: [ContactID]
    /// The number that was written to.
    package var number: PhoneNumberID
    /// When, by Meta's clock; nil where Meta names no moment that a calendar has.
    package var at: Timestamp?
    package var type: MetaWord<MessageKind>
    package var content: Content
    /// The message that this one answers.
    package var replyTo: WAMID?
    /// Who wrote that one.
    package var replyToSender: ContactID?
    /// The product of a catalogue that it asks about.
    package var product: String?
    /// The catalogue that has the product.
    package var productCatalog: String?
    package var isForwarded: Bool
    /// Whether it has gone from chat to chat many times.
    package var isFrequentlyForwarded: Bool
    /// What brought the customer here.
    package var referral: Referral?
    /// The group in which it was said; nil for a message to the business alone.
    ///
    /// Source: Meta, Groups API, webhooks.
    package var groupID: String?
    /// What Meta could not hand on of it.
    package var errors: [ReceivedError]

    /// What a message says.
    package enum Content: Sendable, Equatable {
        case text(String)
        case media(ReceivedMedia)
        case location(ReceivedLocation)
        /// The first, and how many there are besides.
        case contacts([ReceivedContact], further: Int)
        case reaction(ReceivedReaction)
        case reply(ReceivedReply)
        case order(ReceivedOrder)
        case system(SystemChange)
        case change(MessageChange)
        case unsupported(type: String?)
        case unknown(JSONValue)

        /// Whether it is the system's word and not the customer's.
        package var isSystem: Bool {
            if case .system = self { true } else { false }
        }
    }

    /// - Parameters:
    ///   - raw: Meta's message object.
    ///   - number: of the metadata beside it.
    ///   - contact: who wrote, as message and contacts tell.
    ///   - userIDs: their BSUIDs, as message and contacts tell.
    package init(_ raw: JSONValue, number: String?, contact: String?, userIDs: [ContactID] = []) throws(UnreadableEvent) {
        guard let number = JSONValue.string(number ?? "").id(PhoneNumberID.self), let id = raw["id"]?.id(WAMID.self) else {
            throw UnreadableEvent(reason: "The message has no id or names no number as Meta writes them.")
        }
        self.id = id
        self.number = number
        type = .ofMessage(raw)
        content = Self.content(type, raw)
        self.contact = JSONValue.string(contact ?? "").id()
        // The system speaks of a customer, and need not name one.
        if self.contact == nil, !content.isSystem {
            throw UnreadableEvent(reason: "The message does not say who wrote it as Meta writes it.")
        }
        self.userIDs = userIDs
        at = .meta(raw["timestamp"])
        let context = raw["context"]
        replyTo = context?["id"]?.id()
        replyToSender = context?["from"]?.id()
        product = context?["referred_product"]?["product_retailer_id"]?.text?.cut(to: 1024)
        productCatalog = context?["referred_product"]?["catalog_id"]?.text?.cut(to: 256)
        isFrequentlyForwarded = context?["frequently_forwarded"]?.bool == true
        isForwarded = context?["forwarded"]?.bool == true || isFrequentlyForwarded
        referral = raw.said("referral").flatMap { Referral($0) }
        groupID = raw.said("group_id")?.text?.cut(to: 128)
        errors = ReceivedError.all(raw["errors"])
    }

    /// What the customer said, whatever way it was said; nil where there are no words.
    package var text: String? {
        switch content {
        case .text(let body): body
        case .media(let media): media.caption
        case .reply(let reply): reply.title
        case .order(let order): order.text
        case .location, .contacts, .reaction, .system, .change, .unsupported, .unknown: nil
        }
    }

    /// What may say that no more messages are wanted: the customer's own words, or the emoji that they put on a message.
    ///
    /// Of a sticker Meta tells the picture's id and no meaning: a STOP that is drawn is not read.
    package var wish: String? {
        if case .reaction(let reaction) = content { return reaction.emoji }
        return isOwnWords ? text : nil
    }

    /// Whether the text is what the customer says to the business: not what stands beside a cart, nor what somebody else wrote.
    package var isOwnWords: Bool {
        if case .order = content { return false }
        return !isForwarded
    }

    /// Whether the text is a title that the business wrote and the customer tapped.
    package var isTapped: Bool {
        if case .reply = content { true } else { false }
    }

    /// The readers of all types; a message of a type that nobody reads is kept as it came.
    static let parts: [any ReceivedPart.Type] = [
        ReceivedText.self, ReceivedMedia.self, ReceivedLocation.self, ReceivedContact.self, ReceivedReaction.self, ReceivedReply.self,
        ReceivedOrder.self, SystemChange.self, MessageChange.self, UnsupportedMessage.self,
    ]

    private static func content(_ type: MetaWord<MessageKind>, _ raw: JSONValue) -> Content {
        guard let kind = type.known, let part = parts.first(where: { $0.types.contains(kind) }) else { return .unknown(raw) }
        return part.content(kind, raw[type.text] ?? .null, of: raw) ?? .unknown(raw)
    }
}
