/// Why a stream ends, though its client may come again.
struct StreamEnd: Sendable, Equatable {
    /// As a WebSocket is closed.
    ///
    /// Source: RFC 6455 §7.4.1 and IANA's registry of close codes.
    let code: UInt16
    /// For programs.
    let word: String
    /// For people.
    let reason: String

    static let stopping = Self(code: 1001, word: "stopping", reason: "The process stops; come again with the cursor.")
    static let keyEnded = Self(code: 1008, word: "key-ended", reason: "The key is not in force any more.")
    static let slow = Self(
        code: 1013, word: "too-slow", reason: "The client reads more slowly than events come; come again with the cursor.")
    static let away = Self(code: 1013, word: "process-away", reason: "A process is away; come again.")
    static let setBack = Self(code: 1011, word: "log-set-back", reason: "The logs do not go on from the cursor.")
    static let over = Self(code: 1001, word: "over", reason: "The stream is over here; come again.")
}
