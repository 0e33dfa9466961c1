import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// `grpc-peer serve SOCKET` echoes until it is killed; `grpc-peer measure SOCKET` prints the figures of a server there.
@main
struct GRPCPeer {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let command = arguments.first, let socket = arguments.dropFirst().first else { usage() }
        switch command {
        case "serve": try await serve(at: socket)
        case "measure": try await measure(at: socket)
        default: usage()
        }
    }

    private static func serve(at socket: String) async throws {
        let transport = HTTP2ServerTransport.Posix(
            address: .unixDomainSocket(path: socket),
            transportSecurity: .plaintext
        )
        try await GRPCServer(transport: transport, services: [EchoService()]).serve()
    }

    private static func measure(at socket: String) async throws {
        let transport = try HTTP2ClientTransport.Posix(
            target: .unixDomainSocket(path: socket, authority: "localhost"),
            transportSecurity: .plaintext
        )
        try await withGRPCClient(transport: transport) { client in
            let load = Load(client: EchoClient(client: client))
            _ = try await load.sequential(count: 2_000)  // warm-up
            let times = try await load.sequential(count: 20_000)
            report("p50", times[times.count / 2] / .microseconds(1), "us")
            report("p99", times[times.count * 99 / 100] / .microseconds(1), "us")
            report("pipelined-64", try await load.concurrent(callers: 64, for: .seconds(5)), "calls/s")
        }
    }

    private static func report(_ metric: String, _ value: Double, _ unit: String) {
        print("grpc-swift", metric, (value * 10).rounded() / 10, unit)
    }

    private static func usage() -> Never {
        FileHandle.standardError.write(Data("usage: grpc-peer serve|measure SOCKET\n".utf8))
        exit(64)
    }
}
