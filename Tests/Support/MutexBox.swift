import Synchronization

/// A value that a test moves by hand.
package final class MutexBox<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    package init(_ value: Value) { mutex = Mutex(value) }

    package var value: Value { mutex.withLock { $0 } }
    package func set(_ value: Value) { mutex.withLock { $0 = value } }
    @discardableResult
    package func update<T: Sendable>(_ body: (inout Value) -> T) -> T {
        mutex.withLock { value in
            var changed = value
            defer { value = changed }
            return body(&changed)
        }
    }
}
