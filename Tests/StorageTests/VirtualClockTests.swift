import Foundation
import Testing
import Vocabulary

/// The clock of a trial that is started again.
@Suite struct VirtualClockTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("clock-\(UUID().uuidString)").path

    @Test func itGoesOnAndNeverBack() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }  // what is left of it is the machine's to clean
        let start = Timestamp(milliseconds: 1_800_000_000_000)
        try VirtualClock.goOn(path, at: start)
        #expect(try VirtualClock.read(path) == [VirtualClock.Setting(real: start, virtual: start, speed: 1)])
        // Sixty times as fast and a day ahead, it is stopped after a minute and started again an hour later.
        try VirtualClock.write([VirtualClock.Setting(real: start, virtual: start + .days(1), speed: 60)], to: path)
        let stopped = start + .minutes(1)
        try VirtualClock.goOn(path, at: stopped)
        let virtual = start + .days(1) + .hours(1)
        #expect(try VirtualClock.read(path) == [VirtualClock.Setting(real: stopped, virtual: virtual, speed: 1)])
        try VirtualClock.goOn(path, at: stopped + .hours(1))
        #expect(try VirtualClock.read(path)[0].virtual == virtual + .hours(1))
        // Slower than real time, it is not left behind; what cannot be read is made anew.
        try VirtualClock.write([VirtualClock.Setting(real: start, virtual: start, speed: 0.001)], to: path)
        try VirtualClock.goOn(path, at: stopped)
        #expect(try VirtualClock.read(path)[0].virtual == stopped)
        try "nonsense".write(toFile: path, atomically: true, encoding: .utf8)
        try VirtualClock.goOn(path, at: start)
        #expect(try VirtualClock.read(path)[0].virtual == start)
    }

    /// Two processes read the file at different moments, and nevertheless never different times.
    @Test func aLeapIsOneMomentForEveryReader() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }  // what is left of it is the machine's to clean
        try VirtualClock.goOn(path, at: WallClock.system.now)
        for round in 1...10 {
            let early = try VirtualClock.clock(path)
            // Half of the time for which a reader keeps what it has read: the two never read at one moment.
            let apart = ContinuousClock.now + .milliseconds(5)
            while .now < apart { _ = early.now }
            let late = try VirtualClock.clock(path)
            let after = try VirtualClock.change(path) { known, real in
                VirtualClock.Setting(real: real, virtual: known.time(at: real) + .hours(1), speed: 1)
            }
            while true {
                let time = early.now
                if late.now < after.virtual, time >= after.virtual { Issue.record("round \(round): an hour apart") }
                if time >= after.virtual { break }
            }
        }
    }
}
