import Foundation
import NIOCore
import Synchronization

/// Writes frames from any task to one channel, as few system calls as the moment allows.
///
/// Frames that are sent while an earlier batch waits for the event loop travel
/// with it in one write.
final class FrameWriter: Sendable {
    private let channel: any Channel
    private let account: FrameAccount?
    private let waiting = Mutex<[Data]>([])

    /// - Parameter account: told of frames that wait for their reader.
    init(_ channel: any Channel, account: FrameAccount? = nil) {
        self.channel = channel
        self.account = account
    }

    func send(_ frame: Data) {
        account?.replying(frame.count + 1)
        let isFirst = waiting.withLock { frames in
            frames.append(frame)
            return frames.count == 1
        }
        guard isFirst else { return }
        channel.eventLoop.execute { self.flush() }
    }

    /// Returns when the frame has been handed to the kernel: a reader that is slow slows the sender.
    func sendAndWait(_ frame: Data) async throws {
        try await channel.writeAndFlush(buffer([frame])).get()
    }

    /// Returns when everything that was sent before has been handed to the kernel, or the connection has ended.
    func finish() async {
        try? await channel.writeAndFlush(channel.allocator.buffer(capacity: 0)).get()  // the peer is gone: nobody waits for it
    }

    private func flush() {
        let frames = waiting.withLock { frames in
            let all = frames
            frames.removeAll(keepingCapacity: true)
            return all
        }
        let buffer = buffer(frames)
        guard let account else { return channel.writeAndFlush(buffer, promise: nil) }
        let count = buffer.readableBytes
        channel.writeAndFlush(buffer).whenComplete { _ in account.replied(count) }
    }

    private func buffer(_ frames: [Data]) -> ByteBuffer {
        var buffer = channel.allocator.buffer(capacity: frames.reduce(0) { $0 + $1.count + 1 })
        for frame in frames {
            buffer.writeBytes(frame)
            buffer.writeInteger(UInt8(ascii: "\n"))
        }
        return buffer
    }
}
