import AccountContract
import IntelligenceContract
import MetaEvents
import RPCContract
import SandboxContract
import Support
import Testing
import Vocabulary

/// A customer calls, and the call is taken or not.
@Suite struct CallTests {
    private static let asha: ContactID = "919876543210"

    private func conversation(_ linda: LindaFixture) async throws -> GetConversation.Reply {
        try await linda.call(
            IntelligenceContract.self, GetConversation.self, .init(account: LindaFixture.numbers[0], contact: Self.asha))
    }

    /// Meta opens the window for 24 hours from the call, whether anybody takes it; who was not heard waits for a person.
    @Test(arguments: SandboxCall.Outcome.allCases) func aCallOpensTheWindowHoweverItEnds(outcome: SandboxCall.Outcome) async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            func window() async throws -> GetConversationWindow.Reply {
                try await linda.call(
                    AccountContract.self, GetConversationWindow.self, .init(contact: Self.asha, account: LindaFixture.numbers[0]))
            }
            #expect(try await !window().open)
            let began = try await linda.call(SandboxContract.self, SandboxSetClock.self, .init()).now
            let params = SandboxCall.Params(
                phoneNumberID: LindaFixture.numbers[0], from: Self.asha, name: "Asha", outcome: outcome, seconds: 600)
            _ = try await linda.call(SandboxContract.self, SandboxCall.self, params)
            try await eventually("it rings") { await fault { _ = try await conversation(linda) } == nil }
            #expect(try await conversation(linda).messages.map { $0.content?.call?.event } == ["connect"], "its end is not told yet")
            let opened = try #require(try await window().expiresAt)
            #expect(opened - began > .hours(24) - .seconds(2) && opened - began < .hours(24) + .minutes(1))
            try await linda.clock(advance: .seconds(600))
            try await eventually("its end is told") { try await conversation(linda).messages.count == 2 }
            let reply = try await conversation(linda)
            #expect(reply.contactName == "Asha" && reply.needsPerson == (outcome != .answered))
            let end = try #require(reply.messages.last?.content?.call)
            #expect(end.event == "terminate" && end.seconds == (outcome == .answered ? 600 : nil))
            // How long they spoke prolongs nothing.
            if outcome == .answered { #expect(try await window().expiresAt == opened) }
        }
    }
}
