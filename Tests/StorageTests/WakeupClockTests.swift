import Coordination
import Support
import Testing
import Vocabulary

/// Who waits for a signal waits by the clock that they were given.
@Suite(.timeLimit(.minutes(1))) struct WakeupClockTests {
    private static let start = Timestamp(milliseconds: 1_790_000_000_000)

    enum End: CaseIterable { case timeHasPassed, clockWasSetBack, signalWasSet, taskWasCancelled }

    @Test(arguments: End.allCases) func aWaitEndsByTheClockAndNotBefore(end: End) async throws {
        let (now, looks, isOver, signal) = (MutexBox(Self.start), MutexBox(0), MutexBox(false), Wakeup())
        let clock = WallClock.moved(now) { looks.update { $0 += 1 } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await signal.wait(atMost: 5, clock: clock)
                isOver.set(true)
            }
            // Many times the machine's five milliseconds.
            try await eventually("a hundred looks") { looks.value > 100 }
            now.set(Self.start + 4)
            let before = looks.value
            try await eventually("a look at four milliseconds") { looks.value > before + 2 }
            #expect(!isOver.value)
            switch end {
            case .timeHasPassed: now.set(Self.start + 5)
            case .clockWasSetBack: now.set(Self.start - .hours(2))
            case .signalWasSet: signal.set()
            case .taskWasCancelled: group.cancelAll()
            }
            try await eventually("the end of the wait") { isOver.value }
        }
    }

    @Test func aWaitWithoutAnEndIsForTheSignal() async {
        let signal = Wakeup()
        signal.set()
        await signal.wait(atMost: nil, clock: WallClock { Self.start })
    }

    /// Nothing is asked again and again without a pause.
    @Test func noSleepIsShorterThanAMillisecond() async throws {
        let (now, looks) = (MutexBox(Self.start), MutexBox(0))
        let clock = WallClock.moved(now) { looks.update { $0 += 1 } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await clock.sleep(for: -5) }
            try await eventually("a sleep") { looks.value > 5 }
            now.set(Self.start + 1)
            try await group.waitForAll()
        }
    }
}
