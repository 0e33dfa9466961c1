import Foundation
import NIOCore
import NIOEmbedded
import RPCTransport
import Testing

/// Cutting at newlines, whatever whoever is given a frame does with the channel.
@Suite struct FrameReaderTests {
    private final class Heard {
        var frames: [String] = []
        var ends = 0
        var onFrame: (String) -> Void = { _ in }
    }

    private func reader(_ heard: Heard) -> FrameReader {
        FrameReader(
            limit: 100,
            onFrame: {
                let frame = String(decoding: $0, as: UTF8.self)
                heard.frames.append(frame)
                heard.onFrame(frame)
            },
            onTooLarge: {}, onEnd: { heard.ends += 1 }, onGone: {})
    }

    @Test func framesAreCutAtNewlinesAcrossReads() throws {
        let heard = Heard()
        let channel = EmbeddedChannel(handler: reader(heard))
        for part in ["a", "b\n\n", "c\nd\n\r\ne"] { try channel.writeInbound(ByteBuffer(string: part)) }
        #expect(heard.frames == ["ab", "c", "d"])
        try channel.close().wait()
        #expect(heard.frames == ["ab", "c", "d", "e"] && heard.ends == 1)
    }

    /// As when the last who holds a connection lets go of it while a frame is taken: what had come counts, each frame by itself.
    @Test func aChannelThatIsClosedInTheMidstOfItsFramesEndsNothingElse() throws {
        let heard = Heard()
        let channel = EmbeddedChannel(handler: reader(heard))
        heard.onFrame = { if $0 == "a" { channel.close(promise: nil) } }
        try channel.writeInbound(ByteBuffer(string: "a\nb\nc"))
        #expect(heard.frames == ["a", "b", "c"] && heard.ends == 1)
    }

    @Test func aReaderThatIsStoppedInTheMidstOfItsFramesTakesNoMore() throws {
        let heard = Heard()
        let reader = reader(heard)
        let channel = EmbeddedChannel(handler: reader)
        heard.onFrame = { if $0 == "b" { reader.stop() } }
        try channel.writeInbound(ByteBuffer(string: "a\nb\nc\n"))
        #expect(heard.frames == ["a", "b"])
        try channel.close().wait()
        #expect(heard.frames == ["a", "b"] && heard.ends == 1)
    }
}
