import AccountContract
import RPCContract
import Vocabulary

/// Why none of the numbers sends something.
extension RoutingTable {
    /// Numbers that are named with their reasons; of a thousand the first are enough.
    private static let named = 20

    /// The fault that gives every number of the table with its reason.
    ///
    /// - Parameter allowed: the only numbers that may be chosen; nil for all.
    func refusal(_ request: RouteRequest, among allowed: Set<PhoneNumberID>? = nil) -> Fault {
        guard !accounts.isEmpty else { return Fault(.noRoute, "No number is there; account.add adds one.") }
        let reasons = accounts.prefix(Self.named).map { "\($0.displayPhoneNumber): \(reason($0, request, allowed))" }
        let more = accounts.count > Self.named ? ["and \(accounts.count - Self.named) more"] : []
        return Fault(.noRoute, "No number can send it (\((reasons + more).joined(separator: "; "))).")
    }

    private func reason(_ account: Account, _ request: RouteRequest, _ allowed: Set<PhoneNumberID>?) -> String {
        if let waba = request.waba, account.wabaID != waba {
            return "the template belongs to the account \(waba), and this number to \(account.wabaID)"
        }
        if let allowed, !allowed.contains(account.phoneNumberID) { return "it is not among the numbers that may be used" }
        return Self.obstacle(account, request.category) ?? Self.duty(account) ?? "its portfolio may write to nobody new for now"
    }
}
