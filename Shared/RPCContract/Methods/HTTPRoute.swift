/// Where a method is found over HTTP, and whose key may call it there.
///
/// The gateway serves every method that has one: it takes members of the params from the path, the query and the body, and forwards the call to
/// the process that owns the method. What has none is between processes, or for whoever is on the host.
package struct HTTPRoute: Sendable, Equatable {
    /// Source: RFC 9110 §9.3 and RFC 5789.
    package enum Verb: String, Sendable, CaseIterable { case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

    package let verb: Verb
    /// Such as `/v1/messages/{id}`: a name in braces is a member of the params.
    package let path: String
    /// Who may call it, and everybody above.
    package let least: Role
    /// Also for keys that only send.
    package let isForIngest: Bool
    /// It changes something of the one number that its params name: a key for some numbers may.
    package let isOfNumber: Bool
    /// It shows what belongs to all workspaces: only a key of the whole host may call it.
    package let isOfHost: Bool

    /// Also for the user whom the first name in its path names, whatever their role.
    package let isOfSelf: Bool
    /// Anybody may call it, without a key: it is how a user comes by a session.
    package let opensSession: Bool
    /// What it gives counts without an end: no key may call it that ends by itself.
    package let givesWithoutEnd: Bool

    /// Whoever accepts `text/event-stream` is told what comes, as it comes.
    package let streams: Bool

    private init(
        _ verb: Verb, _ path: String, _ least: Role, ingest: Bool = false, ofHost: Bool = false, ofNumber: Bool = false,
        ofSelf: Bool = false, opensSession: Bool = false, withoutEnd: Bool = false, streams: Bool = false
    ) {
        self.verb = verb
        self.path = path
        self.least = least
        isForIngest = ingest
        isOfHost = ofHost
        isOfSelf = ofSelf
        self.opensSession = opensSession
        givesWithoutEnd = withoutEnd
        isOfNumber = ofNumber
        self.streams = streams
    }

    /// Its params stand in the path and in the query.
    package static func get(
        _ path: String, _ least: Role, ingest: Bool = false, ofHost: Bool = false, ofSelf: Bool = false, streams: Bool = false
    ) -> Self {
        Self(.get, path, least, ingest: ingest, ofHost: ofHost, ofSelf: ofSelf, streams: streams)
    }

    /// Its params stand in the path and in the body.
    package static func post(
        _ path: String, _ least: Role, ingest: Bool = false, ofHost: Bool = false, ofNumber: Bool = false, withoutEnd: Bool = false
    ) -> Self {
        Self(.post, path, least, ingest: ingest, ofHost: ofHost, ofNumber: ofNumber, withoutEnd: withoutEnd)
    }

    /// Replaces what the path names, and asks for at least that role.
    package static func put(_ path: String, _ least: Role, ofSelf: Bool = false, withoutEnd: Bool = false) -> Self {
        Self(.put, path, least, ofSelf: ofSelf, withoutEnd: withoutEnd)
    }
    /// Changes parts of what the path names.
    package static func patch(_ path: String, _ least: Role, withoutEnd: Bool = false) -> Self {
        Self(.patch, path, least, withoutEnd: withoutEnd)
    }
    /// Removes what the path names.
    package static func delete(_ path: String, _ least: Role, ofSelf: Bool = false) -> Self { Self(.delete, path, least, ofSelf: ofSelf) }
    /// Opens a session for whoever has a password; no other route is for anybody.
    package static func login(_ path: String) -> Self { Self(.post, path, .viewer, opensSession: true) }

    /// The members of the params that stand in the path, in order.
    package var captures: [String] {
        path.split(separator: "/").compactMap { $0.hasPrefix("{") && $0.hasSuffix("}") ? String($0.dropFirst().dropLast()) : nil }
    }
}

/// What whoever calls over HTTP may do.
package enum Role: String, Codable, Sendable, CaseIterable {
    /// Sends, and asks what became of it.
    case ingest
    /// Sees everything of its workspace and changes nothing.
    case viewer
    /// Writes to customers and takes care of conversations and contacts.
    case agent
    /// Runs campaigns, templates, lists and numbers.
    case admin
    /// Also adds and removes numbers, and gives keys.
    case owner

    /// Whether a key of this role may call what is found there.
    package func may(_ route: HTTPRoute) -> Bool {
        guard !route.opensSession else { return true }
        guard self != .ingest else { return route.isForIngest }
        return rank >= route.least.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
