import MetaEvents
import RPCContract
import Testing
import Vocabulary

/// What `history` tells of the chats that a number had before it came to the Cloud API.
@Suite struct HistoryChunkTests {
    private static let place = #""metadata":{"display_phone_number":"918047181000","phone_number_id":"1"}"#

    private func chunk(_ members: String, place: String = place) throws -> HistoryChunk {
        let value = try JSON.decode(JSONValue.self, from: "{\(place),\(members)}")
        guard case .history(let chunk) = MetaEvent(field: "history", value: value) else { throw Fault(.params, "It is no history.") }
        return chunk
    }

    @Test func aChunkHasItsMessagesInBothDirections() throws {
        let theirs =
            #"{"from":"919876543210","id":"w1","timestamp":"1780000000","type":"text","text":{"body":"Hi"},"history_context":{"status":"READ"}}"#
        let ours = #"{"from":"918047181000","to":"919876543210","id":"w2","timestamp":"1780000001","type":"media_placeholder"}"#
        let thread =
            #"{"id":"919876543210","context":{"wa_id":"919876543210","user_id":"IN.1"},"messages":[\#(theirs),\#(ours),{"type":"text"}]}"#
        let chunk = try chunk(#""history":[{"metadata":{"phase":1,"chunk_order":7,"progress":55},"threads":[\#(thread)]}]"#)
        #expect(chunk.number == "1" && chunk.progress.map(\.phase) == [1] && chunk.progress.map(\.chunk) == [7])
        #expect(chunk.progress.map(\.percent) == [55] && chunk.progress[0].refusal == nil)
        #expect(chunk.messages.map(\.id) == ["w1", "w2"] && chunk.unread == 1)
        #expect(chunk.messages.map(\.contact) == ["919876543210", "919876543210"] && chunk.messages.map(\.userID) == ["IN.1", "IN.1"])
        #expect(chunk.messages.map(\.isFromBusiness) == [false, true])
        #expect(chunk.messages.map(\.text) == ["Hi", nil] && chunk.messages.map(\.status) == ["READ", nil])
        #expect(chunk.messages.map(\.type) == ["text", "media_placeholder"] && chunk.messages[0].at == Timestamp(seconds: 1_780_000_000))
    }

    /// However the number is written, and where only one side is named.
    @Test(arguments: [
        (#""from":"919876543210""#, false), (#""from":"918047181000""#, true), (#""from":"+91 80471 81000""#, true),
        (#""to":"919876543210""#, true), (#""from":"918047181000","to":"919876543210""#, true),
        (#""from":"919876543210","history_context":{"from_me":true}"#, true), (#""from":"","history_context":{"from_me":false}"#, false),
    ])
    func whoWroteIsRead(sides: String, isFromBusiness: Bool) throws {
        let thread = #"{"id":"919876543210","messages":[{"id":"w","type":"text","text":{"body":"a"},\#(sides)}]}"#
        let message = try #require(try chunk(#""history":[{"threads":[\#(thread)]}]"#).messages.first)
        #expect(message.isFromBusiness == isFromBusiness && message.contact == "919876543210")
    }

    /// The files of the last days come later, each alone and without a thread.
    @Test(arguments: [("919876543210", "918047181000", false), ("918047181000", "919876543210", true)])
    func aFileIsOfTheChatThatItBelongsTo(from: String, to: String, isFromBusiness: Bool) throws {
        let image = #"{"id":"5","mime_type":"image/jpeg","caption":"Here"}"#
        let message = #"{"from":"\#(from)","to":"\#(to)","id":"w","timestamp":"5","type":"image","image":\#(image)}"#
        let contacts = #""contacts":[{"wa_id":"919876543210","profile":{"name":"Asha"}}]"#
        let chunk = try chunk(#"\#(contacts),"messages":[\#(message)]"#)
        let read = try #require(chunk.messages.first)
        #expect(read.contact == "919876543210" && read.isFromBusiness == isFromBusiness && read.contactName == "Asha")
        #expect(read.content?.media?.id == "5" && read.text == "Here" && chunk.progress.isEmpty && chunk.unread == 0)
    }

    @Test func aRefusalIsRead() throws {
        let error = #"{"code":2593109,"title":"Declined","message":"Declined","error_data":{"details":"Not shared"}}"#
        let chunk = try chunk(#""history":[{"errors":[\#(error)]}]"#)
        let refusal = try #require(chunk.progress.first?.refusal)
        #expect(refusal.isDeclined && refusal.code == 2_593_109 && refusal.text == "Declined: Not shared" && chunk.messages.isEmpty)
        let other = try self.chunk(#""history":[{"errors":[{"code":1}]}]"#).progress.first?.refusal
        #expect(other?.isDeclined == false && other?.text == "")
    }

    @Test func whatIsOutOfBoundsIsNotRead() throws {
        let chunk = try chunk(
            #""history":[{"metadata":{"phase":-1,"chunk_order":"x","progress":101},"threads":[{"messages":[{"id":"w"}]}]}]"#)
        #expect(chunk.progress.isEmpty && chunk.messages.isEmpty && chunk.unread == 1)
        #expect(try self.chunk(#""history":[{}]"#, place: #""x":1"#).number == nil)
    }
}
