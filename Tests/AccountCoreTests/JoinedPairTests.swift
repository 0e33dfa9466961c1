import GRDB
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountContacts
@testable import AccountOutbox
@testable import AccountPacing

/// Meta limits what one person gets from one number, whatever the person is called.
@Suite struct JoinedPairTests {
    private static let phone: ContactID = "919876543210"
    private static let id: ContactID = "IN.13491208655302741918"

    /// A burst that either name may have is too much for both together.
    @Test(arguments: [false, true]) func twoNamesOfOnePersonHaveOneLimit(isLearntFromIDs: Bool) async throws {
        let desk = try await OutboxDesk()
        for name in [Self.phone, Self.id] {
            for _ in 0..<30 { #expect(desk.pacer.admit("1", contact: name, opensConversation: false) == nil) }
        }
        #expect(desk.pacer.pairWait("1", contact: Self.phone) == .zero && desk.pacer.pairWait("1", contact: Self.id) == .zero)
        let (people, time) = (desk.people, desk.now.value)
        let person = try await desk.store.write { db in
            try isLearntFromIDs
                ? people.learn(db, phone: nil, ids: [Self.phone, Self.id], at: time, source: "test", workspace: "w")
                : people.learn(db, phone: Self.phone, ids: [Self.id], at: time, source: "test", workspace: "w")
        }
        #expect(person.name == Self.phone)
        // Whoever is written to under the id is asked about under the person's name.
        let found = try await desk.pool.read { db in try People.person(db, Self.id, workspace: "w") }
        #expect(found == person)
        let wait = try #require(desk.pacer.admit("1", contact: person.name, opensConversation: false))
        #expect((95_000...110_000).contains(wait.count), "seventeen times 6.2 s, and not \(wait)")
        // Another person has a limit of their own.
        #expect(desk.pacer.admit("1", contact: "919876543211", opensConversation: false) == nil)
        desk.now.set(time + wait)
        #expect(desk.pacer.admit("1", contact: person.name, opensConversation: false) == nil)
        try desk.end()
    }
}
