import IntelligenceContract
import MetaEvents
import Vocabulary

/// What a customer has put into a cart of the catalogue.
enum CatalogueOrder: Equatable {
    /// The message is no cart, or one that asks nothing.
    case none
    case lines([AnalyzeText.Line])
    /// A cart that cannot be taken whole: a person looks at it, as nothing of it is to be lost in silence.
    case unclear

    /// Lines that one order has, and pieces of one line.
    private static let (lines, pieces) = (20, 999)

    init(_ params: ProcessMessage.Params) {
        guard params.type == .known(.order) else {
            self = .none
            return
        }
        // What cannot be read is kept, and a person looks at it.
        guard let order = params.content?.order, order.isPartial != true else {
            self = .unclear
            return
        }
        let items = order.items.filter { $0.quantity > 0 }
        guard items.count <= Self.lines, items.allSatisfy({ $0.quantity <= Self.pieces && $0.product.unicodeScalars.count <= 64 }) else {
            self = .unclear
            return
        }
        self = items.isEmpty ? .none : .lines(items.map { AnalyzeText.Line(quantity: $0.quantity, item: $0.product, price: $0.price) })
    }
}
