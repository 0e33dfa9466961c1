package import GRDB
import Storage
package import Vocabulary

/// The messages that wait on a number.
extension Outbox {
    /// Messages that wait on a number and belong to no campaign.
    package func waitingSingly(_ db: Database, on number: PhoneNumberID) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM message WHERE account = ? AND state = 'queued' AND campaign IS NULL",
            arguments: [number]) ?? 0
    }

    /// Messages that wait on a number.
    package func waiting(on number: PhoneNumberID) async throws -> Int {
        try await store.read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM message WHERE account = ? AND state = 'queued'", arguments: [number]) ?? 0
        }
    }
}
