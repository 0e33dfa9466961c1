import RPCContract
package import Vocabulary

/// A customer has another BSUID.
///
/// Source: Meta, webhook user_id_update.
package struct UserIDChange: Sendable, Equatable {
    package static let field = "user_id_update"

    package var number: PhoneNumberID?
    /// The phone number, where Meta gives one.
    package var phone: ContactID?
    package var previous: ContactID
    package var current: ContactID
    /// Meta's sentence about it.
    package var detail: String?
    package var at: Timestamp?

    /// - Returns: nil where it is another field, or the value has no such list.
    static func all(field: String, value: JSONValue) -> [UserIDChange]? {
        guard field == Self.field, let list = value["user_id_update"]?.array else { return nil }
        let number = value["metadata"]?["phone_number_id"]?.id(PhoneNumberID.self)
        return list.prefix(1000).flatMap { item in
            // The portfolio's own id, and the one that several portfolios share.
            [item["user_id"], item["parent_user_id"]].compactMap { ids -> UserIDChange? in
                guard let previous = ids?["previous"]?.id(ContactID.self), let current = ids?["current"]?.id(ContactID.self) else {
                    return nil
                }
                return UserIDChange(
                    number: number, phone: item["wa_id"]?.id(), previous: previous, current: current,
                    detail: item["detail"]?.string?.cut(to: 65_536), at: .meta(item["timestamp"]))
            }
        }
    }
}
