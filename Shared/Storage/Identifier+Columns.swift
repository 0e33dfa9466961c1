package import GRDB
package import Vocabulary

// Ids are TEXT columns. Any text is an id, so reading one cannot fail; words, which can, are read by `Row.word`.

extension DatabaseValueConvertible where Self: Identifier {
    package var databaseValue: DatabaseValue { rawValue.databaseValue }

    package static func fromDatabaseValue(_ value: DatabaseValue) -> Self? {
        String.fromDatabaseValue(value).map { Self(rawValue: $0) }
    }
}

extension PhoneNumberID: DatabaseValueConvertible {}
extension WABAID: DatabaseValueConvertible {}
extension WAMID: DatabaseValueConvertible {}
extension ContactID: DatabaseValueConvertible {}
extension MessageID: DatabaseValueConvertible {}
extension CampaignID: DatabaseValueConvertible {}
extension ListID: DatabaseValueConvertible {}
extension WindowID: DatabaseValueConvertible {}
