package import RPCContract
import Vocabulary

package enum CreateBatch: RPCMethod {
    package static let name = "batch.create"
    package static let summary = "Opens a batch of different messages; the same requestKey again gives the same batch."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.requestKeyReused]
    package typealias Reply = Campaign

    package struct Params: Codable, Sendable {
        package var name: String
        /// 0 (first) to 1,000; 300 where absent.
        package var priority: Int?
        /// Messages a second at most.
        package var rate: Int?
        /// Failed tries of a message before it is given up; 3 where absent, after 1, 2 and 4 seconds.
        package var attempts: Int?
        package var requestKey: String

        package init(name: String, priority: Int? = nil, rate: Int? = nil, attempts: Int? = nil, requestKey: String) {
            self.name = name
            self.priority = priority
            self.rate = rate
            self.attempts = attempts
            self.requestKey = requestKey
        }
    }

    package static let example = RPCExample(
        Params(name: "Invoices", priority: 300, rate: 50, attempts: 3, requestKey: "invoices-2026-11"), Campaign.example)

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...128).contains(params.name.count) else { throw Fault(.params, "name has 1 to 128 characters.", path: "name") }
        try PlanCampaign.check(priority: params.priority, rate: params.rate, attempts: params.attempts)
        try SendMessage.check(requestKey: params.requestKey)
    }
}

package enum AddToBatch: RPCMethod {
    package static let name = "batch.add"
    package static let summary =
        "Puts messages into an open batch; each requestKey counts once, and a message that cannot be sent is reported."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]

    package struct Params: Codable, Sendable {
        package var id: String
        /// 1 to 1,000, as message.send takes them.
        package var messages: [SendMessage.Params]

        package init(id: String, messages: [SendMessage.Params]) {
            self.id = id
            self.messages = messages
        }
    }

    package struct Reply: Codable, Sendable {
        package var added: Int
        /// Counted from 1 within this call.
        package var problems: [RowProblem]
        package var total: Int

        package init(added: Int, problems: [RowProblem], total: Int) {
            self.added = added
            self.problems = problems
            self.total = total
        }
    }

    package static let example = RPCExample(
        Params(id: Campaign.example.id, messages: [SendMessage.example.params]),
        Reply(added: 1, problems: [RowProblem(line: 2, problem: "to is not a phone number")], total: 1))

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...1000).contains(params.messages.count) else { throw Fault(.params, "messages holds 1 to 1,000.", path: "messages") }
    }
}

package enum ProcessBatch: RPCMethod {
    package static let name = "batch.process"
    package static let summary = "Closes a batch and sends what is in it."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum BatchStatus: RPCMethod {
    package static let name = "batch.status"
    package static let summary = "Tells where a batch stands: counts, rate and time left."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown]
    package typealias Reply = CampaignProgress
    package static let example = RPCExample(CampaignReference(Campaign.example.id), CampaignProgress.example)
}

package enum ListBatches: RPCMethod {
    package static let name = "batch.list"
    package static let summary = "Lists batches, newest first."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]
    package typealias Params = ListCampaigns.Params
    package typealias Reply = ListCampaigns.Reply
    package static let example = ListCampaigns.example
    package static func validate(_ params: Params) throws(Fault) { try ListCampaigns.validate(params) }
}

package enum PauseBatch: RPCMethod {
    package static let name = "batch.pause"
    package static let summary = "Pauses a batch: what is not with Meta yet goes back and waits."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum ResumeBatch: RPCMethod {
    package static let name = "batch.resume"
    package static let summary = "Goes on with a paused batch exactly where it stood."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum CancelBatch: RPCMethod {
    package static let name = "batch.cancel"
    package static let summary = "Ends a batch: what is not with Meta yet is never sent."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}
