import Foundation
import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// Serves HTTP/1.1, over TLS where it is given a certificate, on a listening socket that somebody else has bound and keeps.
///
/// A restart drops nothing: shutdown stops accepting, answers what has been
/// accepted and leaves the backlog, which belongs to the socket, to the successor.
package struct SocketServer<Context: RequestContext>: Service where Context.Source == ApplicationRequestContextSource {
    private let descriptor: Int32
    private let connections: Int
    private let responder: any HTTPResponder<Context>
    private let direct: (any DirectRoute)?
    private let heartbeat: Duration
    private let certificate: ServedCertificate?
    private let handshake: TimeAmount
    private let logger: Logger

    /// - Parameters:
    ///   - descriptor: bound and listening.
    ///   - connections: served at once; more wait in the backlog.
    ///   - direct: a route that goes before those of the router.
    ///   - heartbeat: how often whoever listens over a WebSocket is asked whether they are there.
    ///   - certificate: with it every connection speaks TLS.
    ///   - handshake: how long a client may take to agree on TLS.
    package init(
        descriptor: Int32, connections: Int = 4096, router: Router<Context>, direct: (any DirectRoute)? = nil,
        heartbeat: Duration = .seconds(15), certificate: ServedCertificate? = nil, handshake: Duration = .seconds(10), logger: Logger
    ) {
        self.descriptor = descriptor
        self.connections = connections
        responder = router.buildResponder()
        self.direct = direct
        self.heartbeat = heartbeat
        self.certificate = certificate
        self.handshake = TimeAmount(handshake)
        self.logger = logger
    }

    package func run() async throws {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let http = channel()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelInitializer { [connections] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AvailableConnectionsChannelHandler(maxConnections: connections))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // No socket options here: TCP_NODELAY comes with the listening socket, and one that fails would end the server.
            .bind(descriptor) { [self] channel in
                secure(channel).flatMap { http.setup(channel: channel, logger: logger) }.flatMapThrowing { value in
                    if let direct {
                        // Behind what counts the connection's requests, so that it is neither idle nor cut off while one is answered.
                        let operations = channel.pipeline.syncOperations
                        let counter = try operations.handler(type: HTTPConnectionStateHandler.self)
                        try operations.addHandler(DirectHandler(direct), position: .after(counter))
                    }
                    return AcceptedConnection(value)
                }
            }
        // NIO has called listen() with a backlog of its own; the kernel takes the last word.
        _ = listen(descriptor, 4096)
        try await withGracefulShutdownHandler {
            try await server.executeThenClose { inbound in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in inbound {
                        group.addTask { await serve(connection, http) }
                    }
                }
            }
        } onGracefulShutdown: {
            // Stop accepting, close a moment later: a connection that is still being set up would be reset.
            let channel = server.channel
            channel.setOption(.autoRead, value: false).whenComplete { _ in
                channel.eventLoop.scheduleTask(in: .milliseconds(100)) { channel.close(promise: nil) }
            }
        }
    }

    /// Puts TLS before everything else of a connection, with the certificate of the moment.
    private func secure(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard let context = certificate?.current.context else { return }
            let operations = channel.pipeline.syncOperations
            try operations.addHandler(ClientHelloGuard())
            try operations.addHandler(NIOSSLServerHandler(context: context))
            try operations.addHandler(HandshakeGuard(timeout: handshake))
        }
    }

    private func serve(_ connection: AcceptedConnection, _ http: HTTP1Channel) async {
        await withGracefulShutdownHandler {
            await http.handle(value: connection.value, logger: logger)
        } onGracefulShutdown: {
            connection.value.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    private func channel() -> HTTP1Channel {
        let heartbeat = heartbeat
        return HTTP1Channel(
            responder: { [responder, logger, isSecure = certificate != nil] request, writer, channel in
                let request = isSecure ? request.overTLS : request
                if request.headers[.expect] == "100-continue" {
                    try await writer.writeInformationalHead(HTTPResponse(status: .continue))
                }
                let response: Response
                do {
                    response = try await responder.respond(to: request, context: Context(source: .init(channel: channel, logger: logger)))
                } catch let error as any HTTPResponseError {
                    response =
                        (try? error.response(from: request, context: Context(source: .init(channel: channel, logger: logger))))  // then 500
                        ?? Response(status: .internalServerError)
                } catch is HTTPParserError {
                    response = Response(status: .badRequest)
                } catch {
                    logger.error("a request failed by a defect", metadata: ["error": "\(error)"])
                    response = Response(status: .internalServerError)
                }
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [
                    ConnectionGuard(requestTimeout: .seconds(30), closeGrace: .milliseconds(250)),
                    UpgradeHandler(heartbeat: TimeAmount(heartbeat)),
                ],
                idleTimeout: .seconds(30),
                httpDecoderConfiguration: .init(maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100)
            )
        )
    }
}

extension Request {
    /// The same with the scheme that its connection has: the codec knows of none but plain HTTP.
    fileprivate var overTLS: Request {
        var head = head
        head.scheme = "https"
        return Request(head: head, body: body)
    }
}

/// A connection between its acceptance and its end: one that nobody came to serve is closed.
///
/// NIO ends the process where the writer of a connection is let go before it has finished, as happens to whatever is accepted
/// while the server is being cancelled. So it is kept until the connection has closed, which finishes it.
private final class AcceptedConnection: Sendable {
    let value: HTTP1Channel.Value

    init(_ value: HTTP1Channel.Value) {
        self.value = value
        value.channel.closeFuture.whenComplete { _ in withExtendedLifetime(value) {} }
    }

    deinit { value.channel.close(promise: nil) }
}
