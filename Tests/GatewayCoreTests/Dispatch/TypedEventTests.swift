import AccountContract
import Foundation
import IntelligenceContract
import MetaEvents
import RPCContract
import TemplateContract
import Testing
import Vocabulary

@Suite struct TypedEventTests {
    /// Whatever Meta sends, the typed event passes the bounds of the socket.
    @Test(arguments: ["account_update", "user_preferences", "phone_number_quality_update", "message_template_status_update"])
    func theLongestWordsAreCutToWhatTheSocketTakes(field: String) throws {
        let long = JSONValue.string(String(repeating: "é", count: 100_000))
        let value: JSONValue = [
            "event": long, "display_phone_number": long, "violation_info": ["violation_type": long], "message_template_name": long,
            "message_template_language": long, "reason": long, "ban_info": ["waba_ban_state": long, "waba_ban_date": long],
            "restriction_info": .array((0..<200).map { _ in ["restriction_type": long] }),
            "user_preferences": .array(
                (0..<2000).map { _ in ["wa_id": "919876543210", "category": "marketing_messages", "value": "stop", "detail": long] }),
        ]
        switch MetaEvent(field: field, value: value) {
        case .account(let event):
            let params = RecordAccountEvent.Params(key: "k", wabaID: "1", event: event, raw: ["a": 1])
            _ = try ParamsDecoder<RecordAccountEvent>().decode(Data(JSON.text(params).utf8))
        case .template(let event):
            let params = RecordTemplateEvent.Params(key: "k", wabaID: "1", event: event)
            _ = try ParamsDecoder<RecordTemplateEvent>().decode(Data(JSON.text(params).utf8))
        case .preferences(let event):
            let params = RecordAccountEvent.Params(key: "k", wabaID: "1", event: event.told, raw: ["a": 1])
            _ = try ParamsDecoder<RecordAccountEvent>().decode(Data(JSON.text(params).utf8))
        default: #expect(Bool(false), "not read")
        }
    }

    /// The same of what a message says beside words.
    @Test(arguments: [
        "text", "image", "location", "contacts", "reaction", "button", "interactive", "order", "system", "edit", "unsupported", "hologram",
    ])
    func whateverAMessageSaysPassesTheSocket(type: String) throws {
        let long = JSONValue.string(String(repeating: "é", count: 100_000))
        let item: JSONValue = ["product_retailer_id": "p", "quantity": 2, "item_price": "1.5", "currency": "€"]
        let inr: JSONValue = ["product_retailer_id": "p", "quantity": 0, "item_price": "999999999999", "currency": "inr"]
        let said: JSONValue = [
            "body": long, "id": long, "mime_type": long, "caption": long, "filename": long, "sha256": long, "latitude": 90,
            "longitude": -180,
            "name": long, "address": long, "message_id": "wamid.1", "emoji": long, "text": long, "payload": long, "type": long,
            "list_reply": ["id": long, "title": long, "description": long], "catalog_id": long, "url": long, "identity": ["hash": long],
            "product_items": .array([7, item, inr] + (0..<2000).map { _ in item }),
            "original_message_id": "wamid.1",
            "message": ["type": "image", "image": ["caption": long, "url": long], "context": ["id": long]],
        ]
        let people = JSONValue.array(
            (0..<300).map { _ in
                [
                    "name": ["formatted_name": long, "first_name": long, "suffix": long], "birthday": long, "origin": long,
                    "phones": .array((0..<30).map { _ in ["phone": long, "wa_id": long, "type": long] }),
                    "emails": .array((0..<30).map { _ in ["email": long, "type": long] }), "org": ["company": long, "title": long],
                    "addresses": [["street": long, "zip": long, "country_code": long]],
                ]
            })
        let raw: JSONValue = [
            "id": "wamid.1", "type": .string(type), type: type == "contacts" ? people : said,
            "context": ["id": "wamid.0", "forwarded": true, "referred_product": ["product_retailer_id": long, "catalog_id": long]],
            "errors": .array((0..<30).map { _ in ["code": 1, "title": long, "message": long, "error_data": ["details": long]] }),
            "referral": [
                "source_url": long, "source_id": long, "source_type": long, "headline": long, "body": long, "ctwa_clid": long,
                "welcome_message": ["text": long], "image_url": long,
            ],
        ]
        let message = try CustomerMessage(raw, number: "1", contact: "919876543210")
        let params = ProcessMessage.Params(
            account: "1", accountName: "Shop", contact: "919876543210", contactName: nil, wamid: message.id, type: message.type, text: nil,
            content: ReceivedContent(message), raw: [:], at: .zero)
        let passed = try ParamsDecoder<ProcessMessage>().decode(Data(JSON.text(params).utf8))
        #expect(passed.content == ReceivedContent(message) && passed.content?.product?.isEmpty == false)
    }
}
