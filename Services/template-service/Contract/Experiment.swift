package import RPCContract
package import Vocabulary

/// Templates that are tried against each other: each person always gets the same one.
package struct Experiment: Described, Equatable {
    /// Whether people are still shared out among the variants.
    package enum State: String, Codable, Sendable, CaseIterable { case running, stopped }

    package struct Variant: Described, Equatable {
        package var template: String
        package var share: Int

        package static let fields: Fields = [
            "template": .text("Name of a template that is tried.", 1...512, of: .line),
            "share": .whole("Parts of the people who get this template, out of the sum of all shares.", 1...100),
        ]

        package init(template: String, share: Int) {
            self.template = template
            self.share = share
        }
    }

    /// What came of one template.
    package struct Result: Described, Equatable {
        package var template: String
        package var messages: Int
        package var delivered: Int
        package var read: Int
        package var failed: Int
        package var readShare: Double?
        package var readFrom: Double?
        package var readTo: Double?

        package static let fields: Fields = [
            "template": .text("Name of the template.", 1...512),
            "messages": .count("Messages with this template that Meta has accepted or refused for good."),
            "delivered": .count("Messages with this template that were delivered."),
            "read": .count("Messages with this template that were read."),
            "failed": .count("Messages with this template that failed."),
            "readShare": .number(
                "Share of the delivered messages that was read. It is absent until a message is delivered.", 0...100, unit: "percent"),
            "readFrom": .number(
                "Lower end of the range that holds the true share in 19 of 20 cases. It is absent until a message is delivered.", 0...100,
                unit: "percent"),
            "readTo": .number(
                "Upper end of the range that holds the true share in 19 of 20 cases. It is absent until a message is delivered.", 0...100,
                unit: "percent"),
        ]

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
    package var winner: String?
    package var results: [Result]
    package var leader: String?
    package var createdAt: Timestamp

    package static let fields: Fields = [
        "name": .text("Name of the experiment.", 1...128),
        "state": "Whether the experiment is running or was stopped.",
        "variants": .list("The templates that are tried, with their shares.", 2...10),
        "winner": .text(
            "The template that everybody gets in campaigns planned since the experiment was stopped. It is absent while the experiment runs.",
            1...512),
        "results": .list("What came of each template so far, over all campaigns.", 1...10),
        "leader": .text("The template whose share of reads is above all others beyond chance. It is absent if none leads.", 1...512),
        "createdAt": "When the experiment was created.",
    ]

    package init(
        name: String,
        state: State,
        variants: [Variant],
        winner: String?,
        results: [Result],
        leader: String?,
        createdAt: Timestamp
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
        leader: "diwali_offer_b", createdAt: Timestamp(milliseconds: 1_790_000_000_000))
}

/// Names one experiment.
///
/// Its name is all that it is called by: one that was kept before names were one line is found by what it has.
package struct ExperimentReference: Described {
    package var name: String

    package static let fields: Fields = [
        "name": .text("Name of the experiment to show.", 1...128)
    ]

    package init(name: String) { self.name = name }
}

package enum CreateExperiment: RPCMethod {
    package static let name = "experiment.create"
    package static let summary = "Tries templates against each other; campaigns that name the experiment share their recipients among them."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/experiments", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.templateUnknown, .templateInvalid, .experimentTaken]
    package typealias Reply = Experiment

    package struct Params: Described {
        package var name: String
        package var variants: [Experiment.Variant]

        package static let fields: Fields = [
            "name": .text(
                "Name of the new experiment. The same name with the same variants gives the experiment that exists.", 1...128, of: .line),
            "variants": .list("The templates to try, with their shares. They are all different and of one category.", 2...10),
        ]

        package init(name: String, variants: [Experiment.Variant]) {
            self.name = name
            self.variants = variants
        }
    }

    package static let example = RPCExample(Params(name: "diwali_test", variants: Experiment.example.variants), Experiment.example)

    package static func validate(_ params: Params) throws(Fault) {
        for (index, variant) in params.variants.enumerated() {
            guard let first = params.variants[..<index].firstIndex(where: { $0.template == variant.template }) else { continue }
            let path = "variants[\(index)].template"
            throw Fault(.params, "\(path) is \(variant.template), as variants[\(first)].template is: each is there once.", path: path)
        }
    }
}

package enum ExperimentStatus: RPCMethod {
    package static let name = "experiment.status"
    package static let summary = "Tells how the templates of an experiment do, and whether one leads beyond chance."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/experiments/{name}", .viewer)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.experimentUnknown]
    package static let example = RPCExample(ExperimentReference(name: "diwali_test"), Experiment.example)
}

package enum ListExperiments: RPCMethod {
    package static let name = "experiment.list"
    package static let summary = "Lists the experiments, newest first, up to 500."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/experiments", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Described {
        package var items: [Experiment]

        package static let fields: Fields = [
            "items": .list("The experiments, newest first.", 0...500)
        ]

        package init(items: [Experiment]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: [.example]))
}

package enum StopExperiment: RPCMethod {
    package static let name = "experiment.stop"
    package static let summary = "Ends an experiment: in campaigns that are planned from now on everybody gets the winner."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/experiments/{name}/stop", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.experimentUnknown]
    package typealias Reply = Experiment

    package struct Params: Described {
        package var name: String
        package var winner: String

        package static let fields: Fields = [
            "name": .text("Name of the experiment to stop.", 1...128),
            "winner": .text("The template that everybody gets from now on. It is one of the experiment's templates.", 1...512, of: .line),
        ]

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
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.accountRouter]
    package static let faults: [FaultCode] = [.experimentUnknown]

    package struct Params: Described {
        package var name: String
        package var contacts: [ContactID]

        package static let fields: Fields = [
            "name": .text("Name of the experiment.", 1...512),
            "contacts": .list(
                "The people to whom a template is assigned. Each person always gets the same one until the experiment is stopped.",
                0...20_000),
        ]

        package init(name: String, contacts: [ContactID]) {
            self.name = name
            self.contacts = contacts
        }
    }

    package struct Reply: Described {
        package var templates: [String]
        package var choices: [Int]

        package static let fields: Fields = [
            "templates": .list(
                "Names of the templates that `choices` points to: those of the experiment, or only the winner once it is stopped.", 1...10,
                of: .text(1...512)),
            "choices": .list(
                "Place in `templates` for each contact, counted from 0, in the order of the request.", 0...20_000, of: .whole(0...9)),
        ]

        package init(templates: [String], choices: [Int]) {
            self.templates = templates
            self.choices = choices
        }
    }

    package static let example = RPCExample(
        Params(name: "diwali_test", contacts: ["919876543210", "919876543211"]),
        Reply(templates: ["diwali_offer", "diwali_offer_b"], choices: [0, 1]))
}

package enum RecordExperiment: RPCMethod {
    package static let name = "experiment.record"
    package static let summary = "Takes what has come of a campaign's templates so far, in place of what it told before."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.accountRouter]
    package static let faults: [FaultCode] = [.experimentUnknown]

    package struct Params: Described {
        package var name: String
        package var source: String
        package var results: [Experiment.Result]

        package static let fields: Fields = [
            "name": .text("Name of the experiment.", 1...512),
            "source": .id("The campaign that reports the results."),
            "results": .list("What came of each template in this campaign so far. It replaces what the campaign reported before.", 0...10),
        ]

        package init(name: String, source: String, results: [Experiment.Result]) {
            self.name = name
            self.source = source
            self.results = results
        }
    }

    package static let example = RPCExample(
        Params(name: "diwali_test", source: "01JC0000000000000000000000", results: Experiment.example.results), Nothing())
}

extension FaultCode {
    package static let experimentUnknown = FaultCode(
        number: 2110, reason: "experiment_unknown", http: 404, meaning: "No such experiment; experiment.list shows all.")
    package static let experimentTaken = FaultCode(
        number: 2111, reason: "experiment_taken", http: 409, meaning: "The name belongs to an experiment with other variants.")
}
