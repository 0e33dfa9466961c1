import MetaEvents
import RPCContract
import Testing
import Vocabulary

/// Messages as Meta's reference shows them, and what they are here.
@Suite struct CustomerMessageTests {
    @Test func aGroupsMessageSaysSo() throws {
        let raw: JSONValue = ["id": "wamid.1", "from": "91", "type": "text", "text": ["body": "hi"], "group_id": "G1"]
        #expect(try CustomerMessage(raw, number: "11", contact: "91").groupID == "G1")
        #expect(try CustomerMessage(["id": "wamid.1", "type": "text"], number: "11", contact: "91").groupID == nil)
    }

    private func message(_ json: String, number: String? = "106540352242922", contact: String? = "919876543210") throws -> CustomerMessage {
        try CustomerMessage(try JSON.decode(JSONValue.self, from: json), number: number, contact: contact)
    }

    /// One row for each kind: Meta's JSON without what all have, the words in it, and the check of what it became.
    struct Row: Sendable, CustomTestStringConvertible {
        var type: String
        var json: String
        var text: String?
        var isRight: @Sendable (CustomerMessage.Content) -> Bool
        var testDescription: String { type }

        init(_ type: String, _ json: String, _ text: String? = nil, isRight: @escaping @Sendable (CustomerMessage.Content) -> Bool) {
            self.type = type
            self.json = json
            self.text = text
            self.isRight = isRight
        }
    }

    static let rows = [
        Row("text", #""text":{"body":"Hi"}"#, "Hi") { $0 == .text("Hi") },
        Row("image", #""image":{"id":"1","mime_type":"image/jpeg","sha256":"x","caption":"my lunch"}"#, "my lunch") {
            if case .media(let media) = $0 { media.kind == .image && media.id == "1" && media.mimeType == "image/jpeg" } else { false }
        },
        Row("document", #""document":{"id":"2","filename":"a.pdf"}"#) {
            if case .media(let media) = $0 { media.kind == .document && media.filename == "a.pdf" } else { false }
        },
        Row("audio", #""audio":{"id":"3","voice":true}"#) { if case .media(let media) = $0 { media.kind == .audio } else { false } },
        Row("sticker", #""sticker":{"id":4,"animated":false}"#) { if case .media(let media) = $0 { media.id == "4" } else { false } },
        Row("location", #""location":{"latitude":18.52,"longitude":73.85,"name":"Shop"}"#) {
            if case .location(let place) = $0 { place.latitude == 18.52 && place.name == "Shop" } else { false }
        },
        Row("contacts", #""contacts":[{"name":{"formatted_name":"A"},"phones":[{"phone":"+91 98","wa_id":"9198"},{"wa_id":"7"},{}]},{}]"#) {
            if case .contacts(let people, further: 0) = $0 {
                people.count == 2 && people[0].name == "A" && people[0].phones == ["+91 98", "7"] && people[1].phones.isEmpty
            } else {
                false
            }
        },
        Row("reaction", #""reaction":{"message_id":"wamid.a","emoji":"👍"}"#) {
            if case .reaction(let reaction) = $0 { reaction.message == "wamid.a" && reaction.emoji == "👍" } else { false }
        },
        Row("reaction", #""reaction":{"message_id":"wamid.a","emoji":""}"#) {
            if case .reaction(let reaction) = $0 { reaction.emoji == nil } else { false }
        },
        Row("button", #""button":{"payload":"P","text":"Yes"}"#, "Yes") {
            if case .reply(let reply) = $0 { reply.kind == .quickReply && reply.id == "P" } else { false }
        },
        Row("interactive", #""interactive":{"type":"button_reply","button_reply":{"id":"b","title":"Order"}}"#, "Order") {
            if case .reply(let reply) = $0 { reply.kind == .button && reply.id == "b" } else { false }
        },
        Row("interactive", #""interactive":{"type":"list_reply","list_reply":{"id":"l","title":"Samosa","description":"d"}}"#, "Samosa") {
            if case .reply(let reply) = $0 { reply.kind == .listRow && reply.id == "l" } else { false }
        },
        Row("interactive", #""interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{}"}}"#) {
            if case .reply(let reply) = $0 { reply.kind == .flow && reply.response == "{}" } else { false }
        },
        // What Meta does not say may be null.
        Row("interactive", #""interactive":{"type":"list_reply","button_reply":null,"list_reply":{"id":"l","title":"Samosa"}}"#, "Samosa") {
            if case .reply(let reply) = $0 { reply.kind == .listRow } else { false }
        },
        // Words count, whatever else is missing.
        Row("image", #""image":{"caption":"STOP"}"#, "STOP") { if case .media(let media) = $0 { media.id == nil } else { false } },
        Row("order", #""order":{"text":"two, please"}"#, "two, please") {
            if case .order(let order) = $0 { order.items == [] } else { false }
        },
        // Meta sends one without a body, too, with an error beside it.
        Row("interactive", #""interactive":{"type":"button_reply"}"#) { if case .unknown = $0 { true } else { false } },
        Row(
            "order",
            #""order":{"catalog_id":"c","text":"please","product_items":[{"product_retailer_id":"p","quantity":2,"item_price":5,"currency":"INR"},{"quantity":1}]}"#,
            "please"
        ) {
            if case .order(let order) = $0 {
                order.items.map(\.product) == ["p"] && order.items[0].price == Money(currency: "INR", micros: 5_000_000)
                    && order.catalog == "c"
            } else {
                false
            }
        },
        Row("system", #""system":{"type":"customer_identity_changed"},"identity":{"acknowledged":false,"hash":"Sj"}"#) {
            if case .system(let change) = $0 { change.identityHash == "Sj" && !change.isOfNames } else { false }
        },
        Row("system", #""system":{"type":"customer_identity_changed","identity":"Sj"}"#) {
            if case .system(let change) = $0 { change.identityHash == "Sj" } else { false }
        },
        Row("system", #""system":{"type":"user_changed_number","body":"…","wa_id":"919876543211"}"#) {
            if case .system(let change) = $0 { change.phone == "919876543211" && $0.isSystem } else { false }
        },
        Row("edit", #""edit":{"original_message_id":"wamid.o","message":{"type":"text","text":{"body":"new"}}}"#) {
            if case .change(let change) = $0 { change.text == "new" && !change.isRevoked } else { false }
        },
        Row("revoke", #""revoke":{"original_message_id":"wamid.o"}"#) {
            if case .change(let change) = $0 { change.isRevoked && change.original == "wamid.o" } else { false }
        },
        Row("unsupported", #""unsupported":{"type":"poll"},"errors":[{"code":131051}]"#) { $0 == .unsupported(type: "poll") },
        Row("hologram", #""hologram":{"x":1}"#) { if case .unknown(let raw) = $0 { raw["hologram"]?["x"] == 1 } else { false } },
        Row("text", #""text":[1]"#) { if case .unknown = $0 { true } else { false } },
        Row("location", #""location":{"latitude":"north"}"#) { if case .unknown = $0 { true } else { false } },
    ]

    @Test(arguments: rows) func everyKindIsReadAndNoneIsRefused(row: Row) throws {
        let found = try message(#"{"from":"919876543210","id":"wamid.m","timestamp":"1790000000","type":"\#(row.type)",\#(row.json)}"#)
        #expect(row.isRight(found.content), "\(found.content)")
        #expect(found.text == row.text && found.type.text == row.type && found.id == "wamid.m" && found.contact == "919876543210")
        #expect(found.at == Timestamp(milliseconds: 1_790_000_000_000))
    }

    @Test func theAnsweredMessageIsNamed() throws {
        let found = try message(#"{"id":"wamid.m","type":"text","text":{"body":"a"},"context":{"from":"1","id":"wamid.c"}}"#)
        #expect(found.replyTo == "wamid.c" && found.at == nil)
    }

    @Test(
        arguments: [
            (#"{"id":"wamid.m","type":"text"}"#, nil, "919876543210"), (#"{"type":"text"}"#, "106540352242922", "919876543210"),
            (#"{"id":"","type":"text"}"#, "106540352242922", "919876543210"), (#"{"id":"wamid.m"}"#, "x", "919876543210"),
            (#"{"id":"wamid.m","type":"text"}"#, "106540352242922", nil), (#"{"id":"wamid.m"}"#, "106540352242922", "9198 76"),
            (#"{"id":"wamid.m"}"#, "106540352242922", String(repeating: "9", count: 133)),
        ] as [(String, String?, String?)])
    func whatNobodyCanHandleSaysWhy(json: String, number: String?, contact: String?) throws {
        let fault = #expect(throws: UnreadableEvent.self) { try message(json, number: number, contact: contact) }
        #expect(fault?.reason.hasPrefix("The message ") == true)
    }

    /// A type is named, and no longer than a socket takes.
    @Test(arguments: [("{}", "unknown"), (#"{"type":""}"#, "unknown"), (#"{"type":7}"#, "unknown"), (#"{"type":"hologram"}"#, "hologram")])
    func aTypeIsAlwaysNamed(json: String, type: String) throws {
        let members = try JSON.decode(JSONValue.self, from: json).object ?? [:]
        let found = try CustomerMessage(.object(members.merging(["id": "w"]) { $1 }), number: "1", contact: "91")
        #expect(found.type == .unknown(type))
        let long = try CustomerMessage(["id": "w", "type": .string(String(repeating: "é", count: 200))], number: "1", contact: "91")
        #expect(long.type.text.unicodeScalars.count == 128)
    }

    /// The system need not name anybody.
    @Test func theSystemsWordNeedsNoSender() throws {
        #expect(try message(#"{"id":"wamid.s","type":"system","system":{"type":"x"}}"#, contact: nil).contact == nil)
    }

    @Test(arguments: ["-1", "\"9999999999999999\"", "9223372036854775807", "1e300", "\"soon\"", "null", "[]"])
    func aMomentThatNoCalendarHasIsNone(timestamp: String) throws {
        #expect(try message(#"{"id":"wamid.m","type":"text","text":{"body":"a"},"timestamp":\#(timestamp)}"#).at == nil)
    }
}
