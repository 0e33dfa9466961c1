import AccountContract
import Vocabulary

/// Recipients of a campaign that are planned for one number and filed under one category.
struct CampaignQueue: Sendable, Equatable {
    var number: PhoneNumberID
    var category: Message.Category
    /// When the first of them is due.
    var firstDue: Timestamp
}
