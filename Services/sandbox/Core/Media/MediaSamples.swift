package import Foundation

/// The small real files that customers of the sandbox send where a trial gives none of its own.
package enum MediaSamples {
    /// A type and its bytes for a kind of message; nil for what is no medium.
    package static func sample(_ kind: String) -> (mimeType: String, data: Data)? {
        switch kind {
        case "image":
            ("image/png", base64("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="))
        case "sticker": ("image/webp", base64("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="))
        // A second of silence: a header, then 50 frames of 20 ms without data (RFC 4867).
        case "audio": ("audio/amr", Data("#!AMR\n".utf8) + Data(repeating: 0x7C, count: 50))
        // A file type box and an empty box of media data (ISO 14496-12).
        case "video": ("video/mp4", box("ftyp", Data("isom".utf8) + Data([0, 0, 2, 0]) + Data("isommp41".utf8)) + box("mdat", Data()))
        case "document":
            (
                "application/pdf",
                Data(
                    "%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
                        .utf8)
            )
        default: nil
        }
    }

    private static func base64(_ text: String) -> Data { Data(base64Encoded: text) ?? Data() }

    private static func box(_ type: String, _ content: Data) -> Data {
        withUnsafeBytes(of: UInt32(8 + content.count).bigEndian) { Data($0) } + Data(type.utf8) + content
    }
}
