import Foundation
package import Vocabulary

/// Message ids that look like Meta's: an outer tag, the person's number, the direction and an id, in Base64.
///
/// The last four digits of the id follow from the rest, so that an id that was made up is known without keeping any.
package enum WAMIDs {
    /// Where a message goes.
    package enum Direction: UInt8, Sendable { case toCustomer = 0x11, toBusiness = 0x12 }

    static func make(contact: String, _ direction: Direction, using generator: inout SeededGenerator) -> WAMID {
        make(contact: contact, direction, number: generator.next())
    }

    /// The id with this serial number: the same number, the same id.
    package static func make(contact: String, _ direction: Direction, number: UInt64) -> WAMID {
        let digits = String(number, radix: 16, uppercase: true)
        let serial = String(repeating: "0", count: 16 - digits.count) + digits
        var bytes: [UInt8] = [0x1C, 0x18, UInt8(min(contact.utf8.count, 255))]
        bytes += contact.utf8.prefix(255)
        bytes += [0x15, 0x02, 0x00, direction.rawValue, 0x18, 20] as [UInt8]
        bytes += Array("\(serial)\(check(bytes, serial))".utf8)
        bytes.append(0)
        return WAMID("wamid." + Data(bytes).base64EncodedString())
    }

    /// Which way the message of an id went; nil where the sandbox has never made such an id.
    static func direction(of wamid: String) -> Direction? {
        guard wamid.hasPrefix("wamid."), let data = Data(base64Encoded: String(wamid.dropFirst(6))) else { return nil }
        let bytes = [UInt8](data)
        guard bytes.count >= 30, let direction = Direction(rawValue: bytes[bytes.count - 24]) else { return nil }
        let head = Array(bytes.dropLast(21))
        let serial = String(decoding: bytes.dropLast(5).suffix(16), as: UTF8.self)
        let digits = String(decoding: bytes.dropLast().suffix(4), as: UTF8.self)
        return digits == check(head, serial) ? direction : nil
    }

    private static func check(_ head: [UInt8], _ serial: String) -> String {
        let hash = FNV1a.hash(Data(head).base64EncodedString() + serial)
        let digits = String((hash ^ hash >> 32) & 0xFFFF, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
