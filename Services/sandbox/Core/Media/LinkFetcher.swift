import Foundation
import HTTPClient

/// Fetches what a message links to, as Meta does before it sends the message.
struct LinkFetcher {
    private let http = HTTPClient(connectionsPerHost: 1)

    /// Why Meta could not send it; nil where it could.
    func problem(_ link: MediaLink) async -> String? {
        guard let kind = MediaShelf.types[link.kind] else { return nil }
        do {
            let answer = try await http.perform(
                HTTPRequest(.get, link.url, timeout: .seconds(5), responseLimit: kind.most))
            guard answer.status == 200 else { return "HTTP code \(answer.status)" }
            let type = (answer.headers["content-type"] ?? "").prefix { $0 != ";" }.lowercased()
            return kind.types.contains(type) ? nil : "\(link.kind) cannot be of type \(type.isEmpty ? "unknown" : type)"
        } catch {
            return "\(error)"
        }
    }
}
