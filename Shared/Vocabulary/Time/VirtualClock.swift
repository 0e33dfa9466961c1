import Foundation
import Synchronization

/// A time that passes faster, or jumps: a small file that every process of a trial reads.
///
/// For the sandbox alone, so that a day passes in seconds. Each line of the file holds three numbers: a real moment,
/// the virtual moment that it corresponds to, and how many virtual milliseconds pass in a real one. A line is in force
/// from its real moment on, until that of the next.
package enum VirtualClock {
    /// What a line of the file says.
    package struct Setting: Sendable, Equatable {
        package var real: Timestamp
        package var virtual: Timestamp
        package var speed: Double

        package init(real: Timestamp, virtual: Timestamp, speed: Double) {
            self.real = real
            self.virtual = virtual
            self.speed = speed
        }

        /// The virtual time at a real one.
        package func time(at real: Timestamp) -> Timestamp { virtual + (real - self.real) * speed }
    }

    /// A file that was replaced is seen by every reader after this real time at the latest.
    private static let latency = Duration.milliseconds(10)

    /// A change comes into force so much later, when every reader knows of it: no two processes read different times.
    package static let notice = latency * 3

    /// Reads the settings that are or will be in force, the earliest first; fails where the file is missing or is not what `write` writes.
    package static func read(_ path: String) throws -> [Setting] {
        let settings = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).map { line in
            let words = line.split(separator: " ")
            guard words.count == 3, let real = Int64(words[0]), let virtual = Int64(words[1]), let speed = Double(words[2]), speed > 0
            else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return Setting(real: Timestamp(milliseconds: real), virtual: Timestamp(milliseconds: virtual), speed: speed)
        }
        guard !settings.isEmpty else { throw CocoaError(.fileReadCorruptFile) }
        return settings
    }

    /// Replaces the file as a whole, so that no reader sees half of it.
    package static func write(_ settings: [Setting], to path: String) throws {
        let text = settings.map { "\($0.real) \($0.virtual) \($0.speed)\n" }.joined()
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Which of the settings, of which there is one at least, is in force at a real moment.
    package static func setting(_ settings: [Setting], at real: Timestamp) -> Setting {
        settings.last { $0.real <= real } ?? settings[0]
    }

    /// Sets time to pass as it does, from where the file has it; from the real time where there is no file, or an earlier time in it.
    ///
    /// A trial's rows are dated: started again, it must not find itself in the past.
    package static func goOn(_ path: String, at real: Timestamp) throws {
        let known = (try? read(path)).map { setting($0, at: real) }  // none before the first trial in a folder
        try write([Setting(real: real, virtual: max(real, known?.time(at: real) ?? real), speed: 1)], to: path)
    }

    /// Lets another setting follow, which is made from the one before it and from when it comes into force: after `notice`.
    package static func change(_ path: String, _ change: (Setting, _ real: Timestamp) -> Setting) throws -> Setting {
        let now = WallClock.system.now
        let known = try read(path)
        let from = max(now + Milliseconds(notice), known[known.count - 1].real)
        let next = change(known[known.count - 1], from)
        try write([setting(known, at: now)] + known.filter { $0.real > now } + [next], to: path)
        return next
    }

    /// A clock that follows the file.
    package static func clock(_ path: String) throws -> WallClock {
        let known = Mutex((settings: try read(path), at: ContinuousClock.now))
        @Sendable func current(_ real: Timestamp) -> Setting {
            known.withLock { known in
                if .now - known.at >= latency {
                    // Unreadable for a moment: the settings that were known go on.
                    known.settings = (try? read(path)) ?? known.settings
                    known.at = .now
                }
                return setting(known.settings, at: real)
            }
        }
        return WallClock(
            read: {
                let real = WallClock.system.now
                return current(real).time(at: real)
            }, rate: { current(WallClock.system.now).speed }, slice: .milliseconds(20))
    }
}
