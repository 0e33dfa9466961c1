import Foundation
import RPCContract
import Testing
import Vocabulary

@testable import SandboxCore

@Suite struct SendChecksTests {
    @Test(arguments: ["+91 98765-43210", "(91) 98765.43210", "919876543210"])
    func digitsAreTakenHoweverTheyAreSetApart(text: String) throws { #expect(try SendChecks.digits(text) == "919876543210") }

    @Test(arguments: ["", "abc", "9198765x43210", "1234", "९१९८७६५४३२१०", String(repeating: "1", count: 21)])
    func whatIsNoNumberIsRefused(text: String) { #expect(throws: MetaError.self) { try SendChecks.digits(text) } }

    @Test func onlyIDsThatWereMadeAreKnown() throws {
        var generator = SeededGenerator(seed: 7)
        for contact in ["", "1", "919876543210", String(repeating: "9", count: 300)] {
            let wamid = WAMIDs.make(contact: contact, .toBusiness, using: &generator).rawValue
            #expect(WAMIDs.direction(of: wamid) == .toBusiness)
            // One digit of the serial number is another.
            var bytes = [UInt8](try #require(Data(base64Encoded: String(wamid.dropFirst(6)))))
            bytes[bytes.count - 10] = bytes[bytes.count - 10] == 65 ? 66 : 65
            #expect(WAMIDs.direction(of: "wamid." + Data(bytes).base64EncodedString()) == nil)
        }
        for text in ["", "wamid.", "wamid.HBgM", "wamid.\u{0}", "HBgMOTE5ODc2NTQzMjEwFQIAERgUODdCMzQxRDY5MEQ3QTI4QTBCNDYA"] {
            #expect(WAMIDs.direction(of: text) == nil)
        }
        #expect(WAMIDs.direction(of: WAMIDs.make(contact: "1", .toCustomer, number: .max).rawValue) == .toCustomer)
    }

    @Test(arguments: [
        (#"{"action":{"buttons":[{"reply":{"id":"a","title":"A"}},{"reply":{"id":"a","title":"B"}}]}}"#, "button id"),
        (#"{"action":{"buttons":[{"reply":{"id":"a","title":"A"}},{"reply":{"id":"b","title":"A"}}]}}"#, "button title"),
        (#"{"action":{"sections":[{"rows":[{"id":"a","title":"A"}]},{"rows":[{"id":"a","title":"B"}]}]}}"#, "row id"),
        (
            #"{"action":{"sections":[{"rows":[1,2,3,4,5,6]},{"rows":[1,2,3,4,5]}]}}"#, "Total row count exceed max allowed count: 10"
        ),
    ])
    func buttonsAndRowsAreToldApart(interactive: String, told: String) throws {
        let value = try JSON.decode(JSONValue.self, from: Data(interactive.utf8))
        let error = #expect(throws: MetaError.self) { try SendChecks.check(interactive: value) }
        #expect(error?.code == 131009 && error?.details.contains(told) == true)
    }

    @Test func rowsOfOneTitleAreTaken() throws {
        let value = try JSON.decode(
            JSONValue.self, from: Data(#"{"action":{"sections":[{"rows":[{"id":"a","title":"A"},{"id":"b","title":"A"}]}]}}"#.utf8))
        try SendChecks.check(interactive: value)
    }

    @Test func filesAreFoundWhereverAMessageCarriesThem() throws {
        let bodies: [(String, [String])] = [
            (#"{"type":"image","image":{"id":"1"}}"#, ["1"]), (#"{"type":"text","text":{"body":"x"}}"#, []),
            (#"{"type":"interactive","interactive":{"header":{"type":"video","video":{"id":"2"}}}}"#, ["2"]),
            (#"{"type":"interactive","interactive":{"action":{"cards":[{"header":{"type":"image","image":{"id":"3"}}}]}}}"#, ["3"]),
            (
                #"{"type":"template","template":{"components":[{"type":"header","parameters":[{"type":"document","document":{"id":"4"}}]},{"type":"carousel","cards":[{"components":[{"type":"header","parameters":[{"type":"image","image":{"id":"5"}}]}]}]}]}}"#,
                ["4", "5"]
            ),
        ]
        for (body, ids) in bodies {
            let found = SendChecks.media(in: try JSON.decode(JSONValue.self, from: Data(body.utf8)))
            #expect(found.compactMap { $0.object["id"]?.text } == ids)
        }
    }
}
