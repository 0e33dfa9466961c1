package import RPCContract
package import Vocabulary

package enum ListOrders: RPCMethod {
    package static let name = "order.list"
    package static let summary = "Lists orders taken from conversations, newest first."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        /// 1 to 500; 50 where absent.
        package var limit: Int?

        package init(limit: Int? = nil) { self.limit = limit }
    }

    package struct Order: Codable, Sendable {
        package var number: String
        package var contact: ContactID
        package var account: PhoneNumberID
        package var lines: [AnalyzeText.Line]
        package var createdAt: Int64

        package init(number: String, contact: ContactID, account: PhoneNumberID, lines: [AnalyzeText.Line], createdAt: Int64) {
            self.number = number
            self.contact = contact
            self.account = account
            self.lines = lines
            self.createdAt = createdAt
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Order]

        package init(items: [Order]) { self.items = items }
    }

    package static let example = RPCExample(
        Params(limit: 50),
        Reply(items: [
            Order(
                number: "L-1001",
                contact: "919876543210",
                account: "106540352242922",
                lines: [AnalyzeText.Line(quantity: 2, item: "masala dosa")],
                createdAt: 1_790_000_000_000
            )
        ])
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...500).contains(params.limit ?? 50) else { throw Fault(.params, "limit is 1 to 500.", path: "limit") }
    }
}
