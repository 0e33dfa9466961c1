package import RPCContract
package import Vocabulary

package enum AnalyzeText: RPCMethod {
    package static let name = "text.analyze"
    package static let summary = "Tells the intents of a text with their confidence, and what an order in it asks for."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .post("/v1/text/analyze", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var text: String

        package static let fields: Fields = [
            "text": .text("Text to analyse, as a customer would write it. It is not kept.", 0...4096)
        ]

        package init(text: String) { self.text = text }
    }

    package struct Intent: Described, Equatable {
        package var name: String
        package var confidence: Double

        package static let fields: Fields = [
            "name": .text("Name of the intent, or `unknown` if no handler recognises the text.", 1...64),
            "confidence": .number("How sure the handler is that the text is meant for it.", 0...1),
        ]

        package init(name: String, confidence: Double) {
            self.name = name
            self.confidence = confidence
        }
    }

    package struct Line: Described, Equatable {
        package var quantity: Int
        package var item: String
        package var price: Money?

        package static let fields: Fields = [
            "quantity": .whole("How many are ordered.", 1...999),
            "item": .text(
                "What is ordered, in the customer's words and in lower case; of a cart, the product's id in the catalogue.", 1...65_536),
            "price": "What one of it cost when it was put into the cart. It is absent for what was ordered in words.",
        ]

        package init(quantity: Int, item: String, price: Money? = nil) {
            self.quantity = quantity
            self.item = item
            self.price = price
        }
    }

    package struct Reply: Described {
        package var intents: [Intent]
        package var order: [Line]

        package static let fields: Fields = [
            "intents": .list("The intents that the text may have, the likeliest first.", 1...100),
            "order": .list("What the text orders. The list is empty if it orders nothing.", 0...20),
        ]

        package init(intents: [Intent], order: [Line]) {
            self.intents = intents
            self.order = order
        }
    }

    package static let example = RPCExample(
        Params(text: "I want 2 masala dosa"),
        Reply(
            intents: [Intent(name: "order_request", confidence: 0.9)],
            order: [Line(quantity: 2, item: "masala dosa", price: Money(currency: "INR", micros: 40_000_000))])
    )
}

package enum ListIntents: RPCMethod {
    package static let name = "intent.list"
    package static let summary = "Lists the intent handlers in the order in which they are asked."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/intents", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Described {
        package var name: String
        package var threshold: Double
        package var summary: String

        package static let fields: Fields = [
            "name": .text("Name of the intent that the handler recognises.", 1...64),
            "threshold": .number("The handler acts only at this confidence or above.", 0...1),
            "summary": .text("What the handler does, as a sentence for people.", 1...256),
        ]

        package init(name: String, threshold: Double, summary: String) {
            self.name = name
            self.threshold = threshold
            self.summary = summary
        }
    }

    package struct Reply: Described {
        package var items: [Item]

        package static let fields: Fields = [
            "items": .list("The handlers. If two are equally sure of a message, the first of them acts.", 1...100)
        ]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(items: [Item(name: "greeting", threshold: 0.6, summary: "Greets back.")])
    )
}
