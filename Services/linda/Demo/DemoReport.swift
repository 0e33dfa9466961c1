import AccountContract
import Foundation
import GatewayContract
import RPCContract
import SandboxContract

/// What the demonstration has shown.
struct DemoReport: Encodable {
    var messages: MessageStatistics.Reply
    var replies: Int
    var orders: Int
    var perSecond: Double
    var sandbox: SandboxStatistics.Reply
    var inbox: InboxStatistics.Reply

    func json() throws -> String { try JSON.pretty(self) }

    func print() {
        func state(_ names: String...) -> Int { names.reduce(0) { $0 + (messages.states[$1] ?? 0) } }
        let sent = state("held", "accepted", "sent", "delivered", "read", "played")
        let delivered = state("delivered", "read", "played")
        Swift.print(
            """

            REPORT
              handed to Meta     \(messages.total - state("queued", "sending", "unknown"))
              sent               \(sent)
              delivered          \(delivered)
              read               \(state("read", "played"))
              failed             \(state("failed"))
            """
        )
        for failure in messages.failures {
            Swift.print("                     \(failure.count) × \(failure.code.map { "\($0): " } ?? "")\(failure.reason)")
        }
        for (account, count) in messages.accounts.sorted(by: { $0.key < $1.key }) { Swift.print("  from \(account)  \(count)") }
        Swift.print(
            """
              replies            \(replies)  (\(orders) orders taken)
              rate               \(String(format: "%.0f", perSecond)) messages a second, two numbers at 80
              sent twice         \(sandbox.sentTwice)
              refused by Meta    \(sandbox.refused.isEmpty ? "nothing" : sandbox.refused.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: ", "))
              webhook            p50 \(String(format: "%.1f", sandbox.webhookP50)) ms, p99 \(String(format: "%.1f", sandbox.webhookP99)) ms over \(sandbox.webhooksDelivered) deliveries
              inbox              \(inbox.events) events, \(inbox.duplicates) repeated by Meta, \(inbox.dead) dead letters
            """
        )
    }
}
