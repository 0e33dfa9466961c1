import AccountContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountNumbers
@testable import AccountOutbox
@testable import AccountPacing

/// All numbers use one token: what Meta says of it to one of them is true of all.
@Suite struct DeadTokenTests {
    @Test func noNumberOfADeadTokenStandsAsReady() async throws {
        let meta = MetaAnswers()
        meta.next.set([.refused(190), .accepted])
        try await meta.serve { address in
            let desk = try await OutboxDesk(meta: address)
            let other = AddAccount.Params(phoneNumberID: "2", wabaID: "2", displayPhoneNumber: "+918047181001", displayName: "B")
            _ = try await desk.numbers.add(other, workspace: "w")
            let id = try await desk.queued()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await desk.senders.run() }
                try await eventually("Meta has refused the token") { try await desk.numbers.troubles().count == 2 }
                for text in try await desk.numbers.troubles().map(\.trouble.text) {
                    #expect(text.contains("credentials/graph-token") && text.contains("linda up"), "\(text)")
                }
                // A new one is there: what one number can send says so of all.
                _ = try await desk.numbers.release("1", workspace: "w")
                try await eventually("the message goes out") { try await desk.state(id) == .accepted }
                #expect(try await desk.numbers.troubles().isEmpty)
                group.cancelAll()
            }
            try desk.end()
        }
    }

    /// A permission is of one account's numbers.
    @Test func aMissingPermissionIsToldOfItsNumberOnly() {
        let pacer = Pacer(clock: WallClock { Timestamp(milliseconds: 1_000_000_000) })
        var account = Account.example
        for id in ["1", "2"] as [PhoneNumberID] {
            account.phoneNumberID = id
            pacer.configure(account)
        }
        pacer.block("1", for: .seconds(30), because: "a permission")
        #expect(pacer.obstacle("1") == "a permission" && pacer.obstacle("2") == nil)
        pacer.block("1", for: .seconds(30), because: "the token", token: pacer.token)
        #expect(pacer.obstacle("2") == "the token" && !pacer.isBlocked("2"), "it finds out by itself when it may send again")
        pacer.answered("2")
        #expect(pacer.obstacle("2") == nil)
    }

    /// The message that was refused may be cancelled: nothing goes out that would tell of it.
    @Test func anotherTokenEndsWhatWasSaidOfTheOneBefore() {
        let pacer = Pacer(clock: WallClock { Timestamp(milliseconds: 1_000_000_000) })
        var account = Account.example
        for id in ["1", "2", "3"] as [PhoneNumberID] {
            account.phoneNumberID = id
            pacer.configure(account)
        }
        pacer.block("1", for: .seconds(30), because: "the token", token: pacer.token)
        pacer.block("3", for: .seconds(30), because: "a permission")
        pacer.tokenReplaced()
        #expect(pacer.obstacle("1") == nil && pacer.obstacle("2") == nil && !pacer.isBlocked("1"))
        #expect(pacer.obstacle("3") == "a permission" && pacer.isBlocked("3"), "that is no matter of the token's text")
        // A request of before was under way meanwhile.
        pacer.block("2", for: .seconds(30), because: "the former token", token: pacer.token - 1)
        #expect(pacer.obstacle("1") == nil && pacer.obstacle("2") == nil && !pacer.isBlocked("2"))
    }
}
