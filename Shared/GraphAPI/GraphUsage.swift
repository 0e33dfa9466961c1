import Foundation
import RPCContract

/// How much of its hourly calls an account has used, as Meta tells in every answer.
///
/// Source: Meta, headers `x-business-use-case-usage` and `x-app-usage`: percentages of the rolling hour's
/// allowance, and minutes until calls are taken again.
package struct GraphUsage: Sendable, Equatable {
    /// What the calls are: Meta counts each kind by itself.
    package enum Kind: Sendable, Equatable {
        /// Sends.
        case messaging
        /// Questions and changes about numbers, templates and the like.
        case management
        /// All calls of the app.
        case app
    }

    package var kind: Kind
    /// The account (WABA) that the figures are of; nil for the whole app.
    package var account: String?
    /// 0 to 100 and beyond: the largest of calls, CPU time and total time.
    package var percent: Double
    /// Minutes until calls are taken again; 0 while they are.
    package var minutesToRegain: Double

    package init(kind: Kind, account: String?, percent: Double, minutesToRegain: Double) {
        self.kind = kind
        self.account = account
        // Nobody has used less than nothing.
        self.percent = percent.isFinite ? max(0, percent) : 0
        // A day at most: a figure that nobody can mean does not stop an account for ever.
        self.minutesToRegain = minutesToRegain.isFinite ? min(max(0, minutesToRegain), 1440) : 0
    }

    /// Reads the headers of an answer; what cannot be read is left out.
    package static func read(_ headers: [String: String]) -> [GraphUsage] {
        var found: [GraphUsage] = []
        if let text = headers["x-business-use-case-usage"], let accounts = (try? JSON.decode(JSONValue.self, from: text))?.object {
            for (account, uses) in accounts {
                for use in uses.array ?? [] where use.object != nil { found.append(GraphUsage(account, use)) }
            }
        }
        if let text = headers["x-app-usage"], let use = try? JSON.decode(JSONValue.self, from: text), use.object != nil {
            found.append(GraphUsage(nil, use))
        }
        return found
    }

    private init(_ account: String?, _ use: JSONValue) {
        let shares = ["call_count", "total_cputime", "total_time"].compactMap { use[$0]?.double }
        let isManagement = use["type"]?.string == "whatsapp_business_management"
        self.init(
            kind: account == nil ? .app : isManagement ? .management : .messaging, account: account, percent: shares.max() ?? 0,
            minutesToRegain: use["estimated_time_to_regain_access"]?.double ?? 0)
    }
}
