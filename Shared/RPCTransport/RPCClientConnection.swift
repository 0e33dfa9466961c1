import Foundation
import NIOCore
import NIOPosix
import RPCContract
import Synchronization

/// One open connection of a client; its table of pending calls lives on the event loop.
final class RPCClientConnection: Sendable {
    let channel: any Channel
    private let writer: FrameWriter
    private let pending: NIOLoopBound<PendingCalls>

    private init(_ channel: any Channel, pending: PendingCalls) {
        self.channel = channel
        writer = FrameWriter(channel)
        self.pending = NIOLoopBound(pending, eventLoop: channel.eventLoop)
    }

    static func open(path: String, frameBytes: Int, onNotification: @escaping @Sendable (Data) -> Void) async throws -> RPCClientConnection
    {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.maxMessagesPerRead, value: 4)
            .connectTimeout(.seconds(5))
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pending = PendingCalls(onNotification: onNotification)
                    try channel.pipeline.syncOperations.addHandler(
                        FrameReader(
                            limit: frameBytes,
                            onFrame: { pending.answer($0) },
                            onTooLarge: { channel.close(promise: nil) },
                            onEnd: {},
                            onGone: { pending.failAll() }
                        )
                    )
                    return RPCClientConnection(channel, pending: pending)
                }
            }
    }

    var isOpen: Bool { channel.isActive }

    /// Sends one request and waits for its reply, its deadline or cancellation.
    func call(number: Int, id: String, frame: Data, method: String, deadline: Duration) async throws -> Data {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                channel.eventLoop.execute { [self] in
                    guard !cancellation.hasCome.load(ordering: .relaxed) else { return continuation.resume(throwing: CancellationError()) }
                    guard channel.isActive else { return continuation.resume(throwing: ConnectionLost()) }
                    let timer = channel.eventLoop.scheduleTask(in: .milliseconds(deadline.milliseconds)) { [self] in
                        let fault = Fault(.deadline, "\(method) did not answer in \(deadline.milliseconds) ms.", retry: .now)
                        withdraw(number, id: id, fault)
                    }
                    pending.value.calls[number] = PendingCalls.Entry(continuation: continuation, timer: timer)
                    writer.send(frame)
                }
            }
        } onCancel: {
            // It may come before the call is known to the loop.
            cancellation.hasCome.store(true, ordering: .relaxed)
            channel.eventLoop.execute { [self] in
                withdraw(number, id: id, Fault(.cancelled, "The call was taken back."))
            }
        }
    }

    func notify(_ frame: Data) async throws { try await writer.sendAndWait(frame) }

    func close() async {
        try? await channel.close().get()  // closing twice is no fault
    }

    /// On the event loop: stops waiting and tells the server to stop working.
    private func withdraw(_ number: Int, id: String, _ fault: Fault) {
        guard let entry = pending.value.calls.removeValue(forKey: number) else { return }
        entry.timer.cancel()
        entry.continuation.resume(throwing: fault)
        let params = Data(#"{"id":"\#(id)"}"#.utf8)
        writer.send(RPCFrames.notification(method: RPCCancel.method, params: params))
    }
}

/// Whether a call was taken back before it had been registered.
private final class Cancellation: Sendable {
    let hasCome = Atomic(false)
}

/// The connection ended before the reply; the call may or may not have been served.
struct ConnectionLost: Error {}

/// Calls that wait for their reply, by the number that ends their id; event loop only.
private final class PendingCalls {
    struct Entry {
        var continuation: CheckedContinuation<Data, any Error>
        var timer: Scheduled<Void>
    }

    var calls: [Int: Entry] = [:]
    private let onNotification: @Sendable (Data) -> Void

    init(onNotification: @escaping @Sendable (Data) -> Void) {
        self.onNotification = onNotification
    }

    func answer(_ frame: Data) {
        guard let members = try? JSONMembers(object: frame) else { return }
        guard let id = members["id"], let number = Self.number(id), let entry = calls.removeValue(forKey: number) else {
            if members["method"] != nil { onNotification(frame) }
            return
        }
        entry.timer.cancel()
        if let result = members["result"] {
            entry.continuation.resume(returning: result)
        } else if let error = members["error"], let fault = try? JSON.decode(Fault.self, from: error) {
            entry.continuation.resume(throwing: fault)
        } else {
            entry.continuation.resume(throwing: Fault(.internal, "The reply has neither result nor error."))
        }
    }

    func failAll() {
        let all = calls
        calls.removeAll()
        for entry in all.values {
            entry.timer.cancel()
            entry.continuation.resume(throwing: ConnectionLost())
        }
    }

    /// Ids of ours end in `#` and a number.
    private static func number(_ id: Data) -> Int? {
        guard id.last == 0x22, let mark = id.lastIndex(of: UInt8(ascii: "#")) else { return nil }
        return Int(String(decoding: id[id.index(after: mark)..<id.index(before: id.endIndex)], as: UTF8.self))
    }
}
