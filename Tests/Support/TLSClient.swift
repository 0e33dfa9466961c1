package import NIOCore
import NIOPosix
package import NIOSSL
import NIOTLS

/// A connection over TLS that trusts one certificate and sends what it is told.
package final class TLSClient: Sendable {
    private let channel: any Channel
    private let received = MutexBox("")
    private let agreed = MutexBox<String?>(nil)

    /// - Parameter newest: the highest version that it speaks.
    package init(port: UInt16, trusting certificate: TestCertificate, newest: TLSVersion? = nil) async throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.chain.utf8)))
        configuration.applicationProtocols = ["h2", "http/1.1"]
        configuration.maximumTLSVersion = newest
        let context = try NIOSSLContext(configuration: configuration)
        let (received, agreed) = (received, agreed)
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let operations = channel.pipeline.syncOperations
                    try operations.addHandler(NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                    try operations.addHandler(Collector(received, agreed))
                }
            }
            .connect(host: "127.0.0.1", port: Int(port)).get()
    }

    /// What has come so far.
    package var text: String { received.value }
    /// The protocol that both sides have agreed on.
    package var agreedProtocol: String? { agreed.value }
    package var isOpen: Bool { channel.isActive }

    /// - Throws: where the handshake fails.
    package func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

    /// Asks for a path and gives the answer's last line.
    package func ask(_ path: String) async throws -> String {
        received.set("")
        try await send(ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        try await eventually("an answer") { text.hasPrefix("HTTP/1.1 ") && text.contains("\r\n\r\n") && !text.hasSuffix("\r\n\r\n") }
        return text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    }

    package func close() async throws { try await channel.close() }
}

/// Keeps what comes.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let received: MutexBox<String>
    private let agreed: MutexBox<String?>

    init(_ received: MutexBox<String>, _ agreed: MutexBox<String?>) {
        self.received = received
        self.agreed = agreed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // A character for each byte, whatever it is.
        let characters = Self.unwrapInboundIn(data).readableBytesView.map { Character(UnicodeScalar($0)) }
        received.update { $0 += String(characters) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let name)? = event as? TLSUserEvent { agreed.set(name) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
