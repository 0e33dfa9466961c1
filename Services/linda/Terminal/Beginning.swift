import AccountContract
import Vocabulary

/// When a campaign begins, as people read it.
enum Beginning {
    /// - Parameter localOpening: what everybody's clocks show, where each has the opening by their own.
    static func words(_ startAt: Timestamp, _ localOpening: String?) -> String {
        localOpening.map { "\($0) in everybody's own zone, first at \(startAt.asTime)" } ?? startAt.asTime
    }
}

extension Campaign {
    /// Nil where it begins when it is started.
    var beginning: String? { startAt.map { Beginning.words($0, localOpening) } }
}
