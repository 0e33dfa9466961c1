package import AccountContacts
package import AccountPacing
package import GRDB
import Storage

/// Has Meta's limits for each person count what went out under all of their names.
package struct PacedPeople: PeopleListener {
    private let pacer: Pacer

    package init(pacer: Pacer) {
        self.pacer = pacer
    }

    /// The ledgers follow once the merger is on disk.
    package func merge(_ db: Database, _ person: PersonID, into other: PersonID, workspace: String) throws {
        db.afterCommit { [pacer] in pacer.merge(person.name, into: other.name) }
    }
}
