import Crypto
import Foundation
package import HTTPTypes

/// How a connection becomes a WebSocket.
///
/// Source: RFC 6455 §4.2.
package enum WebSocketHandshake {
    /// Why a request that wishes for a WebSocket gets none.
    package struct Flaw: Error, Equatable {
        package let message: String
    }

    private static let version = "13"

    /// What says which version is spoken here, for whoever came with another.
    package static let versions: HTTPFields = [.secWebSocketVersion: version]

    /// Whether a request wishes that its connection speaks something else from here on: no other can follow it.
    static func wishesForAnotherProtocol(_ head: HTTPRequest) -> Bool {
        head.method == .connect || head.headerFields[.upgrade] != nil && words(head, .connection).contains("upgrade")
    }

    /// Whether a request asks for a WebSocket (RFC 6455, 4.1).
    package static func isWished(_ head: HTTPRequest) -> Bool {
        head.method == .get && wishesForAnotherProtocol(head) && words(head, .upgrade).contains("websocket")
    }

    /// What the answer 101 says.
    package static func fields(answering head: HTTPRequest) throws(Flaw) -> HTTPFields {
        guard words(head, .secWebSocketVersion) == [version] else {
            throw Flaw(message: "WebSockets are spoken in version \(version): the header Sec-WebSocket-Version says so.")
        }
        guard let key = head.headerFields[.secWebSocketKey], Data(base64Encoded: key)?.count == 16 else {
            throw Flaw(message: "The header Sec-WebSocket-Key is missing, or is not 16 bytes in Base64.")
        }
        return [.upgrade: "websocket", .connection: "Upgrade", .secWebSocketAccept: accept(key)]
    }

    /// Shows that the key was read by whoever speaks the protocol.
    package static func accept(_ key: String) -> String {
        Data(Insecure.SHA1.hash(data: Data("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))).base64EncodedString()
    }

    private static func words(_ head: HTTPRequest, _ name: HTTPField.Name) -> [String] {
        head.headerFields[values: name].flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    }
}
