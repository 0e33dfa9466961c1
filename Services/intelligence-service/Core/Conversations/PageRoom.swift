import IntelligenceContract
import RPCContract

/// The room that an answer has for messages, as they are put into it, the newest first.
///
/// A message is as long as Meta lets it be, so that their number alone does not tell what fits a frame.
struct PageRoom {
    /// As JSON; a frame takes the longest message beside it.
    static let bytes = 4_000_000

    private var left = Self.bytes

    /// Whether another message fits; the first does always.
    mutating func take(_ item: GetConversation.Item) throws -> Bool {
        let isFirst = left == Self.bytes
        left -= try JSON.encode(item).count
        return left >= 0 || isFirst
    }

    /// The newest messages that fit, in their order.
    static func newest(_ items: [GetConversation.Item], limit: Int) throws -> ArraySlice<GetConversation.Item> {
        var room = PageRoom()
        var first = items.endIndex
        while first > items.startIndex, items.endIndex - first < limit, try room.take(items[first - 1]) { first -= 1 }
        return items[first...]
    }
}
