package import RPCContract

/// An image, video, audio, document or sticker: by the id of an upload, or by a public link that Meta fetches.
package struct MediaMessage: Described, Equatable {
    enum Kind: String { case image, video, audio, document, sticker, gif }

    package var id: String?
    package var link: String?
    package var caption: String?
    package var filename: String?
    package var voice: Bool?

    package static let fields: Fields = [
        "id": .text("Meta's id of an uploaded file. Give either this or link.", 1...256),
        "link": .url("A public http or https address from which Meta fetches the file. Give either this or id."),
        "caption": .text("The text under an image, a video or a document. Headers and templates have none.", 1...1024),
        "filename": .text("The name of a document, as the recipient sees it. Only documents have one.", 1...240),
        "voice": "Whether an audio is shown as a voice note; the file must then be OGG with Opus. Only audio has it.",
    ]

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
        if let link { try Link.check(link, "\(path).link") }
        if caption != nil {
            let captioned: Set<Kind> = [.image, .video, .document]
            try ContentProblem.check(captioned.contains(kind) && !isParameter, "\(path).caption", "is not possible here")
        }
        if filename != nil {
            try ContentProblem.check(kind == .document, "\(path).filename", "is for documents only")
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
