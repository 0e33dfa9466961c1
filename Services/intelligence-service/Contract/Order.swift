package import RPCContract
package import Vocabulary

package enum ListOrders: RPCMethod {
    package static let name = "order.list"
    package static let summary = "Lists orders taken from conversations, newest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/orders", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var limit: Int?
        package var cursor: PageCursor<ListOrders>?

        package static let fields: Fields = [
            "limit": .whole("How many orders one page holds at most.", 1...500, absent: 50),
            "cursor": .cursor("`next` of the page before. The list starts at the newest order if absent."),
        ]

        package init(limit: Int? = nil, cursor: PageCursor<ListOrders>? = nil) {
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Order: Described, Equatable {
        package var number: String
        package var contact: ContactID
        package var contactName: String?
        package var account: PhoneNumberID
        package var lines: [AnalyzeText.Line]
        package var createdAt: Timestamp

        package static let fields: Fields = [
            "number": .text("Number of the order, as the customer was told it.", 3...32),
            "contact": "The customer who ordered.",
            "contactName": .text("The customer's name on WhatsApp. It is absent if WhatsApp never told it.", 0...65_536),
            "account": "The business number that took the order.",
            "lines": .list("What was ordered.", 1...20),
            "createdAt": "When the order was taken.",
        ]

        package init(
            number: String, contact: ContactID, contactName: String? = nil, account: PhoneNumberID, lines: [AnalyzeText.Line],
            createdAt: Timestamp
        ) {
            self.number = number
            self.contact = contact
            self.contactName = contactName
            self.account = account
            self.lines = lines
            self.createdAt = createdAt
        }

        fileprivate static let example = Order(
            number: "L-1001", contact: "919876543210", contactName: "Asha", account: "106540352242922",
            lines: [AnalyzeText.Line(quantity: 2, item: "masala dosa", price: Money(currency: "INR", micros: 40_000_000))],
            createdAt: Timestamp(milliseconds: 1_790_000_000_000))
    }

    package struct Reply: Described {
        package var items: [Order]
        package var next: PageCursor<ListOrders>?

        package static let fields: Fields = [
            "items": .list("The orders of this page, newest first.", 0...500),
            "next": .cursor("Cursor of the next page. There are no more orders if absent."),
        ]

        package init(items: [Order], next: PageCursor<ListOrders>? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(limit: 50, cursor: "1051"),
        Reply(
            items: [.example],
            next: "1001")
    )
}

package enum GetOrder: RPCMethod {
    package static let name = "order.get"
    package static let summary = "Reads one order by its number, the subject of `order.created`."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/orders/{number}", .viewer)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.orderUnknown]
    package typealias Reply = ListOrders.Order

    package struct Params: Described {
        package var number: String

        package static let fields: Fields = ["number": .text("Number of the order, as the customer was told it.", 1...32)]

        package init(number: String) { self.number = number }
    }

    package static let example = RPCExample(Params(number: "L-1001"), ListOrders.Order.example)
}
