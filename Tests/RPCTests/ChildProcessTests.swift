import Foundation
import Supervision
import Testing

@Suite struct ChildProcessTests {
    /// Whoever has started it may be killed: a folder stays locked as long as anything uses it.
    @Test func aChildHoldsTheLock() async throws {
        let path = NSTemporaryDirectory() + "lock-\(UUID().uuidString)"
        func locked() -> Int32? {
            let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                return nil
            }
            return descriptor
        }
        let lock = try #require(locked())
        let child = try ChildProcess(.init(name: "sleep", program: "/bin/sleep", arguments: ["60"], lock: lock)) { _ in }
        close(lock)
        #expect(locked() == nil)
        child.signal(SIGKILL)
        _ = await child.ended()
        close(try #require(locked()))
        unlink(path)
    }
}
