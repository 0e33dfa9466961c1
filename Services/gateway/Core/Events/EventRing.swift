import GatewayContract
import RPCContract

/// The latest events of all processes, in the order in which they came here, each once for however many listen.
///
/// Bounded in number and bytes: the oldest are let go, and who has not had them has to read the logs.
struct EventRing: Sendable {
    struct Entry: Sendable {
        /// Its number among all that came.
        let number: Int
        let event: Event
        /// How far the logs have been read with it.
        let position: LogPosition
        /// As it is sent.
        let frame: String
        /// The JSON in it, which shares its bytes.
        let data: Substring
    }

    /// The entries behind a number, and the number of the last of them.
    struct Slice: Sendable {
        var entries: [Entry]
        var last: Int
    }

    private let count: Int
    private let bytes: Int
    private var entries: [Entry] = []
    private var held = 0
    /// The number of the last that came.
    private(set) var last = 0
    /// Where each log was when it was begun with; nil until that is known.
    private var starts: [Int64?] = LogPosition.sources.map { _ in nil }
    private var position = LogPosition.beginning

    /// - Parameter last: the number that was given last before: none is given twice.
    init(count: Int = 16_384, bytes: Int = 8 << 20, after last: Int = 0) {
        self.count = count
        self.bytes = bytes
        self.last = last
    }

    /// How far the logs have been read; nil until every one has been begun with.
    var end: LogPosition? { starts.allSatisfy { $0 != nil } ? position : nil }

    /// The log of a process is followed from there on.
    mutating func begin(_ source: Int, at cursor: Int64) {
        starts[source] = cursor
        position[source] = cursor
    }

    mutating func append(_ events: [Event], of source: Int, upTo cursor: Int64) {
        for event in events {
            position[source] = event.cursor
            last += 1
            let frame = EventFrame.text(LiveEvent(event, of: source, at: position))
            entries.append(Entry(number: last, event: event, position: position, frame: frame, data: EventFrame.data(of: frame)))
            held += frame.utf8.count
        }
        position[source] = max(position[source], cursor)
        drop()
    }

    /// Nothing from here on is known to follow what came before: who listens has to read the logs.
    mutating func breakOff() {
        last += 1
        entries = []
        held = 0
    }

    /// The entries behind a number, at most so many; nil where some of them have been let go.
    func entries(after number: Int, limit: Int) -> Slice? {
        guard number < last else { return number == last ? Slice(entries: [], last: last) : nil }
        guard let first = entries.first?.number, number >= first - 1 else { return nil }
        let start = number + 1 - first
        // Few of their own: a client that is slow to take them keeps no more than these.
        let slice = Array(entries[start..<min(entries.count, start + limit)])
        return Slice(entries: slice, last: slice.last?.number ?? number)
    }

    /// Lets go of the oldest, many at once, as each time all others move up.
    private mutating func drop() {
        guard entries.count > count || held > bytes else { return }
        var kept = entries.count
        while kept > count * 3 / 4 || held > bytes * 3 / 4, kept > 0 {
            held -= entries[entries.count - kept].frame.utf8.count
            kept -= 1
        }
        entries.removeFirst(entries.count - kept)
    }
}
