package import RPCContract

/// What Meta says of a message's price, in its own words.
///
/// Source: Meta, webhooks, status object, pricing.
package struct MessagePrice: Described, Equatable {
    package var billable: Bool?
    package var category: String?
    package var type: String?
    package var model: String?

    package static let fields: Fields = [
        "billable": "Whether Meta charges for the message; absent until Meta says.",
        "category": .text(
            "The category that Meta charges it as, such as `utility`, `marketing_lite` or `authentication-international`.", 1...64),
        "type": .text("Meta's word for why it costs what it does, such as `regular` or `free_customer_service`.", 1...64),
        "model": .text("Meta's word for how prices are made: `PMP` is by message.", 1...64),
    ]

    /// nil where nothing is said.
    package init?(billable: Bool? = nil, category: String? = nil, type: String? = nil, model: String? = nil) {
        guard billable != nil || category != nil || type != nil || model != nil else { return nil }
        self.billable = billable
        self.category = category
        self.type = type
        self.model = model
    }

    package static let example = MessagePrice(billable: true, category: "utility", type: "regular", model: "PMP")
}
