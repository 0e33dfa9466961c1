import Foundation
import GatewayContract
import RPCContract
import Support
import Testing

@testable import GatewayCore

/// How many passwords are hashed at once, and how many wait.
@Suite(.timeLimit(.minutes(1))) struct PasswordLineTests {
    /// The first is held until all others have come: one is at work, so many wait, and the rest is told to come again.
    @Test func oneIsAtWorkSomeWaitAndMoreAreRefused() async throws {
        let line = PasswordLine(most: 4)
        let (hold, atWork, most) = (DispatchSemaphore(value: 0), MutexBox(0), MutexBox(0))
        let refused = MutexBox<[Fault]>([])
        let done = MutexBox(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do throws(Fault) {
                        _ = try await line.run { () throws(Fault) -> Int in
                            let now = atWork.update {
                                $0 += 1
                                return $0
                            }
                            most.update { $0 = max($0, now) }
                            hold.wait()
                            atWork.update { $0 -= 1 }
                            return now
                        }
                        done.update { $0 += 1 }
                    } catch { refused.update { $0.append(error) } }
                }
            }
            try await eventually("the rest is refused") { refused.value.count == 6 }
            for _ in 0..<4 { hold.signal() }
            try await group.waitForAll()
        }
        #expect(most.value == 1 && done.value == 4)
        #expect(refused.value.allSatisfy { $0.code == .loginBusy && $0.retry == .after(.seconds(1)) && $0.code.http == 503 })
    }

    @Test func whatTheWorkThrowsIsThrownAndItsPlaceIsFreeAgain() async throws {
        let line = PasswordLine(most: 1)
        for _ in 0..<3 {
            let fault = await #expect(throws: Fault.self) {
                try await line.run { () throws(Fault) -> Int in throw Fault(.loginWrong, "no") }
            }
            #expect(fault?.code == .loginWrong)
        }
        #expect(try await line.run { () throws(Fault) in 7 } == 7)
    }
}
