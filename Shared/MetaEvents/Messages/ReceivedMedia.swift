package import RPCContract

/// A picture, film, recording, file or sticker that a customer has sent.
package struct ReceivedMedia: Described, Equatable {
    /// Meta's type of the message.
    package enum Kind: String, Codable, Sendable, CaseIterable { case image, video, audio, document, sticker }

    package var kind: Kind
    /// Meta's id, under which it can be fetched; nil where Meta could not take it in.
    package var id: String?
    package var mimeType: String?
    package var caption: String?
    package var filename: String?
    /// SHA-256 in Base64.
    package var sha256: String?
    /// Whether it was spoken into the app.
    package var isVoice: Bool?
    /// Whether a sticker moves.
    package var isAnimated: Bool?
    /// Where Meta gives it out for some minutes, to whoever has the token.
    package var url: String?

    package static let fields: Fields = [
        "kind": "Meta's kind of medium.",
        "id": .text("Meta's id, under which the file can be fetched for seven days. It is absent if Meta could not take it in.", 1...256),
        "mimeType": .text("What kind of file it is.", 0...256),
        "caption": .text("What the customer wrote below it.", 0...65_536),
        "filename": .text("What the file is called on the customer's phone.", 0...1024),
        "sha256": .text("SHA-256 of the file, in Base64.", 0...128),
        "isVoice": "Whether an audio message was spoken into the app; absent if Meta does not say.",
        "isAnimated": "Whether a sticker moves; absent if Meta does not say.",
        "url": .text(
            "Where Meta gives the file out for some minutes, to whoever has the access token. Absent if Meta does not say.", 0...2048),
    ]

    init?(_ type: String, _ value: JSONValue) {
        guard let kind = Kind(rawValue: type), value.object != nil else { return nil }
        self.kind = kind
        id = value["id"]?.text.flatMap { (1...256).contains($0.utf8.count) ? $0 : nil }
        mimeType = value["mime_type"]?.string?.cut(to: 256)
        caption = value["caption"]?.string?.cut(to: 65_536)
        filename = value["filename"]?.string?.cut(to: 1024)
        sha256 = value["sha256"]?.string?.cut(to: 128)
        isVoice = value["voice"]?.bool
        isAnimated = value["animated"]?.bool
        url = value["url"]?.string?.cut(to: 2048)
    }
}

extension ReceivedMedia: ReceivedPart {
    static let types: Set<MessageKind> = [.image, .video, .audio, .document, .sticker]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        Self(type.rawValue, value).map { .media($0) }
    }
}
