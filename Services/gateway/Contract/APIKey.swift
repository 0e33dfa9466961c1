package import RPCContract
package import Vocabulary

/// What a program shows to call the HTTP API; its secret is told once and kept as a digest.
package struct APIKey: Described, Equatable {
    package var id: String
    package var name: String
    package var role: Role
    package var workspace: String?
    package var numbers: [PhoneNumberID]?
    package var createdAt: Timestamp
    package var expiresAt: Timestamp?
    package var rotatedAt: Timestamp?
    package var formerUntil: Timestamp?
    package var lastUsedAt: Timestamp?
    package var revokedAt: Timestamp?

    package static let fields: Fields = [
        "id": .id("Our id of the key."),
        "name": .text("What the key is called; no two keys of a workspace that are in force share a name.", 1...64),
        "role": "What the key may do.",
        "workspace": .workspace("The workspace whose rows the key sees. It is absent for a key of the whole host."),
        "numbers": .list("The only numbers that the key may send from and ask for. It is absent for all.", 1...100),
        "createdAt": "When the key was made.",
        "expiresAt": "When the key ends by itself. It is absent if it does not.",
        "rotatedAt": "When the key got its present secret, if it has had another.",
        "formerUntil": "Until when the secret that it had before counts, too. It is absent if none does.",
        "lastUsedAt": "When the key was last used, to the minute. It is absent if it never was.",
        "revokedAt": "When the key was taken back. It is absent if it was not.",
    ]

    package init(
        id: String, name: String, role: Role, workspace: String?, numbers: [PhoneNumberID]? = nil, createdAt: Timestamp,
        expiresAt: Timestamp? = nil, rotatedAt: Timestamp? = nil, formerUntil: Timestamp? = nil, lastUsedAt: Timestamp? = nil,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.workspace = workspace
        self.numbers = numbers
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.rotatedAt = rotatedAt
        self.formerUntil = formerUntil
        self.lastUsedAt = lastUsedAt
        self.revokedAt = revokedAt
    }

    package static let example = APIKey(
        id: "01JD0000000000000000000000", name: "shop", role: .ingest, workspace: "default", numbers: ["106540352242922"],
        createdAt: Timestamp(milliseconds: 1_790_000_000_000), expiresAt: Timestamp(milliseconds: 1_800_000_000_000),
        rotatedAt: Timestamp(milliseconds: 1_790_000_000_000), formerUntil: Timestamp(milliseconds: 1_790_086_400_000),
        lastUsedAt: Timestamp(milliseconds: 1_790_000_000_000), revokedAt: Timestamp(milliseconds: 1_790_000_000_000))
}

extension FaultCode {
    package static let keyUnknown = FaultCode(number: 1110, reason: "key_unknown", http: 404, meaning: "No such key in this workspace.")
    package static let keyTaken = FaultCode(
        number: 1111, reason: "key_taken", http: 409, meaning: "A key in force has this name; key.rotate gives it a new secret.")
    package static let keyRevoked = FaultCode(
        number: 1112, reason: "key_revoked", http: 409, meaning: "The key was taken back or has expired.")
    package static let keyMissing = FaultCode(
        number: 1113, reason: "key_missing", http: 401, meaning: "The request shows no key and no session, or one that is not in force.")
    package static let roleTooLow = FaultCode(
        number: 1114, reason: "role_too_low", http: 403, meaning: "The role of the key or the user does not allow this.")
    package static let workspaceForeign = FaultCode(
        number: 1115, reason: "workspace_foreign", http: 403,
        meaning: "The key or the user belongs to another workspace, or the call to the whole host.")
    package static let routeUnknown = FaultCode(
        number: 1117, reason: "route_unknown", http: 404, meaning: "Nothing is found under this path; /openapi.json lists what is.")
    package static let verbNotAllowed = FaultCode(
        number: 1118, reason: "verb_not_allowed", http: 405, meaning: "The path is there, and not with this verb.")
    package static let numberForeign = FaultCode(
        number: 1116, reason: "number_foreign", http: 403, meaning: "The key is for other numbers.")

    /// What the HTTP API answers under every path, whatever the method behind it raises.
    package static let ofKeys: [FaultCode] = [.keyMissing, .roleTooLow, .workspaceForeign, .numberForeign, .requestForeign]
    /// What the HTTP API raises by itself: no method names it.
    package static let ofHTTPAPI: [FaultCode] = ofKeys + [.routeUnknown, .verbNotAllowed]
}

/// A key with its secret, which is told this once.
package struct NewAPIKey: Described {
    package var key: APIKey
    package var secret: String

    package static let fields: Fields = [
        "key": "The key.",
        "secret": .text("What requests show: `Authorization: Bearer SECRET`. It is kept nowhere and told this once.", 1...128),
    ]

    package init(key: APIKey, secret: String) {
        self.key = key
        self.secret = secret
    }

    package static let example = NewAPIKey(key: .example, secret: "linda_0000000000000000000000000000000000000000000")
}

package enum CreateAPIKey: RPCMethod {
    package static let name = "key.create"
    package static let summary = "Makes a key for the HTTP API; its secret is told once."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/keys", .owner)
    package static let faults: [FaultCode] = [.keyTaken]
    package typealias Reply = NewAPIKey

    package struct Params: Described {
        package var name: String
        package var role: Role
        package var ofHost: Bool?
        package var numbers: [PhoneNumberID]?
        package var expiresAt: Timestamp?

        package static let fields: Fields = [
            "name": .text(
                "What the key is called. A name that is taken is refused, so that a repeated call makes no second key.", 1...64, of: .line),
            "role": "What the key may do: only send, see, work with customers, run campaigns and numbers, or all.",
            "ofHost": Field(
                "Whether the key sees every workspace, and what belongs to none. Only whoever is on the host, or has such a key, makes one.",
                absent: false),
            "numbers": .list("The only numbers that the key may send from and ask for. All if absent.", 1...100),
            "expiresAt": "When the key ends by itself. It does not if absent.",
        ]

        package init(
            name: String, role: Role, ofHost: Bool? = nil, numbers: [PhoneNumberID]? = nil, expiresAt: Timestamp? = nil
        ) {
            self.name = name
            self.role = role
            self.ofHost = ofHost
            self.numbers = numbers
            self.expiresAt = expiresAt
        }
    }

    package static let example = RPCExample(
        Params(
            name: "shop", role: .ingest, ofHost: false, numbers: ["106540352242922"],
            expiresAt: Timestamp(milliseconds: 1_800_000_000_000)),
        NewAPIKey.example)
}

package enum ListAPIKeys: RPCMethod {
    package static let name = "key.list"
    package static let summary =
        "Lists the keys of the workspace, and those of the whole host where whoever asks may see them; never a secret."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/keys", .owner)

    package struct Params: Described {
        package var ofHost: Bool?
        package var limit: Int?
        package var cursor: PageCursor<ListAPIKeys>?

        package static let fields: Fields = [
            "ofHost": Field("Lists the keys of the whole host instead of the workspace's.", absent: false),
            "limit": .whole("How many keys one page holds at most.", 1...1000, absent: 1000),
            "cursor": .cursor("The `next` of the page before; the first page if absent."),
        ]

        package init(ofHost: Bool? = nil, limit: Int? = nil, cursor: PageCursor<ListAPIKeys>? = nil) {
            self.ofHost = ofHost
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Described {
        package var items: [APIKey]
        package var next: PageCursor<ListAPIKeys>?

        package static let fields: Fields = [
            "items": .list("The keys of this page: those that were not taken back first, and of each kind the newest first.", 0...1000),
            "next": .cursor("Give it as `cursor` to get the next page; absent on the last page."),
        ]

        package init(items: [APIKey], next: PageCursor<ListAPIKeys>? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(ofHost: false, limit: 100, cursor: PageCursor("0\(APIKey.example.id)")),
        Reply(items: [.example], next: PageCursor("1\(APIKey.example.id)")))
}

package enum RotateAPIKey: RPCMethod {
    package static let name = "key.rotate"
    package static let summary = "Gives a key a new secret; the one it had counts on for a while."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/keys/{id}/rotate", .owner, withoutEnd: true)
    package static let faults: [FaultCode] = [.keyUnknown, .keyRevoked]
    package typealias Reply = NewAPIKey

    package struct Params: Described {
        package var id: String
        package var ofHost: Bool?
        package var overlap: Milliseconds?

        package static let fields: Fields = [
            "id": .id("The key."),
            "ofHost": Field("Whether it is a key of the whole host.", absent: false),
            "overlap": Field(
                "How long the former secret counts beside the new one.", .whole(0...2_592_000_000, unit: "ms"), absent: 86_400_000),
        ]

        package init(id: String, ofHost: Bool? = nil, overlap: Milliseconds? = nil) {
            self.id = id
            self.ofHost = ofHost
            self.overlap = overlap
        }
    }

    package static let example = RPCExample(Params(id: APIKey.example.id, ofHost: false, overlap: .days(1)), NewAPIKey.example)
}

package enum RevokeAPIKey: RPCMethod {
    package static let name = "key.revoke"
    package static let summary = "Takes a key back: from now on it opens nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .delete("/v1/keys/{id}", .owner)
    package static let faults: [FaultCode] = [.keyUnknown]
    package typealias Reply = APIKey

    package struct Params: Described {
        package var id: String
        package var ofHost: Bool?

        package static let fields: Fields = [
            "id": .id("The key."), "ofHost": Field("Whether it is a key of the whole host.", absent: false),
        ]

        package init(id: String, ofHost: Bool? = nil) {
            self.id = id
            self.ofHost = ofHost
        }
    }

    package static let example = RPCExample(Params(id: APIKey.example.id, ofHost: false), APIKey.example)
}
