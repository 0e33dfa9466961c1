import Foundation
import NIOCore
import NIOPosix
import RPCContract
import Synchronization

/// One open connection of a client: its requests out, its replies in.
final class RPCClientConnection: RPCConnection {
    private let channel: any Channel
    private let writer: FrameWriter
    private let pending: PendingCalls
    private let timer: DeadlineTimer

    /// Must be called on the channel's event loop.
    private init(_ channel: any Channel, process: String, frameBytes: Int, onNotification: @escaping @Sendable (Data) -> Void) throws {
        self.channel = channel
        let (writer, pending) = (FrameWriter(channel), PendingCalls())
        let timer = DeadlineTimer(channel.eventLoop) { now in
            let (due, next) = pending.takeDue(now)
            for entry in due {
                let fault = Fault(.deadline, "\(process) did not answer \(entry.method) in \(Self.spoken(entry.allowed)).", retry: .now)
                Self.withdraw(entry, fault, writer)
            }
            return next
        }
        (self.writer, self.pending, self.timer) = (writer, pending, timer)
        try channel.pipeline.syncOperations.addHandler(
            FrameReader(
                limit: frameBytes,
                onFrame: { Self.answer($0, pending, onNotification) },
                onTooLarge: { channel.close(promise: nil) },
                onEnd: {},
                onGone: {
                    timer.stop()
                    pending.lose()
                }
            )
        )
    }

    static func open(path: String, process: String, frameBytes: Int, onNotification: @escaping @Sendable (Data) -> Void) async throws
        -> RPCClientConnection
    {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.maxMessagesPerRead, value: 4)
            .connectTimeout(.seconds(5))
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try RPCClientConnection(channel, process: process, frameBytes: frameBytes, onNotification: onNotification)
                }
            }
    }

    private static func spoken(_ span: Duration) -> String {
        span < .seconds(1) ? "\(span.milliseconds) ms" : "\((span.milliseconds + 500) / 1000) s"
    }

    var isOpen: Bool { channel.isActive }

    /// Sends one request and waits for its reply, its deadline or cancellation.
    func call(number: Int, id: String, frame: Data, method: String, allowed: Duration) async throws -> Data {
        let deadline = NIODeadline.now() + .milliseconds(allowed.milliseconds)
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let entry = PendingCalls.Entry(id: id, method: method, allowed: allowed, deadline: deadline, continuation: continuation)
                let refusal = pending.add(number, entry, unless: cancellation) { writer.send(frame) }
                if let refusal { return continuation.resume(throwing: refusal) }
                timer.cover(deadline)
            }
        } onCancel: {
            // It may come before the call has been added.
            cancellation.hasCome.store(true, ordering: .relaxed)
            guard let entry = pending.take(number) else { return }
            Self.withdraw(entry, Fault(.cancelled, "The call was taken back."), writer)
        }
    }

    func close() async {
        try? await channel.close().get()  // closing twice is no fault
    }

    /// Stops waiting and tells the server to stop working.
    private static func withdraw(_ entry: PendingCalls.Entry, _ fault: Fault, _ writer: FrameWriter) {
        entry.continuation.resume(throwing: fault)
        let params = Data(#"{"id":"\#(entry.id)"}"#.utf8)
        writer.send(RPCFrames.notification(method: RPCCancel.method, params: params))
    }

    private static func answer(_ frame: Data, _ pending: PendingCalls, _ onNotification: (Data) -> Void) {
        guard let members = try? JSONMembers(object: frame) else { return }
        guard let id = members["id"], let number = number(id), let entry = pending.take(number) else {
            if members["method"] != nil { onNotification(frame) }
            return
        }
        if let result = members["result"] {
            entry.continuation.resume(returning: result)
        } else if let error = members["error"], let fault = try? JSON.decode(Fault.self, from: error) {
            entry.continuation.resume(throwing: fault)
        } else {
            entry.continuation.resume(throwing: Fault(.internal, "The reply has neither result nor error."))
        }
    }

    /// Ids of ours end in `#` and a number.
    private static func number(_ id: Data) -> Int? {
        guard id.last == 0x22, let mark = id.lastIndex(of: UInt8(ascii: "#")) else { return nil }
        return Int(String(decoding: id[id.index(after: mark)..<id.index(before: id.endIndex)], as: UTF8.self))
    }
}
