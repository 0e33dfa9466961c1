package import RPCContract
package import Vocabulary

/// Somebody who logs in with an e-mail address and a password; the password is kept as a hash alone.
package struct User: Described, Equatable {
    package var id: String
    package var email: String
    package var name: String
    package var role: Role
    package var workspace: String?
    package var state: State
    package var createdAt: Timestamp
    package var lastLoginAt: Timestamp?

    /// Whether somebody may log in.
    package enum State: String, Codable, Sendable, CaseIterable {
        case active
        /// Kept, and logs in no more.
        case disabled
    }

    package static let fields: Fields = [
        "id": .id("Our id of the user."),
        "email": .email("The address that the user logs in with, in small letters; no two users of the host share one."),
        "name": .text("What the user is called.", 1...128, of: .line),
        "role": "What the user may do: see, work with customers, run campaigns and numbers, or all. No user has the role ingest.",
        "workspace": .workspace("The workspace whose rows the user sees. It is absent for a user of the whole host."),
        "state": "Whether the user may log in.",
        "createdAt": "When the user was made.",
        "lastLoginAt": "When the user last logged in. It is absent if they never did.",
    ]

    package init(
        id: String, email: String, name: String, role: Role, workspace: String?, state: State = .active, createdAt: Timestamp,
        lastLoginAt: Timestamp? = nil
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.workspace = workspace
        self.state = state
        self.createdAt = createdAt
        self.lastLoginAt = lastLoginAt
    }

    package static let example = User(
        id: "01JD0000000000000000000001", email: "asha@example.com", name: "Asha Rao", role: .admin, workspace: "default",
        createdAt: Timestamp(milliseconds: 1_790_000_000_000), lastLoginAt: Timestamp(milliseconds: 1_790_000_000_000))

    /// Whether it is a role that people have: `ingest` is for programs.
    static func checkRole(_ role: Role?) throws(Fault) {
        guard role == .ingest else { return }
        throw Fault(.params, "role is ingest, which is for keys of programs; a user is viewer, agent, admin or owner.", path: "role")
    }
}

extension Field {
    /// Source: NIST SP 800-63B §5.1.1 asks for 64 characters at least that may be taken, and for no rule of what they are.
    static func newPassword(_ meaning: String) -> Field { .text(meaning, 12...1024) }
}

extension FaultCode {
    package static let userUnknown = FaultCode(number: 1119, reason: "user_unknown", http: 404, meaning: "No such user in this workspace.")
    package static let userTaken = FaultCode(
        number: 1120, reason: "user_taken", http: 409, meaning: "A user of this host has the e-mail address.")
    package static let userLast = FaultCode(
        number: 1121, reason: "user_last", http: 409, meaning: "It is the last owner: nobody could make another.")
    package static let usersFull = FaultCode(
        number: 1122, reason: "users_full", http: 409, meaning: "The host, or the workspace, has as many users as it may.")
    package static let loginWrong = FaultCode(
        number: 1123, reason: "login_wrong", http: 401, meaning: "E-mail address or password is wrong, or the user is disabled.")
    package static let loginBusy = FaultCode(
        number: 1124, reason: "login_busy", http: 503, meaning: "Too many passwords wait to be checked; try again soon.")
    package static let sessionUnknown = FaultCode(
        number: 1125, reason: "session_unknown", http: 404, meaning: "The user has no such session.")
    package static let requestForeign = FaultCode(
        number: 1126, reason: "request_foreign", http: 403,
        meaning: "A browser shows a session's cookie for a request that another site may have made.")
}

package enum CreateUser: RPCMethod {
    package static let name = "user.create"
    package static let summary = "Makes a user, who logs in with an e-mail address and a password."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/users", .owner, withoutEnd: true)
    /// As long as a full line of passwords may take on a busy host.
    package static let deadline = Duration.seconds(30)
    package static let faults: [FaultCode] = [.userTaken, .usersFull, .loginBusy]
    package typealias Reply = User

    package struct Params: Described {
        package var email: String
        package var name: String
        package var role: Role
        package var password: String
        package var ofHost: Bool?

        package static let fields: Fields = [
            "email": .email("The address to log in with. One that is taken is refused, so that a repeated call makes no second user."),
            "name": .text("What the user is called.", 1...128, of: .line),
            "role": "What the user may do: viewer, agent, admin or owner.",
            "password": .newPassword("The password. Whoever gets it can change it."),
            "ofHost": Field(
                "Whether the user sees every workspace, and what belongs to none. Only whoever is on the host, or of it, makes one.",
                absent: false),
        ]

        package init(email: String, name: String, role: Role, password: String, ofHost: Bool? = nil) {
            self.email = email
            self.name = name
            self.role = role
            self.password = password
            self.ofHost = ofHost
        }
    }

    package static let example = RPCExample(
        Params(email: "asha@example.com", name: "Asha Rao", role: .admin, password: "correct horse battery", ofHost: false), User.example)

    package static func validate(_ params: Params) throws(Fault) { try User.checkRole(params.role) }
}

package enum ListUsers: RPCMethod {
    package static let name = "user.list"
    package static let summary = "Lists the users of the workspace, or those of the whole host; never a password."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/users", .owner)

    package struct Params: Described {
        package var ofHost: Bool?
        package var limit: Int?
        package var cursor: PageCursor<ListUsers>?

        package static let fields: Fields = [
            "ofHost": Field("Lists the users of the whole host instead of the workspace's.", absent: false),
            "limit": .whole("How many users one page holds at most.", 1...1000, absent: 100),
            "cursor": .cursor("The `next` of the page before; the first page if absent."),
        ]

        package init(ofHost: Bool? = nil, limit: Int? = nil, cursor: PageCursor<ListUsers>? = nil) {
            self.ofHost = ofHost
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Described {
        package var items: [User]
        package var next: PageCursor<ListUsers>?

        package static let fields: Fields = [
            "items": .list("The users of this page, in the order in which they were made.", 0...1000),
            "next": .cursor("Give it as `cursor` to get the next page; absent on the last page."),
        ]

        package init(items: [User], next: PageCursor<ListUsers>? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(ofHost: false, limit: 100, cursor: PageCursor(User.example.id)),
        Reply(items: [.example], next: PageCursor(User.example.id)))
}

/// Which user is meant.
package struct UserReference: Described {
    package var id: String
    package var ofHost: Bool?

    package static let fields: Fields = [
        "id": .id("The user. Over HTTP `me` is the user who asks."),
        "ofHost": Field("Whether it is a user of the whole host; whoever asks for themselves need not say so.", absent: false),
    ]

    package init(_ id: String, ofHost: Bool? = nil) {
        self.id = id
        self.ofHost = ofHost
    }

    static let example = UserReference(User.example.id, ofHost: false)
}

package enum GetUser: RPCMethod {
    package static let name = "user.get"
    package static let summary = "Gives one user."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/users/{id}", .owner, ofSelf: true)
    package static let faults: [FaultCode] = [.userUnknown]
    package typealias Params = UserReference
    package typealias Reply = User

    package static let example = RPCExample(UserReference.example, User.example)
}

package enum UpdateUser: RPCMethod {
    package static let name = "user.update"
    package static let summary = "Changes a user's name, role or state; a user who is disabled is logged out at once."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .patch("/v1/users/{id}", .owner, withoutEnd: true)
    package static let faults: [FaultCode] = [.userUnknown, .userLast]
    package typealias Reply = User

    package struct Params: Described {
        package var id: String
        package var name: String?
        package var role: Role?
        package var state: User.State?
        package var ofHost: Bool?

        package static let fields: Fields = [
            "id": .id("The user."),
            "name": .text("What the user is called from now on. The name stays if absent.", 1...128, of: .line),
            "role": "What the user may do from now on, in open sessions too: viewer, agent, admin or owner. It stays if absent.",
            "state": "Whether the user may log in from now on. It stays if absent.",
            "ofHost": Field("Whether it is a user of the whole host.", absent: false),
        ]

        package init(id: String, name: String? = nil, role: Role? = nil, state: User.State? = nil, ofHost: Bool? = nil) {
            self.id = id
            self.name = name
            self.role = role
            self.state = state
            self.ofHost = ofHost
        }
    }

    package static let example = RPCExample(
        Params(id: User.example.id, name: "Asha Rao", role: .admin, state: .active, ofHost: false), User.example)

    package static func validate(_ params: Params) throws(Fault) { try User.checkRole(params.role) }
}

package enum SetPassword: RPCMethod {
    package static let name = "user.setPassword"
    package static let summary = "Gives a user a new password and ends all sessions of theirs; for the own one the old one is shown."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .put("/v1/users/{id}/password", .owner, ofSelf: true, withoutEnd: true)
    /// As long as a full line of passwords may take on a busy host.
    package static let deadline = Duration.seconds(30)
    package static let faults: [FaultCode] = [.userUnknown, .loginBusy]
    package typealias Reply = User

    package struct Params: Described {
        package var id: String
        package var password: String
        package var old: String?
        package var ofHost: Bool?

        package static let fields: Fields = [
            "id": .id("The user. Over HTTP `me` is the user who asks."),
            "password": .newPassword("The password from now on."),
            "old": .text("The password so far. Users who change their own show it; nobody else does.", 1...1024),
            "ofHost": Field("Whether it is a user of the whole host; whoever asks for themselves need not say so.", absent: false),
        ]

        package init(id: String, password: String, old: String? = nil, ofHost: Bool? = nil) {
            self.id = id
            self.password = password
            self.old = old
            self.ofHost = ofHost
        }
    }

    package static let example = RPCExample(
        Params(id: User.example.id, password: "correct horse battery", old: "battery horse correct", ofHost: false), User.example)
}

package enum DeleteUser: RPCMethod {
    package static let name = "user.delete"
    package static let summary = "Removes a user and ends all sessions of theirs."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .delete("/v1/users/{id}", .owner)
    package static let faults: [FaultCode] = [.userUnknown, .userLast]
    package typealias Params = UserReference
    package typealias Reply = User

    package static let example = RPCExample(UserReference.example, User.example)
}
