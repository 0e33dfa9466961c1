import MetaEvents
import RPCContract
import Testing
import Vocabulary

/// What Meta tells beside the main thing of a message, in the shapes of its reference: each value can be read.
@Suite struct ReceivedDetailsTests {
    private func content(_ type: String, _ members: String) throws -> ReceivedContent {
        let raw = try JSON.decode(JSONValue.self, from: #"{"id":"wamid.m","from":"919876543210","type":"\#(type)",\#(members)}"#)
        return try #require(ReceivedContent(try CustomerMessage(raw, number: "1", contact: "919876543210")))
    }

    @Test func whatMetaDoesNotHandOnIsNamedWithItsReason() throws {
        let errors =
            #""errors":[{"code":131051,"title":"Message type unknown","message":"Message type unknown","error_data":{"details":"Message type is not supported."}},7,{"title":"no code"}]"#
        let poll = try content("unsupported", #""unsupported":{"type":"poll"},\#(errors)"#)
        #expect(poll.unsupported == "poll" && poll.errors?.count == 1)
        let error = try #require(poll.errors?.first)
        #expect(error.code == 131_051 && error.title == "Message type unknown" && error.details == "Message type is not supported.")
        // Without its kind, as in some of Meta's samples, and under a type that nobody knows.
        #expect(try content("unsupported", errors).errors?.count == 1)
        #expect(try content("unknown", errors).errors?.count == 1)
        let image = try content("image", #""image":{"mime_type":"image/jpeg"},"errors":[{"code":131052,"title":"Media download error"}]"#)
        #expect(image.media?.id == nil && image.errors?.map(\.code) == [131_052])
    }

    @Test func anAnswerSaysWhatStoodBesideIt() throws {
        let row = #"{"type":"list_reply","list_reply":{"id":"l","title":"Samosa","description":"Two pieces"}}"#
        #expect(try content("interactive", #""interactive":\#(row)"#).reply?.description == "Two pieces")
        let form = #"{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{}"}}"#
        let filled = try content("interactive", #""interactive":\#(form)"#).reply
        #expect(filled?.body == "Sent" && filled?.response == "{}")
        let permission =
            #"{"type":"call_permission_reply","call_permission_reply":{"response":"accept","is_permanent":false,"expiration_timestamp":1790600000,"response_source":"user_action"}}"#
        let reply = try #require(try content("interactive", #""interactive":\#(permission)"#).reply)
        #expect(reply.kind == .callPermission && reply.id == "accept" && reply.title == nil && reply.isPermanent == false)
        #expect(reply.expiresAt == Timestamp(seconds: 1_790_600_000) && reply.source == "user_action")
    }

    @Test func whatItRefersToIsToldWhole() throws {
        let text = try content(
            "text",
            #""text":{"body":"?"},"context":{"from":"918047181000","id":"wamid.a","frequently_forwarded":true,"referred_product":{"catalog_id":"c","product_retailer_id":"p"}}"#
        )
        #expect(text.replyToSender == "918047181000" && text.productCatalog == "c" && text.isFrequentlyForwarded == true)
        #expect(text.isForwarded == true)
        #expect(try content("text", #""text":{"body":"?"},"context":{"forwarded":true}"#).isFrequentlyForwarded == nil)
        let referral =
            #"{"source_type":"ad","media_type":"video","image_url":"https://x/i","video_url":"https://x/v","thumbnail_url":"https://x/t","welcome_message":{"text":"Hi!"}}"#
        let told = try #require(try content("text", #""text":{"body":"?"},"referral":\#(referral)"#).referral)
        #expect(told.mediaType == "video" && told.imageURL == "https://x/i" && told.videoURL == "https://x/v")
        #expect(told.thumbnailURL == "https://x/t" && told.welcomeMessage == "Hi!")
    }

    @Test func filesAndPlacesHaveTheirAddresses() throws {
        #expect(try content("audio", #""audio":{"id":"1","url":"https://x/a"}"#).media?.url == "https://x/a")
        #expect(try content("sticker", #""sticker":{"id":"1","animated":true}"#).media?.isAnimated == true)
        #expect(
            try content("location", #""location":{"latitude":1,"longitude":2,"url":"https://x/l"}"#).location?.url == "https://x/l")
        let edit = try content(
            "edit",
            #""edit":{"original_message_id":"wamid.o","message":{"type":"image","image":{"id":"7","sha256":"s","caption":"new"},"context":{"id":"wamid.c"}}}"#
        )
        #expect(edit.change?.media?.id == "7" && edit.change?.media?.sha256 == "s" && edit.change?.replyTo == "wamid.c")
    }

    @Test func aCardIsReadWhole() throws {
        let card = #"""
            {"name":{"formatted_name":"Dr. Ravi Rao","first_name":"Ravi","middle_name":"K","last_name":"Rao","prefix":"Dr.","suffix":"Jr."},
             "birthday":"1990-01-23","phones":[{"phone":"+91 98","wa_id":"9198","type":"Mobile"}],"emails":[{"email":"r@e.org","type":"WORK"},{}],
             "urls":[{"url":"https://e.org","type":"WORK"}],"org":{"company":"Shrub","department":"Sales","title":"Boss"},"origin":"contact_request",
             "addresses":[{"street":"MG Road","city":"Pune","state":"MH","zip":"411001","country":"India","country_code":"in","type":"HOME"}]}
            """#
        let ravi = try #require(try content("contacts", #""contacts":[\#(card)]"#).contacts?.first)
        #expect(
            ravi.firstName == "Ravi" && ravi.middleName == "K" && ravi.lastName == "Rao" && ravi.prefix == "Dr." && ravi.suffix == "Jr.")
        #expect(ravi.birthday == "1990-01-23" && ravi.origin == "contact_request" && ravi.phones == ["+91 98"])
        #expect(ravi.numbers?.map(\.contact) == ["9198"] && ravi.numbers?.map(\.type) == ["Mobile"])
        #expect(ravi.emails?.map(\.value) == ["r@e.org"] && ravi.emails?.map(\.type) == ["WORK"])
        #expect(ravi.urls?.map(\.value) == ["https://e.org"] && ravi.organization?.department == "Sales")
        let address = try #require(ravi.addresses?.first)
        #expect(address.street == "MG Road" && address.zip == "411001" && address.countryCode == "in" && address.type == "HOME")
    }

    @Test func theSystemsWordIsToldWhole() throws {
        let told = try #require(
            try content(
                "system",
                #""system":{"type":"customer_identity_changed","body":"Asha's keys changed"},"identity":{"acknowledged":true,"created_timestamp":1790000000,"hash":"h"}"#
            ).system)
        #expect(told.type == "customer_identity_changed" && told.text == "Asha's keys changed" && told.identityHash == "h")
        #expect(told.isAcknowledged == true && told.identityAt == Timestamp(seconds: 1_790_000_000))
    }

    /// What a former version has kept has none of this, and is read all the same.
    @Test func whatWasKeptBeforeIsStillRead() throws {
        let kept = #"{"contacts":[{"name":"Ravi","phones":["7"]}],"media":{"kind":"image"},"call":{"event":"terminate","seconds":9}}"#
        let content = try JSON.decode(ReceivedContent.self, from: kept)
        #expect(content.contacts?.first?.phones == ["7"] && content.contacts?.first?.emails == nil && content.call?.seconds == 9)
    }
}
