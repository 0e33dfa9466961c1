import GatewayContract
import RPCContract
import Vocabulary

/// Who asks over HTTP: a program with a key, a user with a session, or anybody.
struct Asker: Sendable {
    private enum Kind: Sendable {
        case key(APIKey)
        case user(User, UserSession, isBrowser: Bool)
        case anybody(address: String)
    }

    private let kind: Kind

    init(_ key: APIKey) { kind = .key(key) }

    /// - Parameter isBrowser: whether a cookie showed the session, which a browser sends by itself.
    init(_ user: User, by session: UserSession, isBrowser: Bool) { kind = .user(user, session, isBrowser: isBrowser) }

    /// Whoever shows nothing.
    static func anybody(from address: String) -> Asker { Asker(kind: .anybody(address: address)) }

    private init(kind: Kind) { self.kind = kind }

    /// Whether they may call what is found there: the one place that says so, and what it does not allow is refused.
    ///
    /// - Parameter captures: what the path names.
    func may(_ route: HTTPRoute, _ captures: [String: String]) -> Bool {
        switch kind {
        case .key(let key): key.role.may(route)
        case .user(let user, _, _):
            user.role.may(route) || route.isOfSelf && route.captures.first.map { captures[$0] == user.id } == true
        case .anybody: route.opensSession
        }
    }

    /// What the path names, where it says `me` or `current` by its id.
    func named(_ captures: [String: String], in route: HTTPRoute) -> [String: String] {
        guard route.isOfSelf, case .user(let user, let session, _) = kind, let first = route.captures.first else { return captures }
        var captures = captures
        if captures[first] == "me" { captures[first] = user.id }
        for name in route.captures.dropFirst() where captures[name] == "current" { captures[name] = session.id }
        return captures
    }

    /// By which their pace is kept, and that they still count is looked up; nil for anybody.
    var id: String? {
        switch kind {
        case .key(let key): key.id
        case .user(_, let session, _): session.id
        case .anybody: nil
        }
    }

    /// Whether it is a session that a browser shows by itself.
    var isBrowser: Bool { if case .user(_, _, true) = kind { true } else { false } }

    var isKey: Bool { if case .key = kind { true } else { false } }

    /// Their own workspace; nil where they have the choice, or none.
    var workspace: String? {
        switch kind {
        case .key(let key): key.workspace
        case .user(let user, _, _): user.workspace
        case .anybody: nil
        }
    }

    /// Whether they see every workspace, and what belongs to none.
    var isOfHost: Bool { if case .anybody = kind { false } else { workspace == nil } }

    var numbers: [PhoneNumberID]? { if case .key(let key) = kind { key.numbers } else { nil } }

    /// When a key ends by itself, which no key that it gives may outlast.
    var end: Timestamp? { if case .key(let key) = kind { key.expiresAt } else { nil } }

    /// The asker's name as processes are told it, in one line: a key may have been named before names were checked.
    var actor: String {
        switch kind {
        case .key(let key): "key:\(key.name.plain)"
        case .user(let user, _, _): UserPlace.actor(user.id)
        case .anybody(let address): AnybodysAddress.actor(address)
        }
    }

    /// That their role is too low, and what to do.
    func tooLow(_ entry: RouteTable.Entry) -> Fault {
        let rank = entry.route.least.rawValue + (entry.route.least == .owner ? "" : " or a higher one")
        let (least, roles) = entry.route.isForIngest ? (Role.ingest.rawValue, "ingest, \(rank)") : (entry.route.least.rawValue, rank)
        let wanted = "\(entry.method.name) needs"
        switch kind {
        case .key(let key):
            return Fault(
                .roleTooLow,
                "\(wanted) a key of the role \(roles); the key \(key.name) has the role \(key.role.rawValue). `linda keys create NAME --role \(least)` makes one that may, as does an owner's POST /v1/keys."
            )
        case .user(let user, _, _):
            return Fault(
                .roleTooLow,
                "\(wanted) a user of the role \(rank); \(user.name) has the role \(user.role.rawValue). An owner gives another one: `linda users update`, or PATCH /v1/users/\(user.id)."
            )
        case .anybody: return Fault(.keyMissing, "\(wanted) a key or a session.")
        }
    }
}
