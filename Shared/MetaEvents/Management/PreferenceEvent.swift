package import RPCContract
package import Vocabulary

/// What people want to get from a number, as they have set it in WhatsApp itself.
///
/// Source: Meta, webhook user_preferences.
package struct PreferenceEvent: Sendable, Equatable {
    package static let field = "user_preferences"

    package var number: PhoneNumberID?
    /// The first thousand; what is no preference of marketing is left out.
    package var preferences: [UserPreference]
    package var displayPhoneNumber: String?

    package init?(field: String, value: JSONValue) {
        guard field == Self.field else { return nil }
        number = value["metadata"]?["phone_number_id"]?.id()
        preferences = (value["user_preferences"]?.array ?? []).prefix(1000).compactMap { UserPreference($0) }
        displayPhoneNumber = value.displayPhoneNumber
    }

    /// What account-router is told.
    package var told: AccountEvent {
        var event = AccountEvent(.preferences, displayPhoneNumber: displayPhoneNumber)
        event.phoneNumberID = number
        event.preferences = preferences
        return event
    }
}
