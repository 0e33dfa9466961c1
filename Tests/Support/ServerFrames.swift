package import Foundation

/// The frames of a WebSocket's server, taken out of its bytes without any code of the server's.
///
/// Source: RFC 6455 §5.2.
package struct ServerFrames: Sendable {
    package struct Frame: Sendable, Equatable {
        package var opcode: UInt8
        package var payload: Data

        package init(opcode: UInt8, payload: Data) {
            self.opcode = opcode
            self.payload = payload
        }
    }

    private var rest: [UInt8] = []

    package init() {}

    package mutating func add(_ bytes: some Sequence<UInt8>) { rest += bytes }

    /// The next whole frame; nil where more has to come first. A frame that no server may send has the opcode 255.
    package mutating func next() -> Frame? {
        guard rest.count >= 2 else { return nil }
        let sizes: [UInt8: Int] = [126: 2, 127: 8]
        let size = sizes[rest[1] & 0x7F] ?? 0
        guard rest.count >= 2 + size else { return nil }
        let length = size == 0 ? Int(rest[1] & 0x7F) : rest[2..<2 + size].reduce(0) { $0 << 8 | Int($1) }
        guard rest.count >= 2 + size + length else { return nil }
        let isSound = rest[0] & 0xF0 == 0x80 && rest[1] & 0x80 == 0
        let frame = Frame(opcode: isSound ? rest[0] & 0x0F : 255, payload: Data(rest[(2 + size)..<(2 + size + length)]))
        rest.removeFirst(2 + size + length)
        return frame
    }
}
