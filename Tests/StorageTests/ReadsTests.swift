import Foundation
import GRDB
import RPCContract
import Storage
import Testing

@Suite struct ReadsTests {
    /// Lists that never end hold their own readers; the process's own reads, and calls that write, go on.
    @Test func callsThatReadLeaveReadersToOthers() async throws {
        let store = try TemporaryDatabase()
        let reads = Reads(store.pool)
        let gate = DispatchSemaphore(value: 0)
        let (begun, beginning) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup { group in
            for number in 0..<ServiceDatabase.readers {
                group.addTask {
                    let context = CallContext(id: "\(number)", meta: CallMeta(workspace: "w"), isReading: true)
                    try await CallContext.$current.withValue(context) {
                        try await reads.read { _ in
                            beginning.yield(number)
                            gate.wait()
                        }
                    }
                }
            }
            var count = 0
            for await _ in begun {
                count += 1
                if count == ServiceDatabase.readers / 2 { break }
            }
            let own = try await reads.read { try Int.fetchOne($0, sql: "SELECT 1") }
            #expect(own == 1)
            let writing = CallContext(id: "w", meta: CallMeta(workspace: "w"))
            let known = try await CallContext.$current.withValue(writing) {
                try await reads.read { try Int.fetchOne($0, sql: "SELECT 2") }
            }
            #expect(known == 2)
            for _ in 0..<ServiceDatabase.readers { gate.signal() }
            try await group.waitForAll()
        }
        try store.end()
    }

    @Test func whoLeavesTheQueueTakesNoReader() async throws {
        let store = try TemporaryDatabase()
        let reads = Reads(store.pool, forReadingCalls: 1)
        let gate = DispatchSemaphore(value: 0)
        let context = CallContext(id: "1", meta: CallMeta(workspace: "w"), isReading: true)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            try await CallContext.$current.withValue(context) {
                try await reads.read { _ in
                    beginning.yield()
                    gate.wait()
                }
            }
        }
        for await _ in begun { break }
        let second = Task {
            try await CallContext.$current.withValue(context) { try await reads.read { try Int.fetchOne($0, sql: "SELECT 1") } }
        }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.signal()
        try await first.value
        let third = try await CallContext.$current.withValue(context) {
            try await reads.read { try Int.fetchOne($0, sql: "SELECT 3") }
        }
        #expect(third == 3)
        try store.end()
    }
}
