import AccountContract
import Foundation
import RPCContract
import Vocabulary

/// The decision from which number a message goes out; it explains itself.
struct Route: Equatable {
    var account: Account
    var reason: String

    /// Chooses among the numbers of a workspace.
    ///
    /// - Parameters:
    ///   - asked: the number that the request names.
    ///   - sticky: the number that the contact is used to.
    static func choose(for contact: ContactID, among accounts: [Account], asked: PhoneNumberID?, sticky: PhoneNumberID?) throws(Fault)
        -> Route
    {
        if let asked {
            guard let account = accounts.first(where: { $0.phoneNumberID == asked }) else {
                throw Fault(.accountUnknown, "The number \(asked) is not configured; account.list shows all.", path: "account")
            }
            guard account.enabled else { throw Fault(.noRoute, "The number \(asked) is disabled.", path: "account") }
            return Route(account: account, reason: "the request names this number")
        }
        let usable = accounts.filter(\.enabled)
        guard let first = usable.first else {
            throw Fault(.noRoute, accounts.isEmpty ? "No number is configured; account.add adds one." : "Every number is disabled.")
        }
        if let sticky, let account = usable.first(where: { $0.phoneNumberID == sticky }) {
            return Route(account: account, reason: "the contact is used to this number")
        }
        if usable.count == 1 { return Route(account: first, reason: "it is the only enabled number") }
        let best = usable.max { score($0, contact) < score($1, contact) } ?? first
        return Route(account: best, reason: "contacts are spread over \(usable.count) numbers by weight")
    }

    /// Weighted rendezvous hashing: a contact keeps its number when others come and go.
    private static func score(_ account: Account, _ contact: ContactID) -> Double {
        // FNV-1a, then a mix so that neighbouring numbers spread.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in account.phoneNumberID.rawValue.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in contact.rawValue.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash ^= hash >> 33
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        hash ^= hash >> 33
        let share = (Double(hash >> 11) + 0.5) / Double(1 << 53)
        return Double(account.weight) / -log(share)
    }
}
