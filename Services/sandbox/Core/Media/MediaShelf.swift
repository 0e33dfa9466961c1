import Crypto
import Foundation
import Vocabulary

/// A file on Meta's side.
struct SandboxMedia: Sendable {
    var id: String
    var mimeType: String
    var data: Data
    var filename: String?
    var expires: Double

    /// SHA-256 in hexadecimal digits.
    var digest: String { SHA256.hash(data: data).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }
    /// As webhooks write it.
    var digest64: String { Data(SHA256.hash(data: data)).base64EncodedString() }
}

/// The files that Meta keeps: those that businesses have uploaded for 30 days, those of customers for 7.
///
/// Holds 64 MiB and 1,000 files at most; the oldest go first. Source: Meta, Cloud API, media.
struct MediaShelf {
    /// What each kind may be, and how large; 16 MiB is the sandbox's own limit where Meta takes more.
    static let types: [String: (types: Set<String>, most: Int)] = [
        "image": (["image/jpeg", "image/png"], 5 << 20),
        "audio": (["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"], 16 << 20),
        "video": (["video/mp4", "video/3gpp"], 16 << 20),
        "sticker": (["image/webp"], 500 << 10),
        "document": (
            [
                "text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            ], 16 << 20
        ),
    ]
    private static let mostBytes = 64 << 20
    private static let mostFiles = 1000

    private var files: [String: SandboxMedia] = [:]
    private var order: [String] = []
    private var bytes = 0

    /// Why Meta would not take a file; nil where it would.
    static func problem(mimeType: String, bytes: Int) -> String? {
        guard let kind = types.values.first(where: { $0.types.contains(mimeType) }) else {
            let all = types.values.flatMap(\.types).sorted().joined(separator: ", ")
            return "Param file must be a file with one of the following types: \(all). Received file of type '\(mimeType)'."
        }
        guard bytes > 0 else { return "Param file is empty." }
        return bytes <= kind.most ? nil : "Param file has \(bytes) bytes; \(mimeType) may have \(kind.most)."
    }

    mutating func put(_ data: Data, mimeType: String, filename: String?, number: UInt64, expires: Double) -> SandboxMedia {
        let media = SandboxMedia(
            id: String(1_000_000_000_000_000 + number % 9_000_000_000_000_000), mimeType: mimeType, data: data, filename: filename,
            expires: expires)
        files[media.id] = media
        order.append(media.id)
        bytes += data.count
        while order.count > Self.mostFiles || bytes > Self.mostBytes, order.count > 1 { remove(order[0]) }
        return media
    }

    func find(_ id: String, at now: Double) -> SandboxMedia? { files[id].flatMap { $0.expires > now ? $0 : nil } }

    @discardableResult
    mutating func remove(_ id: String) -> Bool {
        guard let media = files.removeValue(forKey: id) else { return false }
        order.removeAll { $0 == id }
        bytes -= media.data.count
        return true
    }
}
