package import RPCContract

/// Maps a peer to what it may call.
package struct PeerPolicy: Sendable {
    /// Who a peer is.
    package enum Standing: Sendable, Equatable {
        /// Root, the service's own user, or an operator: every method.
        case trusted
        /// Another of our processes: methods that name it.
        case process(Caller)
        case unknown
    }

    private let standing: @Sendable (PeerCredentials) -> Standing

    package init(_ standing: @escaping @Sendable (PeerCredentials) -> Standing) {
        self.standing = standing
    }

    /// Tells who a peer is, by what the kernel says of it.
    package func standing(of peer: PeerCredentials) -> Standing { standing(peer) }

    /// Whether a peer of that standing may call a method with these callers.
    package static func allows(_ standing: Standing, callers: Set<Caller>) -> Bool {
        switch standing {
        case .trusted: true
        case .process(let caller): callers.contains(caller)
        case .unknown: false
        }
    }
}
