import ArgumentParser
import GatewayContract
import RPCContract
import Testing
import Vocabulary

@testable import linda

/// The inbox on the screen.
@Suite struct InboxListTests {
    private func event(_ id: Int64, _ kind: String, _ raw: JSONValue, error: String? = nil) -> InboundEvent {
        InboundEvent(
            id: id, kind: kind, state: error == nil ? .done : .dead, attempts: 1, receivedAt: Timestamp(milliseconds: 1_790_000_000_000),
            error: error, raw: raw, phoneNumberID: "106540352242922", contact: "919876543210", contactName: "Asha Rao", userIDs: ["IN.77"])
    }

    private var list: InboxList {
        InboxList(number: { _ in "+91 8047181000" }, contact: { $0.spelled }, text: { $0 })
    }

    @Test func eachEventSaysWhatItIsOnANarrowTerminal() {
        let events = [
            event(1_234_567, "message", ["type": "interactive"], error: "account_unknown: The number is not configured."),
            event(2, "status", ["status": "warming_up"]), event(1, "error", ["code": 130429]), event(0, "account_update", [:]),
        ]
        let whole = list.table(events).lines(width: nil)
        #expect(whole[1].contains("message interactive") && whole[1].contains("+91 9876543210") && whole[1].contains("Asha Rao"))
        #expect(whole[2].contains("status warming_up") && whole[3].contains("error 130429") && whole[4].contains("+91 8047181000"))
        let narrow = list.table(events).lines(width: 80)
        #expect(narrow.count == 5 && narrow.allSatisfy { TerminalWidth.of($0) <= 80 })
        #expect(narrow[1].contains("+91 8047181000") && narrow[1].contains("account_un"))
    }

    @Test func oneIsShownWithAllThatMetaSaid() throws {
        let lines = try InboxList.lines(event(7, "status", ["status": "warming\u{1B}[2J", "id": "w"]), width: nil)
        #expect(lines[0].hasPrefix("7  ") && lines[0].hasSuffix("done, tried 1 time"))
        #expect(lines.contains("number: 106540352242922") && lines.contains("name: Asha Rao") && lines.contains("BSUIDs: IN.77"))
        #expect(lines.contains { $0.contains(#""id" : "w""#) } && lines.allSatisfy { !$0.contains("\u{1B}") })
    }

    /// It is copied into a program: a text that is folded is no JSON any more.
    @Test func whatCameIsNotFolded() throws {
        let raw: JSONValue = ["body": .string(String(repeating: "some words ", count: 30))]
        let lines = try InboxList.lines(event(7, "message", raw, error: "some words of the fault that are longer than the line"), width: 40)
        let start = try #require(lines.firstIndex(of: "{"))
        #expect(try lines[start...].joined(separator: "\n") == JSON.pretty(raw))
        #expect(lines[..<start].allSatisfy { TerminalWidth.of($0) <= 40 })
    }

    @Test func whatCameIsNotMasked() {
        #expect(throws: (any Error).self) { try InboxCommand.Show.parse(["7", "--mask"]) }
        #expect(throws: Never.self) { try InboxCommand.Show.parse(["7"]) }
        #expect(throws: Never.self) { try InboxCommand.List.parse(["--mask", "--kind", "status"]) }
    }
}
