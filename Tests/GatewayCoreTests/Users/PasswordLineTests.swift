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
            for n in 0..<10 {
                group.addTask {
                    do throws(Fault) {
                        _ = try await line.run(for: .named(["\(n)"])) { () throws(Fault) -> Int in
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

    /// Nobody holds the line for all: a name has four places, and the host its own.
    @Test func aNameHasSomePlacesAndTheHostItsOwn() async throws {
        let (line, hold, refused) = (PasswordLine(most: 6), DispatchSemaphore(value: 0), MutexBox<[Int]>([]))
        // Of one address, of one e-mail address, of others until all is full, and of the host.
        let (one, same) = (Applicant(address: "a", email: "x@b.c"), Applicant(address: "b", email: "X@b.c"))
        let others = (0..<3).map { Applicant(address: "c\($0)", email: "\($0)@b.c") }
        let all = Array(repeating: one, count: 5) + [same] + others + Array(repeating: .host, count: 5)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (n, applicant) in all.enumerated() {
                let (before, count) = (refused.value.count, line.count)
                group.addTask {
                    do throws(Fault) {
                        try await line.run(for: applicant) { () throws(Fault) in hold.wait() }
                    } catch { refused.update { $0.append(n) } }
                }
                try await eventually("it waits or is refused") { line.count > count || refused.value.count > before }
            }
            for _ in 0..<10 { hold.signal() }
            try await group.waitForAll()
        }
        #expect(refused.value == [4, 5, 8, 13] && line.count == 0)
    }

    @Test(arguments: [("key:shop", false), ("user:1", false), ("anybody:", false), ("cli:asha", true), (nil, true)])
    func whoComesOverHTTPIsNotTheHost(actor: String?, isHost: Bool) {
        if case .host = Applicant(actor: actor) { #expect(isHost) } else { #expect(!isHost) }
    }

    @Test func whatTheWorkThrowsIsThrownAndItsPlaceIsFreeAgain() async throws {
        let line = PasswordLine(most: 1)
        for _ in 0..<3 {
            let fault = await #expect(throws: Fault.self) {
                try await line.run(for: .host) { () throws(Fault) -> Int in throw Fault(.loginWrong, "no") }
            }
            #expect(fault?.code == .loginWrong)
        }
        #expect(try await line.run(for: .host) { () throws(Fault) in 7 } == 7)
    }
}
