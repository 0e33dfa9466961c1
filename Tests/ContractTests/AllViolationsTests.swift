import AccountContract
import Foundation
import RPCContract
import SyncContract
import Testing

/// Whoever gives several wrong values is told of all of them at once.
@Suite struct AllViolationsTests {
    private func fault<M: RPCMethod>(_ method: M.Type, _ json: String) throws -> Fault {
        try #require(#expect(throws: Fault.self) { _ = try ParamsDecoder<M>().decode(Data(json.utf8)) })
    }

    @Test func allAreToldInTheOrderOfTheTable() throws {
        let fault = try fault(CreateBatch.self, #"{"priority":1001,"rate":"fast","name":"","limit":1}"#)
        #expect(fault.path == "limit", "what is not known comes first: \(fault)")
        #expect(fault.message.hasPrefix("There are 5 mistakes. limit is not known. Known: "), "\(fault)")
        let places = ["name is empty", "priority is 1001", "rate is a string", "requestKey is missing"]
        for place in places { #expect(fault.message.contains(place), "\(place): \(fault)") }
    }

    @Test func manyAreBounded() throws {
        let people = (0..<1000).map { _ in #"{"contact":1}"# }.joined(separator: ",")
        let fault = try fault(AddToBroadcastList.self, #"{"id":"i","recipients":[\#(people)]}"#)
        #expect(fault.path == "recipients[0].contact" && fault.message.hasPrefix("There are more than 20 mistakes. "), "\(fault)")
        #expect(fault.message.hasSuffix(" … and others.") && fault.message.utf8.count < 4096, "\(fault)")
    }

    /// A misspelt member is one mistake, not a strange one and a missing one; a single mistake is told as it is.
    @Test func oneIsToldAlone() throws {
        let misspelt = try fault(CreateBatch.self, #"{"name":"a","requestkey":"k"}"#)
        #expect(misspelt.message == "requestkey is not known: did you mean requestKey?")
        let only = try fault(ListContacts.self, #"{"nothing_like_it":1}"#)
        #expect(only.message == "nothing_like_it is not known. Known: limit, cursor.")
    }

    @Test(arguments: [
        ("a b", "has a space as character 2"), ("aB", "has \"B\" as character 2"), ("a\nb", "has a line break as character 2"),
        ("a\u{202E}", "has the control character U+202E as character 2"), ("दीवाली", "has \"द\" as character 1"),
    ])
    func aCharacterThatIsNotAllowedIsShown(text: String, words: String) throws {
        let found = try #require(TextAlphabet.lowercase.foreign(in: text))
        #expect("has \(found.shown) as character \(found.place)" == words)
    }
}
