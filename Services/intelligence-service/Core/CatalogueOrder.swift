import IntelligenceContract
import MetaEvents
import RPCContract
import Vocabulary

/// What a customer has put into a cart of the catalogue, as lines of an order.
enum CatalogueOrder {
    /// Empty where the message is no cart, or nothing in it can be read.
    static func lines(of params: ProcessMessage.Params) -> [AnalyzeText.Line] {
        guard params.type == "order" else { return [] }
        let message = try? CustomerMessage(  // what cannot be read is kept, and waits for a person
            params.raw, number: params.account.rawValue, contact: params.contact.rawValue)
        guard case .order(let order)? = message?.content else { return [] }
        return order.items.filter { $0.quantity > 0 }.prefix(20).map {
            AnalyzeText.Line(quantity: min($0.quantity, 999), item: String($0.product.prefix(64)))
        }
    }
}
