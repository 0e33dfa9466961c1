import AccountContract
import GraphAPI

/// The advice on a failed message.
///
/// A fault that holds a whole account is advised on by how its number stands by now: a hold is released here, a ban only at Meta.
struct FailureAdvice {
    let failure: GraphError
    /// Of the message's number; nil where it is not configured any more.
    let health: Account.Health?
    /// The trouble of the number, in words.
    let trouble: String?
    /// Whether requests of the number are held back here.
    let isBlocked: Bool

    var text: String {
        guard failure.measures.contains(.holdAccount), let health else { return failure.nextStep }
        if health == .banned {
            return
                "The number is \(trouble ?? "banned.") Releasing it here changes nothing: once Meta has given it back it sends by itself, and message.retry sends this content again."
        }
        guard health != .held, !isBlocked else { return failure.nextStep }
        return "Nothing of this holds the number any more: message.retry sends this content again."
    }
}
