import Foundation
import Vocabulary

/// Message ids that look like Meta's: an outer tag, the person's number, the direction and a random id, in Base64.
enum WAMIDs {
    static func make(contact: String, isInbound: Bool, using generator: inout SeededGenerator) -> WAMID {
        var bytes: [UInt8] = [0x1C, 0x18, UInt8(min(contact.utf8.count, 255))]
        bytes += contact.utf8.prefix(255)
        let direction: UInt8 = isInbound ? 0x12 : 0x11
        bytes += [0x15, 0x02, 0x00, direction, 0x18, 20] as [UInt8]
        let high = String(generator.next(), radix: 16, uppercase: true)
        let low = String(generator.next() & 0xFFFF, radix: 16, uppercase: true)
        let padding = String(repeating: "0", count: 20 - high.count - low.count)
        bytes += Array("\(padding)\(high)\(low)".utf8)
        bytes.append(0)
        return WAMID("wamid." + Data(bytes).base64EncodedString())
    }
}
