import MetaEvents
import RPCContract
import Testing
import Vocabulary

/// What a message says beside its words, as it can be read of a conversation.
@Suite struct ReceivedContentTests {
    private func content(_ json: String) throws -> ReceivedContent? {
        ReceivedContent(try CustomerMessage(try JSON.decode(JSONValue.self, from: json), number: "1", contact: "919876543210"))
    }

    @Test func plainWordsHaveNothingBesideThem() throws {
        #expect(try content(#"{"id":"w","type":"text","text":{"body":"Hi"},"context":{}}"#) == nil)
        #expect(try content(#"{"id":"w","type":"hologram","hologram":{"x":1}}"#) == nil)
    }

    @Test func whatAMessageRefersToIsRead() throws {
        let all = try #require(
            try content(
                #"{"id":"w","type":"text","text":{"body":"?"},"context":{"id":"wamid.a","forwarded":true,"referred_product":{"catalog_id":"c","product_retailer_id":"p"}},"referral":{"source_url":"https://fb.me/x","source_id":12,"source_type":"ad","headline":"Sale","ctwa_clid":"k"}}"#
            ))
        #expect(all.replyTo == "wamid.a" && all.isForwarded == true && all.product == "p")
        #expect(all.referral?.sourceID == "12" && all.referral?.clickID == "k" && all.referral?.headline == "Sale")
    }

    @Test func aCartHasItsPrices() throws {
        let cart = try #require(
            try content(
                #"{"id":"w","type":"order","order":{"catalog_id":"c","product_items":[{"product_retailer_id":"a","quantity":2,"item_price":40.5,"currency":"inr"},{"product_retailer_id":"b","quantity":"3","item_price":"7","currency":"₹"},{"product_retailer_id":"x","quantity":-1},{"product_retailer_id":"y","quantity":9223372036854775807}]}}"#
            )
        ).order
        #expect(cart?.items.map(\.product) == ["a", "b"])
        #expect(cart?.items.map(\.price) == [Money(currency: "INR", micros: 40_500_000), nil])
        #expect(cart?.isPartial == true)
        let whole = #"{"id":"w","type":"order","order":{"product_items":[{"product_retailer_id":"a","quantity":2}]}}"#
        #expect(try content(whole)?.order?.isPartial == nil)
    }

    @Test func hostileValuesAreCutOrLeftOut() throws {
        let long = String(repeating: "x", count: 100_000)
        let media = try #require(
            try content(#"{"id":"w","type":"image","image":{"id":"\#(long)","caption":"\#(long)","sha256":"\#(long)"}}"#)
        ).media
        #expect(media?.id == nil && media?.caption?.count == 65_536 && media?.sha256?.count == 128)
        #expect(try content(#"{"id":"w","type":"location","location":{"latitude":1e308,"longitude":0}}"#) == nil)
        #expect(try content(#"{"id":"w","type":"reaction","reaction":{"message_id":"\#(long)"}}"#) == nil)
    }

    /// A card may be long, and a message has hundreds.
    @Test(arguments: [(1, nil), (20, nil), (21, 1), (1000, 980)] as [(Int, Int?)])
    func ofManyPeopleTheFirstAreToldAndTheOthersCounted(count: Int, further: Int?) throws {
        let people = (0..<count).map { #"{"name":{"formatted_name":"\#($0)"}}"# }.joined(separator: ",")
        let told = try #require(try content("{\"id\":\"w\",\"type\":\"contacts\",\"contacts\":[\(people)]}"))
        #expect(told.contacts?.map(\.name) == (0..<min(count, 20)).map { "\($0)" } && told.furtherContacts == further)
        var again = told
        again.shorten()
        #expect(again == told)
    }
}
