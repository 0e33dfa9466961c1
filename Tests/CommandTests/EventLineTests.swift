import ArgumentParser
import GatewayContract
import RPCContract
import Testing
import Vocabulary

@testable import linda

/// What `linda events` prints of an event.
@Suite struct EventLineTests {
    private let line = EventLine { $0 == "106540352242922" ? "+91 8047181001" : $0.rawValue }

    private static let samples: [(String, [String])] = [
        (#"{"account":"106540352242922","code":131026}"#, ["number: +91 8047181001", "Meta's code: 131026"]),
        (#"{"groupID":"1","isOK":true}"#, ["group ID: 1", "is OK: yes"]), (#"{"name":"Spring","reason":null}"#, ["name: Spring"]),
        ("{}", []), (#"{"reason":"","list":[],"more":{"x":null}}"#, []),
        (
            #"{"marketingShare":10,"enabled":true,"displayName":"A","identityHash":"x1"}"#,
            ["name: A", "enabled: yes", "identity hash: x1", "marketing share: 10"]
        ),
        (#"{"phoneNumberID":"7","event":12}"#, ["event: 12", "number: 7"]),
        (
            #"{"ban_info":{"waba_ban_state":"DISABLE","date":null},"variants":["a","b"]}"#,
            ["ban info: (waba ban state: DISABLE)", "variants: a, b"]
        ),
    ]

    @Test(arguments: samples) func detailsAreWords(data: String, details: [String]) throws {
        #expect(line.details(try JSON.decode(JSONValue.self, from: data)) == details)
    }

    @Test func momentsAreTimes() throws {
        let at = Timestamp(milliseconds: 1_790_000_000_000)
        #expect(line.details(["deadline": .integer(at.milliseconds), "expectedAt": .null]) == ["deadline: \(at.asTime)"])
    }

    @Test func aNumberIsShownAsItIsDialled() {
        func subject(_ type: String) -> String {
            line.subject(
                LiveEvent(
                    cursor: "1", process: .accountRouter, number: 1, at: .zero, type: type, workspace: "w", subject: "106540352242922",
                    data: [:]))
        }
        #expect(subject("account.health") == "+91 8047181001" && subject("message.sent") == "106540352242922")
    }

    /// A terminal gets whole words, a pipe one line.
    @Test(arguments: [60, 80]) func anEventIsFoldedBetweenWords(width: Int) throws {
        let event = LiveEvent(
            cursor: "1", process: .accountRouter, number: 1, at: .zero, type: "message.failed", workspace: "w",
            subject: "01M8EFQNC50WA2KN773A7QK36M",
            data: ["reason": "the recipient cannot get it, as there is no WhatsApp on that number or an old app"])
        let command = try EventsCommand.parse([])
        let lines = command.text(event, line, width: width)
        #expect(lines.count > 1 && lines.allSatisfy { TerminalWidth.of($0) <= width }, "\(lines)")
        let whole = command.text(event, line, width: nil)
        #expect(whole.count == 1 && lines.flatMap { $0.split(separator: " ") } == whole[0].split(separator: " "))
    }
}
