import HTTPTypes
import Hummingbird
import NIOCore
import Support
import Testing

@testable import SandboxCore

/// What Meta makes of the links that messages carry.
@Suite(.timeLimit(.minutes(1))) struct LinkFetcherTests {
    @Test func aLinkIsAsItsKindWantsIt() async throws {
        let router = Router(context: BasicRequestContext.self)
        for (path, type) in [("png", "image/png; charset=x"), ("html", "text/html"), ("none", "")] {
            router.get(RouterPath(path)) { _, _ in
                Response(
                    status: .ok, headers: type.isEmpty ? [:] : [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: "x"))
                )
            }
        }
        router.get("large") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "image/webp"],
                body: ResponseBody(byteBuffer: ByteBuffer(repeating: 1, count: (500 << 10) + 1)))
        }
        try await LoopbackServer.run(router) { address in
            func problem(_ kind: String, _ path: String) async -> String? {
                await LinkFetcher().problem(MediaLink(kind: kind, url: "\(address)/\(path)"))
            }
            #expect(await problem("image", "png") == nil)
            #expect(await problem("video", "png") == "video cannot be of type image/png")
            #expect(await problem("image", "html") == "image cannot be of type text/html")
            #expect(await problem("image", "none") == "image cannot be of type unknown")
            #expect(await problem("image", "gone") == "HTTP code 404")
            #expect(await problem("sticker", "large") != nil, "it is larger than a sticker may be")
            #expect(await problem("poem", "gone") == nil, "nobody fetches what is no file")
        }
        #expect(await LinkFetcher().problem(MediaLink(kind: "image", url: "http://127.0.0.1:1/x")) != nil)
    }
}
