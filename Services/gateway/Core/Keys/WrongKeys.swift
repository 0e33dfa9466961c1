import Synchronization
import Vocabulary

/// How often each address has shown a wrong key: whoever guesses waits.
///
/// Bounded by the addresses that are remembered: of more, those that began first are forgotten.
final class WrongKeys: Sendable {
    private struct Window {
        var start: Timestamp
        var count: Int
        /// The keys that came, each as a number that tells it from others.
        var seen: Set<Int> = []
    }

    /// Wrong keys of one address in `memory`.
    static let tries = 100
    static let memory = Milliseconds.minutes(15)
    private static let kept = 10_000

    private let tries: Int
    private let windows = Mutex<[String: Window]>([:])

    init(tries: Int = WrongKeys.tries) { self.tries = tries }

    /// How long an address is told to wait; nil where it may try.
    func wait(_ address: String, at now: Timestamp) -> Milliseconds? {
        windows.withLock { windows in
            guard let window = windows[address], Self.isOpen(window, at: now), window.count >= tries else { return nil }
            return window.start + Self.memory - now
        }
    }

    /// Counts a wrong key.
    ///
    /// - Parameter key: if given, the same once more is no other guess.
    func note(_ address: String, key: String? = nil, at now: Timestamp) {
        let mark = key?.hashValue
        windows.withLock { windows in
            if let window = windows[address], Self.isOpen(window, at: now) {
                guard window.count < tries else { return }
                if let mark, !windows[address, default: window].seen.insert(mark).inserted { return }
                windows[address, default: window].count += 1
                return
            }
            windows[address] = Window(start: now, count: 1, seen: mark.map { [$0] } ?? [])
            guard windows.count > Self.kept else { return }
            windows = windows.filter { Self.isOpen($0.value, at: now) }
            guard windows.count > Self.kept else { return }
            for one in windows.sorted(by: { $0.value.start < $1.value.start }).prefix(Self.kept / 2) { windows[one.key] = nil }
        }
    }

    /// How many addresses are remembered.
    var count: Int { windows.withLock { $0.count } }

    /// Also where the clock was set back meanwhile, it begins anew.
    private static func isOpen(_ window: Window, at now: Timestamp) -> Bool { window.start <= now && now < window.start + memory }
}
