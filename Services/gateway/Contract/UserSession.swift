package import RPCContract
package import Vocabulary

/// A user who has logged in somewhere; its token is told once and kept as a digest.
package struct UserSession: Described, Equatable {
    package var id: String
    package var user: String
    package var createdAt: Timestamp
    package var lastUsedAt: Timestamp
    package var endsAt: Timestamp
    package var address: String?

    package static let fields: Fields = [
        "id": .id("Our id of the session."),
        "user": .id("The user who logged in."),
        "createdAt": "When the user logged in.",
        "lastUsedAt": "When the session was last used, to the minute.",
        "endsAt": "When the session ends if it is not used until then.",
        "address": .text(
            "From which address the user logged in; of IPv6 the first 64 bits. It is absent for whoever did on the host.", 1...64),
    ]

    package init(id: String, user: String, createdAt: Timestamp, lastUsedAt: Timestamp, endsAt: Timestamp, address: String? = nil) {
        self.id = id
        self.user = user
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.endsAt = endsAt
        self.address = address
    }

    package static let example = UserSession(
        id: "01JD0000000000000000000002", user: User.example.id, createdAt: Timestamp(milliseconds: 1_790_000_000_000),
        lastUsedAt: Timestamp(milliseconds: 1_790_000_000_000), endsAt: Timestamp(milliseconds: 1_790_043_200_000), address: "203.0.113.7")
}

package enum CreateSession: RPCMethod {
    package static let name = "session.create"
    package static let summary = "Logs a user in: a password becomes a token, which counts where a key does."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .login("/v1/sessions")
    /// As long as a full line of passwords may take on a busy host.
    package static let deadline = Duration.seconds(30)
    package static let faults: [FaultCode] = [.loginWrong, .loginBusy]

    package struct Params: Described {
        package var email: String
        package var password: String
        package var asCookie: Bool?

        package static let fields: Fields = [
            "email": .email("The user's address; capitals do not matter."),
            "password": .text("The user's password.", 1...1024),
            "asCookie": Field(
                "Whether the token comes as a cookie that no script can read, and not in the answer: for browsers, over HTTP.",
                absent: false),
        ]

        package init(email: String, password: String, asCookie: Bool? = nil) {
            self.email = email
            self.password = password
            self.asCookie = asCookie
        }
    }

    package struct Reply: Described {
        package var session: UserSession
        package var user: User
        package var token: String?

        package static let fields: Fields = [
            "session": "The session.",
            "user": "The user who is logged in.",
            "token": .text(
                "What requests show: `Authorization: Bearer TOKEN`. It is told this once. It is absent where it came as a cookie.", 1...128),
        ]

        package init(session: UserSession, user: User, token: String?) {
            self.session = session
            self.user = user
            self.token = token
        }
    }

    package static let example = RPCExample(
        Params(email: "asha@example.com", password: "correct horse battery", asCookie: false),
        Reply(session: .example, user: .example, token: "linda_session_0000000000000000000000000000000000000000000"))
}

package enum ListSessions: RPCMethod {
    package static let name = "session.list"
    package static let summary = "Lists where a user is logged in, the latest login first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/users/{user}/sessions", .owner, ofSelf: true)
    package static let faults: [FaultCode] = [.userUnknown]

    package struct Params: Described {
        package var user: String
        package var ofHost: Bool?

        package static let fields: Fields = [
            "user": .id("The user. Over HTTP `me` is the user who asks."),
            "ofHost": Field("Whether it is a user of the whole host; whoever asks for themselves need not say so.", absent: false),
        ]

        package init(user: String, ofHost: Bool? = nil) {
            self.user = user
            self.ofHost = ofHost
        }
    }

    package struct Reply: Described {
        package var items: [UserSession]

        package static let fields: Fields = [
            "items": .list(
                "The sessions that are open; a user has 20 at most, and one more ends the one that was used longest ago.", 0...20)
        ]

        package init(items: [UserSession]) { self.items = items }
    }

    package static let example = RPCExample(Params(user: User.example.id, ofHost: false), Reply(items: [.example]))
}

package enum EndSession: RPCMethod {
    package static let name = "session.delete"
    package static let summary = "Logs a user out of one session: its token opens nothing from now on."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .delete("/v1/users/{user}/sessions/{id}", .owner, ofSelf: true)
    package static let faults: [FaultCode] = [.userUnknown, .sessionUnknown]
    package typealias Reply = UserSession

    package struct Params: Described {
        package var user: String
        package var id: String
        package var ofHost: Bool?

        package static let fields: Fields = [
            "user": .id("The user. Over HTTP `me` is the user who asks."),
            "id": .id("The session. Over HTTP `current` is the one that asks."),
            "ofHost": Field("Whether it is a user of the whole host; whoever asks for themselves need not say so.", absent: false),
        ]

        package init(user: String, id: String, ofHost: Bool? = nil) {
            self.user = user
            self.id = id
            self.ofHost = ofHost
        }
    }

    package static let example = RPCExample(
        Params(user: User.example.id, id: UserSession.example.id, ofHost: false), UserSession.example)
}
