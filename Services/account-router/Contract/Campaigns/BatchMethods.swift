package import RPCContract
import Vocabulary

package enum CreateBatch: RPCMethod {
    package static let name = "batch.create"
    package static let summary = "Opens a batch of different messages; the same requestKey again gives the same batch."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/batches", .agent, ingest: true)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.requestKeyReused]
    package typealias Reply = Campaign

    package struct Params: Described {
        package var name: String
        package var priority: Int?
        package var rate: Int?
        package var attempts: Int?
        package var requestKey: String

        package static let fields: Fields = [
            "name": .text("Name of the batch, shown to people.", 1...128, of: .line),
            "priority": .whole("Place in the queue; 0 is sent first.", 0...1000, absent: 300),
            "rate": .whole(
                "The most that the batch sends. It goes as fast as its numbers allow if absent.", 1...10_000, unit: "messages a second"),
            "attempts": .whole(
                "Failed tries of a message before it is given up. The tries come after pauses of 1, 2, 4 seconds and so on.", 1...20,
                absent: 3),
            "requestKey": .requestKey("Names this request: the same key gives the same batch."),
        ]

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
        try SendMessage.check(requestKey: params.requestKey)
    }
}

package enum AddToBatch: RPCMethod {
    package static let name = "batch.add"
    package static let summary =
        "Puts messages into an open batch; each requestKey counts once, and a message that cannot be sent is reported."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/batches/{id}/messages", .agent, ingest: true)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]

    package struct Params: Described {
        package var id: String
        package var messages: [ParamsOf<SendMessage>]

        package static let fields: Fields = [
            "id": .id("The open batch that gets the messages."),
            "messages": .list(
                "The messages, each as message.send takes it; one that is wrong is a problem of its own. A message whose requestKey is in the batch already is not added again.",
                1...1000),
        ]

        package init(id: String, messages: [SendMessage.Params]) {
            self.id = id
            self.messages = messages.map { ParamsOf($0) }
        }
    }

    package struct Reply: Described {
        package var added: Int
        package var problems: [RowProblem]
        package var total: Int

        package static let fields: Fields = [
            "added": .count("Messages of this call that are new in the batch."),
            "problems": .list("Messages that cannot be sent and were left out. Their lines are counted from 1 within this call.", 0...1000),
            "total": .count("Messages that are now in the batch."),
        ]

        package init(added: Int, problems: [RowProblem], total: Int) {
            self.added = added
            self.problems = problems
            self.total = total
        }
    }

    package static let example = RPCExample(
        Params(id: Campaign.example.id.rawValue, messages: [SendMessage.example.params]),
        Reply(added: 1, problems: [RowProblem(line: 2, problem: "to is not a phone number")], total: 1))
}

package enum ProcessBatch: RPCMethod {
    package static let name = "batch.process"
    package static let summary = "Closes a batch and sends what is in it."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/batches/{id}/process", .agent, ingest: true)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum BatchStatus: RPCMethod {
    package static let name = "batch.status"
    package static let summary = "Tells where a batch stands: counts, rate and time left."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/batches/{id}", .viewer, ingest: true)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown]
    package typealias Reply = CampaignProgress
    package static let example = RPCExample(CampaignReference(Campaign.example.id), CampaignProgress.example)
}

package enum ListBatches: RPCMethod {
    package static let name = "batch.list"
    package static let summary = "Lists batches, newest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/batches", .viewer)
    package static let callers: Set<Caller> = [.gateway]
    package typealias Params = ListCampaigns.Params
    package typealias Reply = ListCampaigns.Reply
    package static let example = ListCampaigns.example
}

package enum PauseBatch: RPCMethod {
    package static let name = "batch.pause"
    package static let summary = "Pauses a batch: what is not with Meta yet goes back and waits."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/batches/{id}/pause", .agent)
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
    package static let http: HTTPRoute? = .post("/v1/batches/{id}/resume", .agent)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState, .campaignBlocked, .windowPast]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum CancelBatch: RPCMethod {
    package static let name = "batch.cancel"
    package static let summary = "Ends a batch: what is not with Meta yet is never sent."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/batches/{id}/cancel", .agent)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}
