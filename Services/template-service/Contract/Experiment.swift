package import RPCContract
package import Vocabulary

/// Templates that are tried against each other: each person always gets the same one.
package struct Experiment: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable { case running, stopped }

    package struct Variant: Codable, Sendable, Equatable {
        package var template: String
        /// Parts of the people that it gets: 1 to 100.
        package var share: Int

        package init(template: String, share: Int) {
            self.template = template
            self.share = share
        }
    }

    /// What came of one template.
    package struct Result: Codable, Sendable, Equatable {
        package var template: String
        /// Messages that Meta has accepted, or refused for good.
        package var messages: Int
        package var delivered: Int
        package var read: Int
        package var failed: Int
        /// Of what was delivered, the percentage that was read; and between which percentages it lies in 19 of 20 cases.
        package var readShare: Double?
        package var readFrom: Double?
        package var readTo: Double?

        package init(
            template: String,
            messages: Int,
            delivered: Int,
            read: Int,
            failed: Int,
            readShare: Double? = nil,
            readFrom: Double? = nil,
            readTo: Double? = nil
        ) {
            self.template = template
            self.messages = messages
            self.delivered = delivered
            self.read = read
            self.failed = failed
            self.readShare = readShare
            self.readFrom = readFrom
            self.readTo = readTo
        }
    }

    package var name: String
    package var state: State
    package var variants: [Variant]
    /// The template that everybody gets in campaigns planned since it was stopped.
    package var winner: String?
    package var results: [Result]
    /// The template whose reads are above those of all others beyond chance, once there is one.
    package var leader: String?
    /// Unix milliseconds.
    package var createdAt: Int64

    package init(
        name: String,
        state: State,
        variants: [Variant],
        winner: String?,
        results: [Result],
        leader: String?,
        createdAt: Int64
    ) {
        self.name = name
        self.state = state
        self.variants = variants
        self.winner = winner
        self.results = results
        self.leader = leader
        self.createdAt = createdAt
    }

    package static let example = Experiment(
        name: "diwali_test", state: .stopped,
        variants: [Variant(template: "diwali_offer", share: 50), Variant(template: "diwali_offer_b", share: 50)],
        winner: "diwali_offer_b",
        results: [
            Result(
                template: "diwali_offer_b", messages: 1000, delivered: 970, read: 580, failed: 30, readShare: 59.8, readFrom: 56.7,
                readTo: 62.8)
        ],
        leader: "diwali_offer_b", createdAt: 1_790_000_000_000)
}

/// Names one experiment.
package struct ExperimentReference: Codable, Sendable {
    package var name: String

    package init(name: String) { self.name = name }
}

package enum CreateExperiment: RPCMethod {
    package static let name = "experiment.create"
    package static let summary = "Tries templates against each other; campaigns that name the experiment share their recipients among them."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.templateUnknown, .templateInvalid, .experimentTaken]
    package typealias Reply = Experiment

    package struct Params: Codable, Sendable {
        /// 1 to 128 characters; the same name with the same variants gives the same experiment.
        package var name: String
        /// 2 to 10.
        package var variants: [Experiment.Variant]

        package init(name: String, variants: [Experiment.Variant]) {
            self.name = name
            self.variants = variants
        }
    }

    package static let example = RPCExample(Params(name: "diwali_test", variants: Experiment.example.variants), Experiment.example)

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...128).contains(params.name.count) else { throw Fault(.params, "name has 1 to 128 characters.", path: "name") }
        guard (2...10).contains(params.variants.count) else { throw Fault(.params, "variants holds 2 to 10.", path: "variants") }
        for (index, variant) in params.variants.enumerated() {
            guard (1...100).contains(variant.share) else { throw Fault(.params, "share is 1 to 100.", path: "variants[\(index)].share") }
            guard params.variants[..<index].allSatisfy({ $0.template != variant.template }) else {
                throw Fault(.params, "The template is there twice.", path: "variants[\(index)].template")
            }
        }
    }
}

package enum ExperimentStatus: RPCMethod {
    package static let name = "experiment.status"
    package static let summary = "Tells how the templates of an experiment do, and whether one leads beyond chance."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.experimentUnknown]
    package static let example = RPCExample(ExperimentReference(name: "diwali_test"), Experiment.example)
}

package enum ListExperiments: RPCMethod {
    package static let name = "experiment.list"
    package static let summary = "Lists the experiments, newest first, up to 500."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Codable, Sendable {
        package var items: [Experiment]

        package init(items: [Experiment]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: [.example]))
}

package enum StopExperiment: RPCMethod {
    package static let name = "experiment.stop"
    package static let summary = "Ends an experiment: in campaigns that are planned from now on everybody gets the winner."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.experimentUnknown]
    package typealias Reply = Experiment

    package struct Params: Codable, Sendable {
        package var name: String
        /// One of its templates.
        package var winner: String

        package init(name: String, winner: String) {
            self.name = name
            self.winner = winner
        }
    }

    package static let example = RPCExample(Params(name: "diwali_test", winner: "diwali_offer_b"), Experiment.example)
}

package enum AssignExperiment: RPCMethod {
    package static let name = "experiment.assign"
    package static let summary = "Tells which template of an experiment each of these people gets."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.accountRouter]
    package static let faults: [FaultCode] = [.experimentUnknown]

    package struct Params: Codable, Sendable {
        package var name: String
        /// Up to 20,000.
        package var contacts: [ContactID]

        package init(name: String, contacts: [ContactID]) {
            self.name = name
            self.contacts = contacts
        }
    }

    package struct Reply: Codable, Sendable {
        package var templates: [String]
        /// Of each contact: which of the templates, counted from 0.
        package var choices: [Int]

        package init(templates: [String], choices: [Int]) {
            self.templates = templates
            self.choices = choices
        }
    }

    package static let example = RPCExample(
        Params(name: "diwali_test", contacts: ["919876543210", "919876543211"]),
        Reply(templates: ["diwali_offer", "diwali_offer_b"], choices: [0, 1]))

    package static func validate(_ params: Params) throws(Fault) {
        guard params.contacts.count <= 20_000 else { throw Fault(.params, "contacts holds up to 20,000.", path: "contacts") }
    }
}

package enum RecordExperiment: RPCMethod {
    package static let name = "experiment.record"
    package static let summary = "Takes what has come of a campaign's templates so far, in place of what it told before."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.accountRouter]
    package static let faults: [FaultCode] = [.experimentUnknown]

    package struct Params: Codable, Sendable {
        package var name: String
        /// The campaign.
        package var source: String
        package var results: [Experiment.Result]

        package init(name: String, source: String, results: [Experiment.Result]) {
            self.name = name
            self.source = source
            self.results = results
        }
    }

    package static let example = RPCExample(
        Params(name: "diwali_test", source: "01JC0000000000000000000000", results: Experiment.example.results), Nothing())

    package static func validate(_ params: Params) throws(Fault) {
        guard params.results.count <= 10 else { throw Fault(.params, "results holds up to 10.", path: "results") }
    }
}

extension FaultCode {
    package static let experimentUnknown = FaultCode(
        number: 2110, reason: "experiment_unknown", http: 404, meaning: "No such experiment; experiment.list shows all.")
    package static let experimentTaken = FaultCode(
        number: 2111, reason: "experiment_taken", http: 409, meaning: "The name belongs to an experiment with other variants.")
}
