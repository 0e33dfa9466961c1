package import RPCContract
package import Vocabulary

/// What a customer has ordered from the catalogue.
package struct ReceivedOrder: Described, Equatable {
    /// One product, and how many of it.
    package struct Item: Described, Equatable {
        package var product: String
        package var quantity: Int
        package var price: Money?

        package static let fields: Fields = [
            "product": .text("The product's id in the catalogue.", 1...1024),
            "quantity": .whole("How many of it.", 0...2_147_483_647),
            "price": "What one of it cost when it was put into the cart; absent if Meta does not say.",
        ]

        package init(product: String, quantity: Int, price: Money? = nil) {
            self.product = product
            self.quantity = quantity
            self.price = price
        }

        init?(_ value: JSONValue) {
            guard let product = value["product_retailer_id"]?.text, (1...1024).contains(product.utf8.count),
                let quantity = value["quantity"]?.integer.flatMap({ Int(exactly: $0) }), (0...Int(Int32.max)).contains(quantity)
            else { return nil }
            var price: Money?
            if let currency = value["currency"]?.string?.uppercased(), currency.utf8.count == 3,
                currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }), let amount = value["item_price"]?.text
            {
                price = Money(amount, currency: currency)
            }
            self.init(product: product, quantity: quantity, price: price)
        }
    }

    package var catalog: String?
    package var text: String?
    package var items: [Item]
    package var isPartial: Bool?

    package static let fields: Fields = [
        "catalog": .text("Meta's id of the catalogue.", 0...256),
        "text": .text("What the customer wrote beside it.", 0...65_536),
        "items": .list("What was ordered, in the cart's order; what cannot be read is left out.", 0...1000),
        "isPartial": "Whether something of the cart was left out; absent if not.",
    ]

    init?(_ value: JSONValue) {
        guard value.object != nil else { return nil }
        catalog = value["catalog_id"]?.text?.cut(to: 256)
        text = value["text"]?.string?.cut(to: 65_536)
        let told = value["product_items"]?.array ?? []
        items = told.prefix(1000).compactMap { Item($0) }
        isPartial = items.count == told.count ? nil : true
    }
}

extension ReceivedOrder: ReceivedPart {
    static let types: Set<MessageKind> = [.order]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        Self(value).map { .order($0) }
    }
}
