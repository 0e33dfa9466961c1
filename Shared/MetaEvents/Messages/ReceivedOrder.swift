import RPCContract

/// What a customer has ordered from the catalogue.
package struct ReceivedOrder: Sendable, Equatable {
    /// One product, and how many of it.
    package struct Item: Sendable, Equatable {
        package var product: String
        package var quantity: Int

        package init(product: String, quantity: Int) {
            self.product = product
            self.quantity = quantity
        }
    }

    package var catalog: String?
    package var text: String?
    package var items: [Item]

    init?(_ value: JSONValue) {
        guard value.object != nil else { return nil }
        catalog = value["catalog_id"]?.text
        text = value["text"]?.string
        items = (value["product_items"]?.array ?? []).compactMap { item in
            guard let product = item["product_retailer_id"]?.text, let quantity = item["quantity"]?.integer.flatMap({ Int(exactly: $0) })
            else { return nil }
            return Item(product: product, quantity: quantity)
        }
    }
}
