import AccountContract
import Foundation
import GatewayContract
import IntelligenceContract
import RPCContract
import SandboxContract
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

/// What the tables of fields promise, held against every method of every process.
@Suite struct BoundsTests {
    @Test(arguments: Contracts.all.map { $0.process })
    func everyFieldHasMeaningAndBounds(process: String) throws {
        let gaps = try OpenRPC.gaps(of: Contracts.named(process))
        #expect(gaps.isEmpty, "\(gaps.joined(separator: "\n"))")
    }

    /// Examples are what the reference shows: they are sound by their own tables.
    @Test(arguments: Contracts.all.map { $0.process })
    func examplesKeepTheirBounds(process: String) throws {
        for method in try Contracts.named(process).allMethods { try check(method) }
    }

    private func check<M: RPCMethod>(_ method: M.Type) throws {
        let decoder = ParamsDecoder<M>()
        for params in [M.example.params] + M.alternatives {
            #expect(throws: Never.self, "\(M.name)") { _ = try decoder.decode(JSON.encode(params)) }
        }
        var gaps: [String] = []
        let schema = try Schema.reply(of: M.self, gaps: &gaps)
        for reply in [M.example.reply] + M.alternativeReplies {
            let value = try JSON.decode(JSONValue.self, from: JSON.encode(reply))
            #expect(throws: Never.self, "\(M.name) reply") { try schema.check(reply: value) }
        }
    }

    /// A wrong value gives a fault that names its place, never an internal error, and never ends the process.
    @Test(arguments: Contracts.all.map { $0.process })
    func wrongValuesAreRefusedWithTheirPlace(process: String) throws {
        let seed = Seed.current
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        var all = Count()
        var fewest: (method: String, count: Int) = ("", .max)
        for method in try Contracts.named(process).allMethods {
            let count = try refuse(method, &generator)
            #expect(count.ofBounds + count.byChance >= 200, "\(method.name)")
            // Whatever a method takes, there are members that it does not know.
            #expect(count.ofBounds >= 3, "\(method.name)")
            all.ofBounds += count.ofBounds
            all.byChance += count.byChance
            if count.ofBounds < fewest.count { fewest = (method.name, count.ofBounds) }
        }
        print("\(process): \(all.ofBounds) values of bounds, \(fewest.count) of \(fewest.method) at least; \(all.byChance) by chance")
    }

    /// Wrong values by where they came from.
    private struct Count {
        var ofBounds = 0
        var byChance = 0
    }

    private func refuse<M: RPCMethod>(_ method: M.Type, _ generator: inout SeededGenerator) throws -> Count {
        var gaps: [String] = []
        let schema = try Schema.params(of: M.self, gaps: &gaps)
        let decoder = ParamsDecoder<M>()
        var count = Count()
        for params in [M.example.params] + M.alternatives {
            let base = try JSON.decode(JSONValue.self, from: JSON.encode(params))
            var values = WrongValues(schema, base: base)
            values.fill(to: 220, using: &generator)
            for wrong in values.cases {
                if wrong.isByChance { count.byChance += 1 } else { count.ofBounds += 1 }
                do {
                    _ = try decoder.decode(Data(wrong.json.utf8))
                    Issue.record("\(M.name): \(wrong.name) at \(wrong.path ?? "") was taken: \(wrong.json.prefix(300))")
                } catch let fault as Fault {
                    if let path = wrong.path {
                        #expect(fault.code == .params, "\(M.name): \(wrong.name): \(fault)")
                        #expect(fault.path ?? "" == path, "\(M.name): \(wrong.name) at \(path): \(fault)")
                        for words in wrong.words {
                            #expect(fault.message.contains(words), "\(M.name): \(wrong.name) at \(path) tells \(words): \(fault)")
                        }
                        #expect(fault.message.utf8.count < 4096)
                    } else {
                        #expect(fault.code == .parse, "\(M.name): \(wrong.name): \(fault)")
                    }
                }
            }
        }
        return count
    }

    @Test func aMisspeltMemberIsToldWhatItWasMeantToBe() throws {
        let decoder = ParamsDecoder<SendMessage>()
        func fault(_ json: String) throws -> Fault? { #expect(throws: Fault.self) { _ = try decoder.decode(Data(json.utf8)) } }
        let top = try #require(try fault(#"{"to":"+919876543210","text":{"body":"Hi"},"requestkey":"a"}"#))
        #expect(top.path == "requestkey")
        #expect(top.message == "requestkey is not known: did you mean requestKey?")
        let nested = try #require(try fault(#"{"to":"+919876543210","text":{"bdoy":"Hi"},"requestKey":"a"}"#))
        #expect(nested.path == "text.bdoy")
    }

    @Test func absentNullAndEmptyAreToldApart() throws {
        let decoder = ParamsDecoder<SetCampaignBudget>()
        let id = Campaign.example.id
        #expect(try decoder.decode(Data(#"{"id":"\#(id)","budget":null}"#.utf8)).budget == nil)
        let absent = #expect(throws: Fault.self) { _ = try decoder.decode(Data(#"{"id":"\#(id)"}"#.utf8)) }
        #expect(absent?.path == "budget")
        let empty = #expect(throws: Fault.self) { _ = try decoder.decode(Data(#"{"id":"\#(id)","budget":{}}"#.utf8)) }
        #expect(empty?.path?.hasPrefix("budget.") == true)
        let null = #expect(throws: Fault.self) { _ = try decoder.decode(Data(#"{"id":null,"budget":null}"#.utf8)) }
        #expect(null?.message == "id is null; it is required.")
    }

    @Test func faultsNameBoundAndValue() throws {
        let decoder = ParamsDecoder<CreateBatch>()
        func message(_ json: String) throws -> String? {
            (#expect(throws: Fault.self) { _ = try decoder.decode(Data(json.utf8)) })?.message
        }
        #expect(
            try message(#"{"name":"a","requestKey":"b","priority":1001}"#) == "priority is 1001; it is a whole number from 0 to 1000.")
        #expect(try message(#"{"name":"","requestKey":"b"}"#) == "name is empty; it has 1 to 128 characters.")
        #expect(try message(#"{"name":"a","requestKey":"b","rate":"fast"}"#) == "rate is a string, not a whole number.")
    }
}
