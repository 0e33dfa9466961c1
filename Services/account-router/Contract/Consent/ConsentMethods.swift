package import RPCContract
package import Vocabulary

/// What a contact has agreed to.
package struct Consent: Described, Equatable {
    /// What the contact's last statement allows.
    package enum State: String, Codable, Sendable, CaseIterable {
        /// Agreed to marketing.
        case granted
        /// Said STOP: only answers within the 24-hour window, and codes that they ask for.
        case stopped
        /// No marketing until they say RESUME.
        case paused
        /// Stopped marketing in WhatsApp itself; everything else goes on.
        case marketingStopped = "marketing_stopped"
        /// Took a STOP or a pause back without ever having agreed to marketing.
        case resumed
    }

    /// One step in a contact's history; none is ever changed.
    package struct Step: Described, Equatable {
        package var state: State
        package var at: Timestamp
        package var source: String
        package var actor: String?
        package var proof: String?

        package static let fields: Fields = [
            "state": "What the contact said with this step.",
            "at": "When the contact said it.",
            "source": .text("How the statement was given: `keyword`, `meta`, or the word that the caller gave, such as `form`.", 1...64),
            "actor": .text("Who recorded the statement; absent if nobody is named, as for Meta's own events.", 0...1024),
            "proof": .text("What shows it, such as a message's id, a form's address or a file.", 0...65_536),
        ]

        package init(state: State, at: Timestamp, source: String, actor: String?, proof: String?) {
            self.state = state
            self.at = at
            self.source = source
            self.actor = actor
            self.proof = proof
        }
    }

    package var contact: ContactID
    package var names: [ContactID]
    package var state: State?
    package var steps: [Step]

    package static let fields: Fields = [
        "contact": "The person who agreed or stopped: their phone number, or their BSUID while no number is known.",
        "names": .list("Other names of the same person: BSUIDs, and numbers that they have left; the latest hundred.", 0...100),
        "state": "What holds now, under all names; absent if nothing is known.",
        "steps": .list("Every statement that was recorded, oldest first.", 0...100_000),
    ]

    package init(contact: ContactID, names: [ContactID] = [], state: State?, steps: [Step]) {
        self.contact = contact
        self.names = names
        self.state = state
        self.steps = steps
    }

    package static let example = Consent(
        contact: "919876543210",
        names: ["IN.13491208655302741918"],
        state: .granted,
        steps: [
            Step(
                state: .granted, at: Timestamp(milliseconds: 1_790_000_000_000), source: "form", actor: "cli:asha",
                proof: "https://example.org/signup/4711")
        ]
    )
}

package enum RecordConsent: RPCMethod {
    package static let name = "consent.record"
    package static let summary = "Records what contacts have agreed to, with its proof; an older statement does not replace a newer one."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/consents", .admin)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Described {
        package var contact: String
        package var state: Consent.State
        package var at: Timestamp?
        package var source: String
        package var proof: String?

        package static let fields: Fields = [
            "contact": .text(
                "The person who agreed or stopped: a phone number with country code, or a BSUID. Any other text is reported as the item's problem.",
                0...256),
            "state": "What the person said.",
            "at":
                "When the person said it; now if absent. Without it the same statement changes nothing, and nothing is granted again that was stopped or paused. A time in the future is reported as a problem.",
            "source": .text("How the statement was given, such as `form` or `import`.", 1...64, of: .line),
            "proof": .text("What shows it, such as a form's address.", 0...1024),
        ]

        package init(contact: String, state: Consent.State, at: Timestamp? = nil, source: String, proof: String? = nil) {
            self.contact = contact
            self.state = state
            self.at = at
            self.source = source
            self.proof = proof
        }
    }

    package struct Params: Described {
        package var items: [Item]

        package static let fields: Fields = [
            "items": .list("The statements to record.", 1...10_000)
        ]

        package init(items: [Item]) { self.items = items }
    }

    package struct Problem: Described {
        package var index: Int
        package var problem: String

        package static let fields: Fields = [
            "index": .whole("Place of the item in the request, counted from 0.", 0...9_999),
            "problem": .text("What is wrong with the item, in plain words.", 1...256),
        ]

        package init(index: Int, problem: String) {
            self.index = index
            self.problem = problem
        }
    }

    package struct Reply: Described {
        package var changed: Int
        package var unchanged: Int
        package var problems: [Problem]

        package static let fields: Fields = [
            "changed": .count("Statements that changed a contact's state."),
            "unchanged": .count("Statements that left a contact's state as it was."),
            "problems": .list("Items that were not recorded, with the reason.", 0...10_000),
        ]

        package init(changed: Int, unchanged: Int, problems: [Problem]) {
            self.changed = changed
            self.unchanged = unchanged
            self.problems = problems
        }
    }

    package static let example = RPCExample(
        Params(items: [
            Item(
                contact: "+91 98765 43210", state: .granted, at: Timestamp(milliseconds: 1_790_000_000_000), source: "form",
                proof: "https://example.org/signup/4711"
            )
        ]),
        Reply(changed: 1, unchanged: 0, problems: [Problem(index: 3, problem: "contact is not a phone number with country code")])
    )

}

package enum GetConsent: RPCMethod {
    package static let name = "consent.get"
    package static let summary = "Gives what a contact has agreed to, with its whole history."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/consents/{contact}", .viewer)
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]
    package typealias Reply = Consent

    package struct Params: Described {
        package var contact: String

        package static let fields: Fields = [
            "contact": .phone("The person to look up: a phone number with country code, or a BSUID.")
        ]

        package init(contact: String) { self.contact = contact }
    }

    package static func validate(_ params: Params) throws(Fault) { try ContactID.check(params.contact, path: "contact") }

    package static let example = RPCExample(Params(contact: "919876543210"), Consent.example)
}

package enum ListConsents: RPCMethod {
    package static let name = "consent.list"
    package static let summary = "Lists contacts by what they have agreed to."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/consents", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var state: Consent.State?
        package var limit: Int?
        package var cursor: PageCursor<ListConsents>?

        package static let fields: Fields = [
            "state": "Only contacts in this state; all if absent.",
            "limit": .whole("How many contacts one page holds.", 1...1000, absent: 100),
            "cursor": .cursor("The `next` of the page before; the first page if absent."),
        ]

        package init(state: Consent.State? = nil, limit: Int? = nil, cursor: PageCursor<ListConsents>? = nil) {
            self.state = state
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Item: Described {
        package var contact: ContactID
        package var state: Consent.State
        package var at: Timestamp

        package static let fields: Fields = [
            "contact": "The person who agreed or stopped.",
            "state": "What holds now.",
            "at": "When the contact said it.",
        ]

        package init(contact: ContactID, state: Consent.State, at: Timestamp) {
            self.contact = contact
            self.state = state
            self.at = at
        }
    }

    package struct Reply: Described {
        package var items: [Item]
        package var counts: [String: Int]
        package var next: PageCursor<ListConsents>?

        package static let fields: Fields = [
            "items": .list("The contacts of this page, in the order of their identifiers.", 0...1000),
            "counts": .map("How many contacts of the workspace are in each state, whatever the page shows.", 0...5, of: .count),
            "next": .cursor("Give it as `cursor` to get the next page; absent on the last page."),
        ]

        package init(items: [Item], counts: [String: Int], next: PageCursor<ListConsents>? = nil) {
            self.items = items
            self.counts = counts
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(state: .stopped, limit: 100, cursor: "919876543210"),
        Reply(
            items: [Item(contact: "919876543210", state: .stopped, at: Timestamp(milliseconds: 1_790_000_000_000))], counts: ["stopped": 1],
            next: "919876543210")
    )
}
