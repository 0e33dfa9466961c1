import Foundation
import Synchronization

/// A time that passes faster, or jumps: a small file that every process of a trial reads.
///
/// For the sandbox alone, so that a day passes in seconds. The file holds three numbers: a real moment, the
/// virtual moment that it corresponds to, and how many virtual milliseconds pass in a real one.
package enum VirtualClock {
    /// What the file says.
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

    /// A change is seen by every reader after this real time at the latest.
    package static let latency = Duration.milliseconds(10)

    /// Reads the file; fails where it is missing or is not what `write` writes.
    package static func read(_ path: String) throws -> Setting {
        let words = try String(contentsOfFile: path, encoding: .utf8).split(separator: " ")
        guard words.count == 3, let real = Int64(words[0]), let virtual = Int64(words[1]), let speed = Double(words[2].dropLast()),
            speed > 0
        else { throw CocoaError(.fileReadCorruptFile) }
        return Setting(real: Timestamp(milliseconds: real), virtual: Timestamp(milliseconds: virtual), speed: speed)
    }

    /// Replaces the file as a whole, so that no reader sees half of it.
    package static func write(_ setting: Setting, to path: String) throws {
        try Data("\(setting.real) \(setting.virtual) \(setting.speed)\n".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Sets time to pass as it does, from where the file has it; from the real time where there is no file, or an earlier time in it.
    ///
    /// A trial's rows are dated: started again, it must not find itself in the past.
    package static func goOn(_ path: String, at real: Timestamp) throws {
        let known = try? read(path)  // none before the first trial in a folder
        try write(Setting(real: real, virtual: max(real, known?.time(at: real) ?? real), speed: 1), to: path)
    }

    /// Replaces the file's setting by another, which is made from it and the machine's time.
    package static func change(_ path: String, _ change: (Setting, _ real: Timestamp) -> Setting) throws -> Setting {
        let setting = change(try read(path), WallClock.system.now)
        try write(setting, to: path)
        return setting
    }

    /// A clock that follows the file.
    package static func clock(_ path: String) throws -> WallClock {
        let known = Mutex((setting: try read(path), at: ContinuousClock.now))
        @Sendable func current() -> Setting {
            known.withLock { known in
                if .now - known.at >= latency {
                    // Unreadable for a moment: the setting that was known goes on.
                    known.setting = (try? read(path)) ?? known.setting
                    known.at = .now
                }
                return known.setting
            }
        }
        return WallClock(read: { current().time(at: WallClock.system.now) }, rate: { current().speed }, slice: .milliseconds(20))
    }
}
