package import Foundation
package import NIOCore

/// Cuts the incoming bytes at newlines and stops reading while its owner asks it to.
package final class FrameReader: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private let limit: Int
    private let onBytes: (Int) -> Void
    private let onFrame: (Data) -> Void
    private let onTooLarge: () -> Void
    private let onEnd: () -> Void
    private let onGone: () -> Void
    private var bytes = ByteBuffer()
    /// Bytes already searched for a newline.
    private var searched = 0
    private var isRefusing = false
    private var pauses: Set<Pause> = []
    private var readIsWaiting = false
    private var context: ChannelHandlerContext?

    /// - Parameters:
    ///   - onBytes: told of bytes as they come, before the frames in them; less than 0 where empty lines were dropped.
    ///   - onFrame: given each frame that is no empty line, without its newline; `onBytes` has heard of both.
    package init(
        limit: Int,
        onBytes: @escaping (Int) -> Void = { _ in },
        onFrame: @escaping (Data) -> Void,
        onTooLarge: @escaping () -> Void,
        onEnd: @escaping () -> Void,
        onGone: @escaping () -> Void
    ) {
        self.limit = limit
        self.onBytes = onBytes
        self.onFrame = onFrame
        self.onTooLarge = onTooLarge
        self.onEnd = onEnd
        self.onGone = onGone
    }

    package func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    package func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefusing else { return }
        var incoming = unwrapInboundIn(data)
        onBytes(incoming.readableBytes)
        if bytes.readableBytes == 0 { bytes = incoming } else { bytes.writeBuffer(&incoming) }
        takeFrames()
        if bytes.readableBytes > limit { return refuse() }
        if bytes.readableBytes == 0 { bytes.clear() } else { bytes.discardReadBytes() }
    }

    private func takeFrames() {
        while let length = nextFrame() {
            guard length <= limit else { return refuse() }
            take(length, with: 1)
        }
    }

    /// Whoever is given a frame may close the channel there and then, which ends and empties this reader.
    private func take(_ length: Int, with newline: Int) {
        let frame = bytes.withUnsafeReadableBytes { Data($0[..<length]) }
        bytes.moveReaderIndex(forwardBy: length + newline)
        searched = 0
        if frame.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { onBytes(-length - 1) } else { onFrame(frame) }
    }

    /// The peer says nothing more: its last line counts without a newline, too.
    private func end() {
        if !isRefusing { takeFrames() }
        if !isRefusing, bytes.readableBytes > 0 {
            onBytes(1)
            take(bytes.readableBytes, with: 0)
        }
        onEnd()
    }

    private func nextFrame() -> Int? {
        let start = searched
        let found: Int? = bytes.withUnsafeReadableBytes { raw in
            guard start < raw.count, let base = raw.baseAddress else { return nil }
            return memchr(base + start, Int32(UInt8(ascii: "\n")), raw.count - start).map { UnsafeRawPointer($0) - base }
        }
        if found == nil { searched = bytes.readableBytes }
        return found
    }

    private func refuse() {
        stop()
        onTooLarge()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        end()
        onGone()
        context.fireChannelInactive()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A peer that has shut down its writing side may still wait for replies.
        if let event = event as? ChannelEvent, event == .inputClosed { end() }
        context.fireUserInboundEventTriggered(event)
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { resume(.unreadReplies) } else { pause(.unreadReplies) }
        context.fireChannelWritabilityChanged()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    package func read(context: ChannelHandlerContext) {
        if pauses.isEmpty { context.read() } else { readIsWaiting = true }
    }

    /// Why no bytes are taken from the socket.
    package enum Pause {
        /// The peer does not read what it has asked for.
        case unreadReplies
        /// It has sent more than can be looked at.
        case waitingFrames
        /// All peers together hold too much.
        case noRoom
        /// The connection is about to end.
        case ending
    }

    /// Takes nothing more, and lets go of what has not become a frame.
    package func stop() {
        isRefusing = true
        bytes = ByteBuffer()
        pause(.ending)
    }

    /// Takes no bytes from the socket; the peer's own buffer then fills.
    package func pause(_ reason: Pause) { pauses.insert(reason) }

    /// Takes bytes again, unless there is another reason not to.
    package func resume(_ reason: Pause) {
        pauses.remove(reason)
        guard pauses.isEmpty, readIsWaiting, let context else { return }
        readIsWaiting = false
        context.read()
    }
}
