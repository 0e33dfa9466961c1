package import Foundation
package import NIOCore

/// Cuts the incoming bytes at newlines and stops reading while its owner asks it to.
package final class FrameReader: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private let limit: Int
    private let onFrame: (Data) -> Void
    private let onTooLarge: () -> Void
    private let onEnd: () -> Void
    private let onGone: () -> Void
    private var bytes = ByteBuffer()
    /// Bytes already searched for a newline.
    private var searched = 0
    private var isRefusing = false
    private var isPaused = false
    private var readIsWaiting = false
    private var context: ChannelHandlerContext?

    package init(
        limit: Int,
        onFrame: @escaping (Data) -> Void,
        onTooLarge: @escaping () -> Void,
        onEnd: @escaping () -> Void,
        onGone: @escaping () -> Void
    ) {
        self.limit = limit
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
        if bytes.readableBytes == 0 { bytes = incoming } else { bytes.writeBuffer(&incoming) }
        while let length = nextFrame() {
            guard length <= limit else { return refuse() }
            take(length)
            bytes.moveReaderIndex(forwardBy: 1)
        }
        if bytes.readableBytes > limit { return refuse() }
        if bytes.readableBytes == 0 { bytes.clear() } else { bytes.discardReadBytes() }
    }

    private func take(_ length: Int) {
        let frame = bytes.withUnsafeReadableBytes { Data($0[..<length]) }
        bytes.moveReaderIndex(forwardBy: length)
        searched = 0
        if !frame.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { onFrame(frame) }
    }

    /// The peer says nothing more: its last line counts without a newline, too.
    private func end() {
        if !isRefusing, bytes.readableBytes > 0 { take(bytes.readableBytes) }
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
        isRefusing = true
        bytes = ByteBuffer()
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
        setPaused(!context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    package func read(context: ChannelHandlerContext) {
        if isPaused { readIsWaiting = true } else { context.read() }
    }

    /// Stops or resumes taking bytes from the socket; the peer's own buffer then fills.
    package func setPaused(_ paused: Bool) {
        isPaused = paused
        guard !paused, readIsWaiting, let context else { return }
        readIsWaiting = false
        context.read()
    }
}
