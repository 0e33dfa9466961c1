package import GRDB
import Storage
package import Vocabulary

/// A person of a workspace, by the one name that stands for all their names.
///
/// It is the phone number as soon as one is known, else the BSUID. Only `People` makes one, so that whatever is kept of a
/// person is found under every name.
package struct PersonID: Hashable, Sendable {
    package let name: ContactID

    init(_ name: ContactID) { self.name = name }
}

extension PersonID: DatabaseValueConvertible {
    package var databaseValue: DatabaseValue { name.databaseValue }

    package static func fromDatabaseValue(_ value: DatabaseValue) -> PersonID? {
        ContactID.fromDatabaseValue(value).map { PersonID($0) }
    }
}
