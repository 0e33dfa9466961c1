import AccountContract
import GRDB
import JobQueue
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountOutbox

@Suite struct SendJobTests {
    @Test(arguments: Message.Category.allCases) func aJobSaysWhatItsMessageIs(category: Message.Category) async throws {
        let desk = try await OutboxDesk()
        for contact in ["919876543210", "IN.13491208655302741918", ""] as [ContactID] {
            let job = SendJob(category: category, contact: contact)
            let read = try await desk.pool.write { db in
                try JobTable.enqueue(db, queue: "q", key: "k\(contact.rawValue)", payload: job.payload, notBefore: 0, now: 0)
                return try JobTable.claim(db, queue: "q", limit: 10, now: 1).map { try SendJob($0) }
            }
            #expect(read == [job])
        }
        try desk.end()
    }

    /// One row that cannot be read fails alone, and says why.
    @Test(arguments: ["", "x919876543210", "?"]) func whatIsNoJobOfOursIsRefusedAndItsMessageFails(payload: String) async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        let (outbox, now) = (desk.outbox, desk.now.value)
        let job = try await desk.pool.write { db in
            try db.execute(sql: "UPDATE job SET payload = ?", arguments: [payload])
            return try #require(try JobTable.claim(db, queue: Outbox.queue("1"), limit: 1, now: now).first)
        }
        let fault = #expect(throws: Fault.self) { try SendJob(job) }
        #expect(fault?.message.contains("id \(job.id)") == true)
        try await desk.store.write { db in
            guard case .settle(let settle) = try outbox.admit(db, job, on: "1", limits: { _, _, _ in nil }) else {
                throw Fault(.internal, "it was admitted")
            }
            try settle(db)
        }
        #expect(try await desk.state(id) == .failed)
        try desk.end()
    }
}
