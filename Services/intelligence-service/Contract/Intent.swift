package import RPCContract

package enum AnalyzeText: RPCMethod {
    package static let name = "text.analyze"
    package static let summary = "Tells the intents of a text with their confidence, and what an order in it asks for."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        /// At most 4,096 characters.
        package var text: String

        package init(text: String) { self.text = text }
    }

    package struct Intent: Codable, Sendable, Equatable {
        package var name: String
        /// 0 to 1.
        package var confidence: Double

        package init(name: String, confidence: Double) {
            self.name = name
            self.confidence = confidence
        }
    }

    package struct Line: Codable, Sendable, Equatable {
        package var quantity: Int
        package var item: String

        package init(quantity: Int, item: String) {
            self.quantity = quantity
            self.item = item
        }
    }

    package struct Reply: Codable, Sendable {
        /// The likeliest first.
        package var intents: [Intent]
        package var order: [Line]

        package init(intents: [Intent], order: [Line]) {
            self.intents = intents
            self.order = order
        }
    }

    package static let example = RPCExample(
        Params(text: "I want 2 masala dosa"),
        Reply(intents: [Intent(name: "order_request", confidence: 0.9)], order: [Line(quantity: 2, item: "masala dosa")])
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard params.text.unicodeScalars.count <= 4096 else { throw Fault(.params, "text has at most 4,096 characters.", path: "text") }
    }
}

package enum ListIntents: RPCMethod {
    package static let name = "intent.list"
    package static let summary = "Lists the intent handlers in the order in which they are asked."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Codable, Sendable {
        package var name: String
        /// A handler acts only at this confidence or above.
        package var threshold: Double
        package var summary: String

        package init(name: String, threshold: Double, summary: String) {
            self.name = name
            self.threshold = threshold
            self.summary = summary
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(items: [Item(name: "greeting", threshold: 0.6, summary: "Greets back.")])
    )
}
