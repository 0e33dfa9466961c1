import AccountContract
import Foundation
import GatewayContract
import IntelligenceContract
import PosterContract
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

/// Every method of every process, called with what its bounds forbid and with the ends of what they allow.
@Suite(.timeLimit(.minutes(5))) struct HostileParamsTests {
    private static let contracts: [any Contract.Type] = [
        GatewayContract.self, TemplateContract.self, AccountContract.self, IntelligenceContract.self, SyncContract.self,
        PosterContract.self,
    ]

    @Test func noParamsEndAProcessOrRaiseADefect() async throws {
        try await LindaFixture.run { linda in
            print("seed \(Seed.current)")
            try await linda.addNumbers()
            for contract in Self.contracts {
                var generator = SeededGenerator(seed: Seed.current)
                let client = linda.client(contract)
                for method in contract.allMethods {
                    for text in try Self.texts(method, &generator) {
                        do throws(Fault) {
                            // A stream that is taken answers when it ends.
                            let allowed = method.effect == .stream ? Duration.milliseconds(20) : .seconds(20)
                            _ = try await client.call(method.name, Data(text.utf8), deadline: allowed)
                        } catch {
                            #expect(error.code != .internal, "\(contract.process) \(method.name) \(text.prefix(400)): \(error)")
                            #expect(error.code != .unavailable, "\(contract.process) \(method.name) \(text.prefix(400)): \(error)")
                        }
                    }
                }
                await client.close()
                #expect(linda.stack.restarts(of: contract.process) == 0, "\(contract.process) was ended")
            }
        }
    }

    private static func texts<M: RPCMethod>(_ method: M.Type, _ generator: inout SeededGenerator) throws -> [String] {
        let schema = try Schema.params(of: M.self)
        var texts: [String] = []
        for params in ([M.example.params] + M.alternatives).prefix(4) {
            let base = try JSON.decode(JSONValue.self, from: JSON.encode(params))
            texts += WrongValues.edges(schema, base: base)
            texts += WrongValues(schema, base: base).cases.filter { $0.path != nil && $0.json.utf8.count < 100_000 }
                .shuffled(using: &generator).prefix(20).map(\.json)
        }
        return texts
    }

    /// Each value that a schema forbids, sent to the process itself as it is assembled: refused, and no more than that.
    ///
    /// A text that is cut short is no frame, and is left to the decoder's own test.
    @Test func everyProcessRefusesEveryWrongValue() async throws {
        try await LindaFixture.$mode.withValue(.inProcess) {
            try await LindaFixture.run { linda in
                try await linda.addNumbers()
                for contract in Self.contracts + [SandboxContract.self] {
                    let client = linda.client(contract)
                    var count = 0
                    for method in contract.allMethods {
                        let cases = try Self.wrong(method)
                        count += cases.count
                        let strange = await Self.unrefused(cases, by: method.name, client)
                        #expect(strange.isEmpty, "\(contract.process) \(method.name): \(strange.count): \(strange.prefix(5))")
                    }
                    // It lives, and takes what is sound.
                    _ = try await client.call(ServicePing.self, Nothing())
                    await client.close()
                    #expect(linda.stack.restarts(of: contract.process) == 0, "\(contract.process) was ended")
                    print("\(contract.process): \(count) wrong values sent")
                }
            }
        }
    }

    private static func wrong<M: RPCMethod>(_ method: M.Type) throws -> [WrongValues.Case] {
        let schema = try Schema.params(of: M.self)
        return try ([M.example.params] + M.alternatives).flatMap { params in
            WrongValues(schema, base: try JSON.decode(JSONValue.self, from: JSON.encode(params))).cases
        }
    }

    /// What became of those that were not refused for what is wrong with them; several are on their way at a time.
    private static func unrefused(_ cases: [WrongValues.Case], by method: String, _ client: RPCClient) async -> [String] {
        await withTaskGroup(of: String?.self) { group in
            var strange: [String] = []
            for (index, wrong) in cases.enumerated() {
                if index >= 32, let found = await group.next() ?? nil { strange.append(found) }
                group.addTask {
                    let place = "\(wrong.name) at \(wrong.path ?? "-")"
                    do throws(Fault) {
                        _ = try await client.call(method, Data(wrong.json.utf8), deadline: .seconds(60))
                        return "\(place) was taken"
                    } catch {
                        // One that is longer than any frame does not leave the client.
                        return [FaultCode.params, .parse, .frame].contains(error.code) ? nil : "\(place): \(error)"
                    }
                }
            }
            for await found in group { if let found { strange.append(found) } }
            return strange
        }
    }

    /// Meta's own numbers are not bounded by anybody.
    @Test(arguments: ["9999999999999999", "9223372036854775", "9223372036854775807", "-1", "-9223372036854775808", "1e300", "soon"])
    func aMomentBeyondAnyCalendarIsLivedThrough(timestamp: String) async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let webhook = try Webhook(linda)
            let number = LindaFixture.numbers[0].rawValue
            let message = #"{"from":"919876543210","id":"wamid.T","timestamp":"\#(timestamp)","type":"text","text":{"body":"Hello"}}"#
            let status = #"{"id":"wamid.S","status":"delivered","timestamp":"\#(timestamp)","recipient_id":"919876543210"}"#
            let value = #"{"metadata":{"phone_number_id":"\#(number)"},"messages":[\#(message)],"statuses":[\#(status)]}"#
            let body = #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":\#(value)}]}]}"#
            #expect(try await webhook.post(body) == 200)
            try await eventually("both are handled") {
                let statistics = try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing())
                return statistics.events == 2 && statistics.pending == 0
            }
            #expect(Stack.processes.map { linda.stack.restarts(of: $0) } == Stack.processes.map { _ in 0 })
        }
    }
}
