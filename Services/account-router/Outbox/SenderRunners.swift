import JobQueue
import Synchronization
import Vocabulary

/// The running senders by number, for whoever has new work for one.
final class SenderRunners: Sendable {
    private let runners = Mutex<[PhoneNumberID: JobRunner]>([:])

    func nudge(_ number: PhoneNumberID) { runners.withLock { $0[number] }?.nudge() }

    func nudgeAll() {
        for runner in runners.withLock({ Array($0.values) }) { runner.nudge() }
    }

    func has(_ number: PhoneNumberID) -> Bool { runners.withLock { $0[number] != nil } }

    /// They hold what has put them here: with the senders they go.
    func removeAll() { runners.withLock { $0.removeAll() } }

    func add(_ runner: JobRunner, for number: PhoneNumberID) { runners.withLock { $0[number] = runner } }
}
