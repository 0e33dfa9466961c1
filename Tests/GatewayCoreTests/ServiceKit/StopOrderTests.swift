import Logging
import ServiceKit
import ServiceLifecycle
import Support
import Testing

/// A stop ends what sends, then what is called, and what takes work from outside last.
@Suite(.timeLimit(.minutes(1))) struct StopOrderTests {
    @Test func whatSendsStopsBeforeTheCallsAndHTTPLast() async throws {
        let (started, stopped) = (MutexBox<Set<String>>([]), MutexBox<[String]>([]))
        func service(_ name: String) -> Recorded { Recorded(name: name, started: started, stopped: stopped) }
        let order = PreparedProcess.order(
            frontends: [service("http")], calls: service("rpc"), services: [service("pruner"), service("sender")],
            watches: [service("notifier")])
        let group = ServiceGroup(services: order, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually("all have started") { started.value.count == order.count }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(stopped.value == ["notifier", "sender", "pruner", "rpc", "http"])
    }
}

/// Notes when it is told to stop.
private struct Recorded: Service {
    let name: String
    let started: MutexBox<Set<String>>
    let stopped: MutexBox<[String]>

    func run() async throws {
        started.update { _ = $0.insert(name) }
        try await gracefulShutdown()
        stopped.update { $0.append(name) }
    }
}
