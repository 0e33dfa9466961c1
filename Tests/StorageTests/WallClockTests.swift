import Foundation
import Testing

@testable import Vocabulary

/// Clocks at the ends of their range.
@Suite struct WallClockTests {
    private static let ends: [Timestamp] = [
        .zero, .latest, Timestamp(milliseconds: .max), Timestamp(milliseconds: .min), Timestamp(milliseconds: -1),
        Timestamp(milliseconds: 1 << 53),
    ]

    @Test(arguments: [1, 1e-9, 1e9, .infinity, 0, -1, .nan] as [Double]) func aPauseIsBetweenAMillisecondAndAYear(rate: Double) {
        for now in Self.ends {
            let clock = WallClock(read: { now }, rate: { rate }, slice: .seconds(.max / 4))
            for time in Self.ends {
                let pause = clock.pause(until: time)
                #expect(pause >= .milliseconds(1) && pause <= .seconds(31_557_600), "\(now) \(time) \(rate)")
            }
        }
    }

    @Test func aPauseIsWhatIsLeft() {
        let clock = WallClock { Timestamp(milliseconds: 1000) }
        #expect(clock.pause(until: Timestamp(milliseconds: 3500)) == .milliseconds(2500))
        #expect(clock.pause(until: Timestamp(milliseconds: 500)) == .milliseconds(1))
        let fast = WallClock(read: { Timestamp(milliseconds: 1000) }, rate: { 4 }, slice: .milliseconds(20))
        #expect(fast.pause(until: Timestamp(milliseconds: 1040)) == .milliseconds(10))
        #expect(fast.pause(until: .latest) == .milliseconds(20), "time can jump")
    }

    @Test func virtualTimeStopsAtItsEnds() {
        for (real, virtual) in Self.ends.flatMap({ one in Self.ends.map { (one, $0) } }) {
            for speed in [1, 1e300, .infinity, 1e-300] as [Double] {
                let setting = VirtualClock.Setting(real: real, virtual: virtual, speed: speed)
                for now in Self.ends { _ = setting.time(at: now) }
                #expect(setting.time(at: real) == virtual)
            }
        }
    }

    @Test(arguments: ["", "1 2", "1 2 0", "1 2 -1", "1 2 nan", "x 2 1", "1 2 3 4", "99999999999999999999 2 1"])
    func whatIsNoSettingIsRefused(text: String) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("clock-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }  // it may never have been written
        try Data("\(text)\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: (any Error).self) { try VirtualClock.read(path) }
    }
}
