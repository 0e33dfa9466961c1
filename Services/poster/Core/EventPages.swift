import GatewayContract
import RPCContract
import RPCTransport
import Vocabulary

/// Asks the gateway for pages of events, whatever types an endpoint was once made with.
struct EventPages: Sendable {
    let events: RPCClient

    /// A type that is read where nobody wants anything.
    static let nothing = "webhook.disabled"

    /// A page of a workspace's events.
    ///
    /// A type that there is no more is left out: it would keep all others from being read.
    func page(_ params: ListEvents.Params, workspace: String) async throws -> ListEvents.Reply {
        var params = params
        while true {
            do {
                return try await events.call(ListEvents.self, params, meta: CallMeta(workspace: workspace))
            } catch {
                guard error.code == .params, let types = params.types, let unknown = Self.index(error.path), types.indices.contains(unknown)
                else { throw error }
                // Without any all would be read.
                let left = types.indices.filter { $0 != unknown }.map { types[$0] }
                guard !left.isEmpty || types != [Self.nothing] else { throw error }
                params.types = left.isEmpty ? [Self.nothing] : left
            }
        }
    }

    /// Which of the types a fault is about.
    private static func index(_ path: String?) -> Int? {
        guard let path, path.hasPrefix("types["), path.hasSuffix("]") else { return nil }
        return Int(path.dropFirst("types[".count).dropLast())
    }
}
