import AccountContract
import Foundation
import RPCContract
import Testing

/// Derived from the method types: what holds for every method of every process.
@Suite struct ContractTests {
    @Test(arguments: Contracts.all.map { $0.process })
    func namesAreNounAndVerbAndUnique(process: String) throws {
        let contract = try Contracts.named(process)
        let names = contract.allMethods.map { $0.name }
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.wholeMatch(of: /[a-z][A-Za-z]*\.[a-z][A-Za-z]*/) != nil, "\(name)")
        }
    }

    @Test(arguments: Contracts.all.map { $0.process })
    func everyExampleIsTrueToItsTypes(process: String) throws {
        let contract = try Contracts.named(process)
        for method in contract.allMethods { try check(method) }
    }

    private func check<M: RPCMethod>(_ method: M.Type) throws {
        for params in [M.example.params] + M.alternatives {
            let data = try JSON.encode(params, sorted: true)
            let again = try JSON.encode(JSON.decode(M.Params.self, from: data), sorted: true)
            #expect(data == again, "\(M.name) params")
            #expect(throws: Never.self, "\(M.name) validates its example") { try M.validate(params) }
        }
        let reply = try JSON.encode(M.example.reply, sorted: true)
        #expect(try reply == JSON.encode(JSON.decode(M.Reply.self, from: reply), sorted: true), "\(M.name) reply")
        #expect(reply.first == UInt8(ascii: "{"), "\(M.name) replies with an object")
        #expect(M.summary.hasSuffix("."), "\(M.name) has a sentence")
        #expect(M.deadline > .zero)
    }

    @Test(arguments: Contracts.all.map { $0.process })
    func faultsStayInTheirBlock(process: String) throws {
        let contract = try Contracts.named(process)
        let blocks = [
            "gateway": 1100, "template-service": 2100, "account-router": 3100,
            "intelligence-service": 4100, "sync-service": 5100, "sandbox": 6100, "poster": 7100,
        ]
        let first = try #require(blocks[process])
        for method in contract.methods {
            for fault in method.faults { #expect((first..<(first + 500)).contains(fault.number), "\(method.name): \(fault.number)") }
        }
    }

    @Test func discoveryTellsRequiredFromOptional() throws {
        let document = try OpenRPC.document(of: AccountContract.self)
        let methods = document.methods
        #expect(methods.count == AccountContract.allMethods.count)
        let send = try #require(methods.first { $0["name"] == "message.send" })
        let params = try #require(send["params"]?.array)
        func required(_ name: String) -> Bool? { params.first { $0["name"]?.string == name }?["required"]?.bool }
        #expect(required("to") == true)
        #expect(required("requestKey") == true)
        #expect(required("account") == false)
        let template = try #require(params.first { $0["name"] == "template" }?["schema"])
        #expect(template["properties"]?["name"]?["type"] == "string")
        #expect(template["required"]?.array?.contains("language") == false)
    }

    @Test func faultsCrossTheWireWhole() throws {
        let fault = Fault(.overloaded, "Too much.", retry: .after(.milliseconds(250)), path: "a.b", upstream: .init(code: 4, details: "x"))
        let again = try JSON.decode(Fault.self, from: JSON.encode(fault))
        #expect(again.code == .overloaded)
        #expect(again.code.reason == "overloaded")
        #expect(again.retry == .after(.milliseconds(250)))
        #expect(again.path == "a.b")
        #expect(again.upstream == .init(code: 4, details: "x"))
    }
}
