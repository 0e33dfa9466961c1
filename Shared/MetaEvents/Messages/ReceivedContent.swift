package import RPCContract
package import Vocabulary

/// What a customer's message says beside its words: one of the members by its type, and what it refers to.
package struct ReceivedContent: Described, Equatable {
    package var media: ReceivedMedia?
    package var location: ReceivedLocation?
    package var contacts: [ReceivedContact]?
    package var reaction: ReceivedReaction?
    package var reply: ReceivedReply?
    package var order: ReceivedOrder?
    package var change: MessageChange?
    package var call: ReceivedCall?
    package var replyTo: WAMID?
    package var product: String?
    package var isForwarded: Bool?
    package var referral: Referral?

    package static let fields: Fields = [
        "media": "A picture, film, recording, file or sticker.",
        "location": "A place that was sent.",
        "contacts": .list("People from the customer's address book.", 0...257),
        "reaction": "An emoji on a message.",
        "reply": "A button, a row or a Flow that was answered with.",
        "order": "A cart that was sent from the catalogue.",
        "change": "An earlier message of the customer that was edited or taken back.",
        "call": "A call, or an attempt at one.",
        "replyTo": "The message that this one answers.",
        "product": .text("The product of the catalogue that it asks about.", 0...1024),
        "isForwarded": "Whether it was forwarded from another chat; absent if not.",
        "referral": "The advertisement or post that brought the customer here.",
    ]

    /// - Returns: nil where there is nothing beside words.
    package init?(_ message: CustomerMessage) {
        switch message.content {
        case .media(let media): self.media = media
        case .location(let location): self.location = location
        case .contacts(let contacts): self.contacts = contacts
        case .reaction(let reaction): self.reaction = reaction
        case .reply(let reply): self.reply = reply
        case .order(let order): self.order = order
        case .change(let change): self.change = change
        case .text, .system, .unsupported, .unknown: break
        }
        replyTo = message.replyTo
        product = message.product
        isForwarded = message.isForwarded ? true : nil
        referral = message.referral
        if self == ReceivedContent() { return nil }
    }

    package init(call: ReceivedCall? = nil) { self.call = call }

    package static let example: ReceivedContent = {
        var content = ReceivedContent(call: ReceivedCall(event: "terminate", seconds: 9))
        content.media = ReceivedMedia(
            "image",
            ["id": "1037543291543636", "mime_type": "image/jpeg", "sha256": "x", "voice": false, "filename": "a", "caption": "my lunch"])
        content.location = ReceivedLocation(["latitude": 18.52, "longitude": 73.85, "name": "Shop", "address": "MG Road"])
        content.contacts = [ReceivedContact(["name": ["formatted_name": "Ravi"], "phones": [["phone": "+919876543210"]]])]
        content.reaction = ReceivedReaction(["message_id": "wamid.HBgM", "emoji": "👍"])
        content.reply = ReceivedReply(.flow, id: "flow", title: "Order", response: "{}")
        content.order = ReceivedOrder([
            "catalog_id": "1", "text": "please",
            "product_items": [["product_retailer_id": "p", "quantity": 2, "item_price": 40, "currency": "INR"]],
        ])
        content.order?.isPartial = false
        content.change = MessageChange("edit", ["original_message_id": "wamid.HBgM", "message": ["text": ["body": "three"]]])
        content.replyTo = "wamid.HBgM"
        content.product = "p"
        content.isForwarded = true
        content.referral = Referral([
            "source_url": "https://fb.me/x", "source_id": "1", "source_type": "ad", "headline": "Sale", "body": "Now", "ctwa_clid": "c",
        ])
        return content
    }()
}
