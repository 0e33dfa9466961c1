import RPCContract

/// A picture, film, recording, file or sticker that a customer has sent.
package struct ReceivedMedia: Sendable, Equatable {
    /// Meta's type of the message.
    package enum Kind: String, Sendable, CaseIterable { case image, video, audio, document, sticker }

    package var kind: Kind
    /// Meta's id, under which it can be fetched; nil where Meta could not take it in.
    package var id: String?
    package var mimeType: String?
    package var caption: String?
    package var filename: String?

    init?(_ type: String, _ value: JSONValue) {
        guard let kind = Kind(rawValue: type), value.object != nil else { return nil }
        self.kind = kind
        id = value["id"]?.text
        mimeType = value["mime_type"]?.string
        caption = value["caption"]?.string
        filename = value["filename"]?.string
    }
}
