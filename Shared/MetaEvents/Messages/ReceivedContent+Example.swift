import RPCContract
import Vocabulary

extension ReceivedContent {
    /// One of everything, for the examples of what carries it.
    package static let example: ReceivedContent = {
        var content = ReceivedContent(call: .example)
        content.media = ReceivedMedia(
            "image",
            [
                "id": "1037543291543636", "mime_type": "image/jpeg", "sha256": "x", "voice": false, "animated": false, "filename": "a",
                "caption": "my lunch", "url": "https://lookaside.fbsbx.com/x",
            ])
        content.location = ReceivedLocation([
            "latitude": 18.52, "longitude": 73.85, "name": "Shop", "address": "MG Road", "url": "https://example.org/shop",
        ])
        content.contacts = [contact]
        content.furtherContacts = 2
        content.reaction = ReceivedReaction(["message_id": "wamid.HBgM", "emoji": "👍"])
        content.reply = reply
        content.order = ReceivedOrder([
            "catalog_id": "1", "text": "please",
            "product_items": [["product_retailer_id": "p", "quantity": 2, "item_price": 40, "currency": "INR"]],
        ])
        content.order?.isPartial = false
        content.change = MessageChange(
            "edit",
            [
                "original_message_id": "wamid.HBgM",
                "message": ["type": "image", "image": ["id": "7", "caption": "three"], "context": ["id": "wamid.HBgN"]],
            ])
        content.system = SystemChange([
            "type": "user_changed_number", "body": "Asha changed her number.", "wa_id": "919876543211",
            "user_id": "IN.13491208655302741918",
            "identity": ["hash": "KFR5BsqHpIGhvn", "acknowledged": true, "created_timestamp": 1_790_000_000],
        ])
        content.unsupported = "poll"
        content.errors = ReceivedError.all([
            ["code": 1, "title": "Unsupported", "message": "Unsupported", "error_data": ["details": "poll"]]
        ])
        content.replyTo = "wamid.HBgM"
        content.replyToSender = "918047181000"
        content.product = "p"
        content.productCatalog = "1"
        content.isForwarded = true
        content.isFrequentlyForwarded = true
        content.referral = Referral([
            "source_url": "https://fb.me/x", "source_id": "1", "source_type": "ad", "headline": "Sale", "body": "Now", "ctwa_clid": "c",
            "media_type": "video", "image_url": "https://example.org/i", "video_url": "https://example.org/v",
            "thumbnail_url": "https://example.org/t", "welcome_message": ["text": "Hi there!"],
        ])
        return content
    }()

    private static let contact = ReceivedContact([
        "name": [
            "formatted_name": "Dr. Ravi K. Rao Jr.", "first_name": "Ravi", "middle_name": "K.", "last_name": "Rao", "prefix": "Dr.",
            "suffix": "Jr.",
        ],
        "birthday": "1990-01-23",
        "phones": [["phone": "+919876543210", "wa_id": "919876543210", "type": "Mobile"]],
        "emails": [["email": "ravi@example.org", "type": "WORK"]],
        "urls": [["url": "https://example.org", "type": "WORK"]],
        "addresses": [
            [
                "street": "MG Road 1", "city": "Pune", "state": "Maharashtra", "zip": "411001", "country": "India", "country_code": "in",
                "type": "WORK",
            ]
        ],
        "org": ["company": "Lucky Shrub", "department": "Sales", "title": "Manager"],
        "origin": "contact_request",
    ])

    private static let reply: ReceivedReply = {
        var reply = ReceivedReply(.flow, id: "flow", title: "Order", response: "{}")
        reply.description = "For two"
        reply.body = "Sent"
        reply.isPermanent = false
        reply.expiresAt = Timestamp(seconds: 1_790_600_000)
        reply.source = "user_action"
        return reply
    }()
}
