import IntelligenceContract
import MetaEvents
import RPCContract
import Testing
import Vocabulary

@testable import IntelligenceCore

/// A cart is taken whole, or a person looks at it.
@Suite struct CatalogueOrderTests {
    private func cart(_ order: JSONValue, type: MetaWord<MessageKind> = "order") throws -> CatalogueOrder {
        let raw: JSONValue = ["id": "wamid.1", "from": "919876543210", "type": "order", "timestamp": "1790000000", "order": order]
        let content = ReceivedContent(try CustomerMessage(raw, number: "106540352242922", contact: "919876543210"))
        return CatalogueOrder(
            ProcessMessage.Params(
                account: "106540352242922", accountName: "Shop", contact: "919876543210", contactName: nil, wamid: "wamid.1", type: type,
                text: nil, content: content, raw: raw, at: .zero))
    }

    private func cart(_ items: [JSONValue], type: MetaWord<MessageKind> = "order") throws -> CatalogueOrder {
        try cart(["catalog_id": "c", "product_items": .array(items)], type: type)
    }

    private func item(_ product: String = "p", _ quantity: JSONValue = 1) -> JSONValue {
        ["product_retailer_id": .string(product), "quantity": quantity, "item_price": 40, "currency": "INR"]
    }

    private let price = Money(currency: "INR", micros: 40_000_000)

    @Test func aCartBecomesTheLinesOfAnOrder() throws {
        #expect(
            try cart([item("a", 2), item("b", 0), item("c", 999)])
                == .lines([.init(quantity: 2, item: "a", price: price), .init(quantity: 999, item: "c", price: price)]))
        #expect(try cart((0..<20).map { item("\($0)") }) == .lines((0..<20).map { .init(quantity: 1, item: "\($0)", price: price) }))
        #expect(try cart([JSONValue]()) == .none && cart([item("a", 0)]) == .none && cart([item()], type: "text") == .none)
    }

    @Test(arguments: [
        [JSONValue](repeating: ["product_retailer_id": "p", "quantity": 1], count: 21), [["product_retailer_id": "p", "quantity": 1000]],
        [["product_retailer_id": "p", "quantity": 9_007_199_254_740_992]], [["product_retailer_id": "p", "quantity": -1]],
        [["product_retailer_id": "p", "quantity": 1.5]], [["quantity": 1]], [7],
        [["product_retailer_id": .string(String(repeating: "x", count: 65)), "quantity": 1]],
    ])
    func whatCannotBeTakenWholeIsForAPerson(items: [JSONValue]) throws { #expect(try cart(items) == .unclear) }

    /// A cart that Meta would not send, or one that is longer than what is told of one.
    @Test(
        arguments: [7, .null, ["product_items": .array((0..<1001).map { _ in ["product_retailer_id": "p", "quantity": 0] })]] as [JSONValue]
    )
    func aCartThatCannotBeReadIsForAPerson(order: JSONValue) throws { #expect(try cart(order) == .unclear) }

    /// The customer is told what it comes to, where that is known.
    @Test func aCartIsConfirmedWithItsTotal() {
        let rupees = Money(currency: "INR", micros: 40_500_000)
        let lines: [AnalyzeText.Line] = [.init(quantity: 2, item: "a", price: price), .init(quantity: 3, item: "b", price: rupees)]
        #expect(
            OrderRequestHandler.taken(lines, .english).last
                == .reply("Thank you! Your order {{order}}: 2 × a, 3 × b (201.50 INR). We confirm it shortly."))
        #expect(OrderRequestHandler.total([lines[0], .init(quantity: 1, item: "b")]) == nil)
        #expect(OrderRequestHandler.total([lines[0], .init(quantity: 1, item: "b", price: Money(currency: "USD", micros: 1))]) == nil)
        #expect(OrderRequestHandler.total([.init(quantity: 999, item: "a", price: Money(currency: "INR", micros: .max))]) == nil)
        #expect(OrderRequestHandler.total([]) == nil)
    }
}
