import Foundation

/// The parts of a `multipart/form-data` body (RFC 7578).
struct MultipartForm {
    struct Part {
        var name: String
        var filename: String?
        var contentType: String?
        var data: Data
    }

    private(set) var parts: [Part] = []

    /// - Returns: nil where the body is not what its type says.
    init?(_ body: Data, contentType: String) {
        // RFC 2046, 5.1.1: 70 characters at most.
        guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else { return nil }
        let delimiter = Data("--\(boundary)".utf8)
        guard var start = body.range(of: delimiter)?.upperBound else { return nil }
        while let end = body.range(of: Data("\r\n".utf8) + delimiter, in: start..<body.endIndex) {
            guard parts.count < 32, let part = Self.part(body[start..<end.lowerBound]) else { return nil }
            parts.append(part)
            start = end.upperBound
        }
        guard body[start...].starts(with: Data("--".utf8)) else { return nil }
    }

    subscript(name: String) -> Part? { parts.first { $0.name == name } }

    func text(_ name: String) -> String? { self[name].map { String(decoding: $0.data, as: UTF8.self) } }

    private static func part(_ bytes: Data) -> Part? {
        guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        var part = Part(name: "", data: Data(bytes[end.upperBound...]))
        for line in String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(whereSeparator: \.isNewline) {
            let words = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard words.count == 2 else { continue }
            switch words[0].lowercased() {
            case "content-disposition":
                part.name = parameter("name", of: words[1]) ?? ""
                part.filename = parameter("filename", of: words[1])
            case "content-type": part.contentType = words[1].lowercased()
            default: break
            }
        }
        return part.name.isEmpty ? nil : part
    }

    /// A parameter of a header; one in quotes may have semicolons in it.
    private static func parameter(_ name: String, of header: String) -> String? {
        var words: [String] = [""]
        var isQuoted = false
        for character in header {
            if character == "\"" { isQuoted.toggle() }
            if character == ";", !isQuoted { words.append("") } else { words[words.count - 1].append(character) }
        }
        for word in words.dropFirst() {
            let pair = word.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2, pair[0].lowercased() == name else { continue }
            return pair[1].trimmingCharacters(in: CharacterSet(charactersIn: "\""))
        }
        return nil
    }
}
