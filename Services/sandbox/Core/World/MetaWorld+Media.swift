import Foundation
import RPCContract
import Vocabulary

/// A message whose link is still to be tried.
struct LinkedMessage: Sendable {
    var wamid: WAMID
    var link: MediaLink
    var pause: Double
}

/// Files: uploaded, asked for, fetched by Meta, removed.
extension MetaWorld {
    private static let lifetime = 2_592_000_000.0
    /// Meta: an address from which a file can be read lasts five minutes.
    private static let addressLifetime = 300_000.0

    /// `POST /{phone-number-id}/media`.
    func upload(_ form: MultipartForm, to id: PhoneNumberID) -> Answer {
        guard numbers[id] != nil else { return .refused(.noObject(id.rawValue)) }
        guard form.text("messaging_product") == "whatsapp" else {
            return .refused(MetaError(code: 100, details: "(#100) The parameter messaging_product is required."))
        }
        guard let file = form["file"] else {
            return .refused(MetaError(code: 100, details: "(#100) The parameter file is required."))
        }
        let type = Self.plain(file.contentType ?? form.text("type") ?? "application/octet-stream")
        if let problem = MediaShelf.problem(mimeType: type, bytes: file.data.count) {
            return .refused(MetaError(code: 100, details: problem))
        }
        return .ok(["id": .string(keep(file.data, type, file.filename, for: Self.lifetime).id)])
    }

    /// Keeps a file that somebody has sent.
    func keep(_ data: Data, _ mimeType: String, _ filename: String?, for lifetime: Double) -> SandboxMedia {
        media.put(data, mimeType: mimeType, filename: filename, number: generator.next(), expires: now + lifetime)
    }

    /// `GET /{media-id}`.
    func mediaDetails(_ id: String) -> JSONValue? {
        media.find(id, at: now).map { file in
            [
                "messaging_product": "whatsapp", "id": .string(file.id), "url": .string(url(of: file)), "mime_type": .string(file.mimeType),
                "sha256": .string(file.digest), "file_size": .integer(Int64(file.data.count)),
            ]
        }
    }

    /// `DELETE /{media-id}`.
    func removeMedia(_ id: String) -> JSONValue? { media.remove(id) ? ["success": true] : nil }

    func url(of file: SandboxMedia) -> String {
        let until = Int64(min(now + Self.addressLifetime, file.expires))
        return "\(address)/media/\(file.id)?until=\(until)&sign=\(sign(file.id, until))"
    }

    /// What is at an address that `url(of:)` gave, while it lasts.
    func download(_ id: String, until: String, sign given: String) -> SandboxMedia? {
        guard let until = Int64(until), given == sign(id, until), Double(until) > now else { return nil }
        return media.find(id, at: now)
    }

    private func sign(_ id: String, _ until: Int64) -> String { String(FNV1a.hash("\(id) \(until)", seed: seed), radix: 36) }

    private static func plain(_ type: String) -> String {
        String(type.prefix { $0 != ";" }).trimmingCharacters(in: .whitespaces).lowercased()
    }

    func fetch(_ link: MediaLink, for wamid: WAMID, heldFor pause: Double) {
        let linked = LinkedMessage(wamid: wamid, link: link, pause: pause)
        if case .dropped = links.continuation.yield(linked) { fetched(linked, nil) }
    }

    /// A link was tried, so the fate of its message can be planned.
    func fetched(_ linked: LinkedMessage, _ problem: String?) {
        guard var message = accepted[linked.wamid] else { return }
        if let problem {
            message.failure = MetaError(code: 131053, details: "Downloading media from weblink failed: \(problem)")
            accepted[linked.wamid] = message
        }
        plan(message, after: linked.pause)
    }

    /// Tries the links of messages, one after the other, each at most once in ten minutes.
    ///
    /// Source: Meta, Cloud API: media that a link names is kept for ten minutes.
    nonisolated func fetchLinks() async {
        var known: [MediaLink: (problem: String?, until: Double)] = [:]
        let fetcher = LinkFetcher()
        for await linked in links.stream {
            let now = await self.now
            if known.count > 1000 { known = [:] }
            if let last = known[linked.link], last.until > now {
                await fetched(linked, last.problem)
                continue
            }
            let problem = await fetcher.problem(linked.link)
            known[linked.link] = (problem, now + 600_000)
            await fetched(linked, problem)
        }
    }
}
