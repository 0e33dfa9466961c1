package import RPCContract
package import Vocabulary

/// What a contact has agreed to.
package struct Consent: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable, CaseIterable {
        /// Agreed to marketing.
        case granted
        /// Said STOP: only answers within the 24-hour window, and codes that they ask for.
        case stopped
        /// No marketing until they say RESUME.
        case paused
    }

    /// One step in a contact's history; none is ever changed.
    package struct Step: Codable, Sendable, Equatable {
        package var state: State
        /// Unix milliseconds.
        package var at: Int64
        /// How: `keyword`, `import`, `form`, `meta`, `operator` or the caller's own word.
        package var source: String
        /// Who recorded it.
        package var actor: String?
        /// What shows it: a message's id, a form's address, a file.
        package var proof: String?

        package init(state: State, at: Int64, source: String, actor: String?, proof: String?) {
            self.state = state
            self.at = at
            self.source = source
            self.actor = actor
            self.proof = proof
        }
    }

    package var contact: ContactID
    /// Absent where nothing is known.
    package var state: State?
    /// Oldest first.
    package var steps: [Step]

    package init(contact: ContactID, state: State?, steps: [Step]) {
        self.contact = contact
        self.state = state
        self.steps = steps
    }

    package static let example = Consent(
        contact: "919876543210",
        state: .granted,
        steps: [
            Step(state: .granted, at: 1_790_000_000_000, source: "form", actor: "cli:asha", proof: "https://example.org/signup/4711")
        ]
    )
}

package enum RecordConsent: RPCMethod {
    package static let name = "consent.record"
    package static let summary = "Records what contacts have agreed to, with its proof; an older statement does not replace a newer one."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Codable, Sendable {
        /// A phone number with country code, or a BSUID.
        package var contact: String
        package var state: Consent.State
        /// Unix milliseconds at which it was given; now where absent.
        package var at: Int64?
        /// How it was given.
        package var source: String
        /// What shows it.
        package var proof: String?

        package init(contact: String, state: Consent.State, at: Int64? = nil, source: String, proof: String? = nil) {
            self.contact = contact
            self.state = state
            self.at = at
            self.source = source
            self.proof = proof
        }
    }

    package struct Params: Codable, Sendable {
        /// 1 to 10,000.
        package var items: [Item]

        package init(items: [Item]) { self.items = items }
    }

    package struct Problem: Codable, Sendable {
        /// Counted from 0.
        package var index: Int
        package var problem: String

        package init(index: Int, problem: String) {
            self.index = index
            self.problem = problem
        }
    }

    package struct Reply: Codable, Sendable {
        /// Contacts whose state is now another.
        package var changed: Int
        package var unchanged: Int
        package var problems: [Problem]

        package init(changed: Int, unchanged: Int, problems: [Problem]) {
            self.changed = changed
            self.unchanged = unchanged
            self.problems = problems
        }
    }

    package static let example = RPCExample(
        Params(items: [
            Item(
                contact: "+91 98765 43210", state: .granted, at: 1_790_000_000_000, source: "form", proof: "https://example.org/signup/4711"
            )
        ]),
        Reply(changed: 1, unchanged: 0, problems: [Problem(index: 3, problem: "contact is not a phone number with country code")])
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...10_000).contains(params.items.count) else { throw Fault(.params, "items holds 1 to 10,000.", path: "items") }
        for (index, item) in params.items.enumerated() {
            guard (1...64).contains(item.source.utf8.count) else {
                throw Fault(.params, "source says in 1 to 64 bytes how the consent was given.", path: "items[\(index)].source")
            }
            guard (item.proof?.utf8.count ?? 0) <= 1024 else {
                throw Fault(.params, "proof has at most 1,024 bytes.", path: "items[\(index)].proof")
            }
        }
    }
}

package enum GetConsent: RPCMethod {
    package static let name = "consent.get"
    package static let summary = "Gives what a contact has agreed to, with its whole history."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]
    package typealias Reply = Consent

    package struct Params: Codable, Sendable {
        package var contact: String

        package init(contact: String) { self.contact = contact }
    }

    package static let example = RPCExample(Params(contact: "919876543210"), Consent.example)
}

package enum ListConsents: RPCMethod {
    package static let name = "consent.list"
    package static let summary = "Lists contacts by what they have agreed to."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var state: Consent.State?
        /// 1 to 1,000; 100 where absent.
        package var limit: Int?
        /// From `next` of the page before.
        package var cursor: String?

        package init(state: Consent.State? = nil, limit: Int? = nil, cursor: String? = nil) {
            self.state = state
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Item: Codable, Sendable {
        package var contact: ContactID
        package var state: Consent.State
        package var at: Int64

        package init(contact: ContactID, state: Consent.State, at: Int64) {
            self.contact = contact
            self.state = state
            self.at = at
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]
        package var counts: [String: Int]
        package var next: String?

        package init(items: [Item], counts: [String: Int], next: String? = nil) {
            self.items = items
            self.counts = counts
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(state: .stopped, limit: 100, cursor: "919876543210"),
        Reply(
            items: [Item(contact: "919876543210", state: .stopped, at: 1_790_000_000_000)], counts: ["stopped": 1], next: "919876543210")
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...1000).contains(params.limit ?? 100) else { throw Fault(.params, "limit is 1 to 1,000.", path: "limit") }
    }
}
