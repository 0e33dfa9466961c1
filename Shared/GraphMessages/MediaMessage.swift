/// An image, video, audio, document or sticker: by the id of an upload, or by a public link that Meta fetches.
package struct MediaMessage: Codable, Sendable, Equatable {
    enum Kind: String { case image, video, audio, document, sticker, gif }

    package var id: String?
    package var link: String?
    /// At most 1,024 characters; images, videos and documents have one.
    package var caption: String?
    /// Of a document, as the recipient sees it.
    package var filename: String?
    /// Of an audio: shown as a voice note; then it must be OGG with Opus.
    package var voice: Bool?

    package init(id: String? = nil, link: String? = nil, caption: String? = nil, filename: String? = nil, voice: Bool? = nil) {
        self.id = id
        self.link = link
        self.caption = caption
        self.filename = filename
        self.voice = voice
    }

    /// - Parameter isParameter: in a header or a template, where there are no captions.
    func check(_ kind: Kind, _ path: String, isParameter: Bool = false) throws(ContentProblem) {
        try ContentProblem.check((id == nil) != (link == nil), path, "has either id or link")
        if let id { try ContentProblem.check(id, 1...256, "\(path).id") }
        if let link { try Link.check(link, "\(path).link") }
        if let caption {
            let captioned: Set<Kind> = [.image, .video, .document]
            try ContentProblem.check(captioned.contains(kind) && !isParameter, "\(path).caption", "is not possible here")
            try ContentProblem.check(caption, 1...1024, "\(path).caption")
        }
        if let filename {
            try ContentProblem.check(kind == .document, "\(path).filename", "is for documents only")
            try ContentProblem.check(filename, 1...240, "\(path).filename")
        }
        if voice != nil {
            try ContentProblem.check(kind == .audio, "\(path).voice", "is for audio only")
        }
    }
}

enum Link {
    /// Meta fetches or shows it: a web address with a host.
    static func check(_ text: String, _ path: String) throws(ContentProblem) {
        let lowered = text.lowercased()
        let rest = lowered.hasPrefix("https://") ? text.dropFirst(8) : lowered.hasPrefix("http://") ? text.dropFirst(7) : ""
        let isSound = !rest.isEmpty && rest.first != "/" && !text.contains(where: { $0.isWhitespace || $0.isNewline })
        try ContentProblem.check(isSound && text.utf8.count <= 2000, path, "is an http or https address of at most 2,000 bytes")
    }
}
