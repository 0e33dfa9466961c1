import IntelligenceContract
import MetaEvents
import RPCContract
import Testing
import Vocabulary

@testable import linda

/// What the screen shows of a conversation beside words.
@Suite struct ConversationLinesTests {
    private func item(
        _ direction: GetConversation.Item.Direction = .inbound, _ text: String? = nil, wamid: WAMID? = nil, content: ReceivedContent? = nil
    ) -> GetConversation.Item {
        GetConversation.Item(
            direction: direction, wamid: wamid, type: "x", text: text, intent: nil, content: content, at: Timestamp(milliseconds: 0))
    }

    private func call(_ event: MetaWord<ReceivedCall.Word>, _ seconds: Seconds? = nil) -> GetConversation.Item {
        item(content: ReceivedContent(call: ReceivedCall(event: event, seconds: seconds)))
    }

    /// Meta tells of the beginning and of the end; people had one call.
    @Test func aCallIsOneLine() {
        let items = [
            call("connect"), item(.outbound, "Hello"), call("terminate"), call("connect"), call("terminate", 3), call("connect"),
        ]
        #expect(ConversationLines.of(items).map(\.words) == ["Hello", "missed call", "call of 3 s", "call, not ended yet"])
    }

    @Test func anEmojiSaysWhatItWasPutOn() throws {
        func reaction(_ message: String, _ emoji: String?) throws -> GetConversation.Item {
            let value = emoji.map { #"{"message":"\#(message)","emoji":"\#($0)"}"# } ?? #"{"message":"\#(message)"}"#
            var content = ReceivedContent()
            content.reaction = try JSON.decode(ReceivedReaction.self, from: value)
            return item(content: content)
        }
        let long = String(repeating: "a", count: 50)
        let items = [
            item(.outbound, "Your order is ready", wamid: "1"), item(.outbound, long, wamid: "2"), try reaction("1", "👍"),
            try reaction("2", "👍"), try reaction("404", "👍"), try reaction("1", nil),
        ]
        #expect(
            ConversationLines.of(items).dropFirst(2).map(\.words) == [
                "👍 on “Your order is ready”", "👍 on “\(String(repeating: "a", count: 39))…”", "👍 on an earlier message",
                "took the emoji back from “Your order is ready”",
            ])
    }

    /// What Meta has not handed on is named with its reason, and a call that we made by what became of it.
    @Test func whatHasNoWordsIsNamed() throws {
        func line(_ content: String, _ direction: GetConversation.Item.Direction = .inbound) throws -> String {
            try item(direction, content: JSON.decode(ReceivedContent.self, from: content)).words(reactedTo: nil)
        }
        let reason = #"[{"code":1,"title":"Unknown","details":"Not supported."}]"#
        #expect(try line(#"{"unsupported":"poll","errors":\#(reason)}"#) == "poll, not handed on by WhatsApp (Not supported.)")
        #expect(try line(#"{"media":{"kind":"image","mimeType":"image/png"},"errors":\#(reason)}"#) == "image/png, Not supported.")
        #expect(try line(#"{"system":{"type":"user_changed_number","text":"Asha has another number."}}"#) == "Asha has another number.")
        #expect(try line(#"{"contacts":[{"name":"Ravi","phones":["1"]}],"furtherContacts":2}"#) == "Ravi 1 and 2 more")
        #expect(try line(#"{"reply":{"kind":"callPermission","id":"accept"}}"#) == "permission to call: accept")
        #expect(try line(#"{"call":{"event":"terminate"}}"#, .outbound) == "call that was not taken")
        #expect(try line(#"{"call":{"event":"REJECTED"}}"#, .outbound) == "call that was rejected")
        #expect(try line(#"{"call":{"event":"recording"}}"#) == "call: recording")
    }
}
