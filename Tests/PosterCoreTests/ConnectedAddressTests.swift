import Foundation
import HTTPClient
import Supervision
import Support
import Testing

@testable import PosterCore

/// A name that leads inside is found out as its address is connected to, whatever it led to before.
@Suite(.timeLimit(.minutes(1))) struct ConnectedAddressTests {
    @Test(arguments: ["127.0.0.1", "localhost", "127.1", "0x7f000001"])
    func whatLeadsInsideIsNotConnectedTo(host: String) async throws {
        let socket = try Listener.tcp(port: 0)
        defer { close(socket.descriptor) }
        var asked = HTTPRequest(.post, "http://\(host):\(socket.port)/take", timeout: .seconds(5))
        asked.addresses = EndpointURL(allowsPrivate: false).addresses
        let (request, client) = (asked, HTTPClient())
        let failure = await #expect(throws: HTTPFailure.self) { _ = try await client.perform(request) }
        #expect(failure?.description.contains("is this host") == true, "\(host): \(String(describing: failure))")
        #expect(failure?.mayHaveBeenSent == false)
        // Nobody has knocked.
        var waiting = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&waiting, 1, 0) == 0)
    }

    /// The second time the same name leads elsewhere: what was right before counts for that connection alone.
    @Test func eachConnectionIsLookedAtAnew() async throws {
        let answers = MutexBox(0)
        let socket = try Listener.tcp(port: 0)
        defer { close(socket.descriptor) }
        let receiver = Thread {
            let connection = accept(socket.descriptor, nil, nil)
            var buffer = [UInt8](repeating: 0, count: 4096)
            _ = recv(connection, &buffer, buffer.count, 0)
            let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
            send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
            close(connection)
        }
        receiver.start()
        var asked = HTTPRequest(.post, "http://localhost:\(socket.port)/take", timeout: .seconds(5))
        asked.addresses = { bytes in
            guard bytes.count == 4 else { return "it is this host" }
            return answers.update { count in
                count += 1
                return count == 1 ? nil : PublicAddress.problem(bytes)
            }
        }
        let (request, client) = (asked, HTTPClient())
        #expect(try await client.perform(request).status == 200)
        let failure = await #expect(throws: HTTPFailure.self) { _ = try await client.perform(request) }
        #expect(failure?.description.contains("is this host") == true, "\(String(describing: failure))")
    }
}
