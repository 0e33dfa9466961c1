import RPCContract
package import Vocabulary

/// A part of the chats that a number had before it came to the Cloud API.
package struct HistoryChunk: Sendable, Equatable {
    package static let field = "history"

    package var number: PhoneNumberID?
    /// 0: the last day, 1: 90 days, 2: 180 days.
    package var phase: Int?
    /// Percent.
    package var progress: Int?
    package var threads: Int
    package var messages: Int

    init?(field: String, value: JSONValue) {
        guard field == Self.field, let history = value["history"]?.array, let first = history.first else { return nil }
        func whole(_ name: String) -> Int? { first["metadata"]?[name]?.integer.flatMap { Int(exactly: $0) } }
        number = value["metadata"]?["phone_number_id"]?.id()
        phase = whole("phase")
        progress = whole("progress")
        let all = history.flatMap { $0["threads"]?.array ?? [] }
        threads = all.count
        messages = all.map { $0["messages"]?.array?.count ?? 0 }.reduce(0, +)
    }
}
