import Synchronization

/// A value under a lock, shared by the copies of a struct.
package final class Mutexed<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    package init(_ value: Value) {
        mutex = Mutex(value)
    }

    package var value: Value { mutex.withLock { $0 } }
    /// Reads or changes the value under the lock; the closure does not wait for anything.
    @discardableResult
    package func with<T: Sendable>(_ body: (inout sending Value) -> sending T) -> T { mutex.withLock(body) }
}
