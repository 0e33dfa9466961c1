import Foundation

extension JSONValue {
    /// Writes compact JSON; keys in a stable order where asked.
    func write(to text: inout [UInt8], sorted: Bool) {
        switch self {
        case .null: text += "null".utf8
        case .bool(let value): text += (value ? "true" : "false").utf8
        case .integer(let value): text += String(value).utf8
        case .number(let value): text += (value.isFinite ? "\(value)" : "null").utf8
        case .string(let value): Self.write(value, to: &text)
        case .array(let items):
            text.append(0x5B)
            for (index, item) in items.enumerated() {
                if index > 0 { text.append(0x2C) }
                item.write(to: &text, sorted: sorted)
            }
            text.append(0x5D)
        case .object(let members):
            text.append(0x7B)
            var isFirst = true
            func write(_ key: String, _ value: JSONValue) {
                if !isFirst { text.append(0x2C) }
                isFirst = false
                Self.write(key, to: &text)
                text.append(0x3A)
                value.write(to: &text, sorted: sorted)
            }
            if sorted {
                for (key, value) in members.sorted(by: { $0.key < $1.key }) { write(key, value) }
            } else {
                for (key, value) in members { write(key, value) }
            }
            text.append(0x7D)
        }
    }

    private static func write(_ string: String, to text: inout [UInt8]) {
        text.append(0x22)
        for byte in string.utf8 {
            switch byte {
            case 0x22: text += #"\""#.utf8
            case 0x5C: text += #"\\"#.utf8
            case 0x0A: text += #"\n"#.utf8
            case 0x0D: text += #"\r"#.utf8
            case 0x09: text += #"\t"#.utf8
            case 0..<0x20: text += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: text.append(byte)
            }
        }
        text.append(0x22)
    }
}
