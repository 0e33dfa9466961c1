import AccountContract
import GRDB
import GraphAPI
import GraphMessages
import JobQueue
import RPCContract
import RPCTransport
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// A template belongs to one account (WABA): Meta refuses it (132001) from the number of another.
///
/// The numbers 1 and 4 belong to the account 2, the number 3 to the account 30.
@Suite struct TemplateAccountTests {
    let call = RPCCall(
        context: CallContext(id: "1", meta: CallMeta(workspace: "w")), peer: PeerCredentials(pid: 0, uid: 0, gid: 0)
    ) { _, _ in }

    func scene(
        isMateThere: Bool = true, meta: String = "http://127.0.0.1:1", _ body: (CampaignScene, MessageDesk) async throws -> Void
    ) async throws {
        try await CampaignScene.run(meta: meta) { scene in
            let numbers = scene.desk.numbers
            _ = try await numbers.add(
                .init(phoneNumberID: "3", wabaID: "30", displayPhoneNumber: "+918047181003", displayName: "C"), workspace: "w")
            if isMateThere {
                _ = try await numbers.add(
                    .init(phoneNumberID: "4", wabaID: "2", displayPhoneNumber: "+918047181004", displayName: "D"), workspace: "w")
            }
            scene.templates.accounts.set(["t": "2", "other": "30", "nobodys": "77"])
            let messages = MessageDesk(
                numbers: numbers, routing: scene.desk.routing, outbox: scene.desk.outbox, templates: scene.templates.client,
                graph: scene.desk.graph, senders: scene.desk.senders)
            try await body(scene, messages)
        }
    }

    func ban(_ desk: OutboxDesk, _ number: PhoneNumberID) async throws {
        let numbers = desk.numbers
        try await numbers.change { db in try numbers.hear(db, .banned("x"), of: number) }
    }

    func params(_ person: Int, _ name: String, account: PhoneNumberID? = nil) -> SendMessage.Params {
        .init(
            to: "\(919_876_543_000 + person)", template: .init(name: name, variables: [:]), account: account,
            requestKey: "\(name) \(person)")
    }

    /// What may be sent now, as the sender asks for it.
    func lease(_ desk: OutboxDesk, _ number: PhoneNumberID) async throws -> [String] {
        let (outbox, now) = (desk.outbox, desk.now.value)
        return try await desk.store.write { db in
            let jobs = try JobTable.claim(db, queue: Outbox.queue(number), limit: 10, now: now) { db, job in
                try outbox.admit(db, job, on: number) { _, _, _ in nil }
            }
            _ = try outbox.markSending(db, jobs, number)
            return jobs.map(\.key)
        }
    }

    func number(_ desk: OutboxDesk, _ id: MessageID) async throws -> PhoneNumberID {
        try await desk.outbox.get(id, workspace: "w").account
    }

    @Test func aMessageGoesOutFromItsTemplatesAccount() async throws {
        try await scene { scene, messages in
            var used: [String: Set<PhoneNumberID>] = [:]
            for person in 0..<40 {
                for name in ["t", "other"] {
                    let id = try await messages.send(params(person, name), call).id
                    used[name, default: []].insert(try await number(scene.desk, id))
                }
            }
            #expect(used == ["t": ["1", "4"], "other": ["3"]])
        }
    }

    /// Neither preference nor habit leads to a number from which Meta would refuse it.
    @Test func aPreferredNumberOfAnotherAccountIsPassedOver() async throws {
        try await scene { scene, messages in
            try await scene.desk.routing.prefer(.init(contact: "919876543000", account: "3"), workspace: "w")
            #expect(try await number(scene.desk, messages.send(params(0, "t"), call).id) != "3")
            #expect(try await number(scene.desk, messages.send(params(0, "other"), call).id) == "3")
        }
    }

    @Test func aNumberOfAnotherAccountIsRefusedWithTheReason() async throws {
        try await scene { _, messages in
            let named = await #expect(throws: Fault.self) { try await messages.send(params(0, "t", account: "3"), call) }
            #expect(named?.code == .noRoute && named?.path == "account" && named?.message.contains("132001") == true)
            let nobodys = await #expect(throws: Fault.self) { try await messages.send(params(0, "nobodys"), call) }
            #expect(nobodys?.code == .noRoute && nobodys?.message.contains("account 77") == true)
            let foreign = await #expect(throws: Fault.self) { try await messages.send(params(0, "t", account: "99"), call) }
            #expect(foreign?.code == .accountUnknown)
        }
    }

    /// A number that is ready is no riddle beside a refusal.
    @Test func whereNoNumberCanEveryOneIsToldWithItsReason() async throws {
        try await scene { scene, messages in
            try await ban(scene.desk, "1")
            try await ban(scene.desk, "4")
            let refused = await #expect(throws: Fault.self) { try await messages.send(params(0, "t"), call) }
            let message = refused?.message ?? ""
            let banned = ["+918047181000: Meta has banned", "+918047181004: Meta has banned"]
            #expect(refused?.code == .noRoute && banned.allSatisfy { message.contains($0) }, "\(message)")
            #expect(message.contains("+918047181003: the template belongs to the account 2, and this number to 30"), "\(message)")
            let elsewhere = await #expect(throws: Fault.self) {
                try await scene.desk.routing.route("919876543210", .service, asked: nil, workspace: "shop-b")
            }
            #expect(elsewhere?.message.contains("The workspace shop-b has no number") == true)
        }
    }

    @Test func aCampaignIsPlannedWithinItsTemplatesAccount() async throws {
        try await scene { scene, _ in
            let campaign = try await scene.plan(
                .init(name: "c", template: "t", recipients: CampaignScene.people(60), requestKey: "c"))
            let report = try #require(try await scene.row(campaign.id).report)
            #expect(Set(report.numbers.map(\.account)) == ["1", "4"] && report.blockers.isEmpty)
            let chosen = try await scene.plan(
                .init(name: "d", template: "t", recipients: CampaignScene.people(3), accounts: ["3"], requestKey: "d"))
            let refused = try #require(try await scene.row(chosen.id).report)
            #expect(refused.recipients == 0 && refused.skipped.first?.reason.contains("account 2") == true && !refused.blockers.isEmpty)
        }
    }

    /// Its own account's other number takes over, and where there is none, it waits.
    @Test(arguments: [true, false]) func aCampaignStaysInTheAccountWhenANumberFails(isMateThere: Bool) async throws {
        try await scene(isMateThere: isMateThere) { scene, _ in
            let campaign = try await scene.plan(
                .init(name: "c", template: "t", recipients: CampaignScene.people(30), start: true, requestKey: "c"))
            // Some wait as messages already, the others as recipients.
            try await scene.desk.pool.write {
                try $0.execute(sql: "UPDATE campaignRecipient SET sendAt = ? WHERE n >= 10", arguments: [scene.desk.now.value + 1000])
            }
            _ = try await scene.feeder.look()
            try await ban(scene.desk, "1")
            try await scene.desk.failover.relieve("1")
            scene.pass(2000)
            _ = try await scene.feeder.look()
            let places = try await scene.desk.pool.read { db in
                try Row.fetchAll(db, sql: "SELECT account, count(*) AS n FROM message GROUP BY account").map {
                    [$0["account"] as String: $0["n"] as Int]
                }
            }
            #expect(places.allSatisfy { $0["3"] == nil })
            if isMateThere {
                #expect(places == [["4": 30]])
            } else {
                #expect(places == [["1": 10]])
                #expect(try await scene.counts(campaign.id)["planned"] == 20)
            }
        }
    }

    @Test func anOperatorsSwitchLeavesWhatTheOtherNumberMayNotSend() async throws {
        try await scene { scene, messages in
            let mine = try await messages.send(params(0, "t", account: "1"), call).id
            let toOther = try await scene.desk.failover.move(.init(from: "1", to: "3"), workspace: "w")
            #expect((toOther.messages, toOther.stayed) == (0, 1))
            let toMate = try await scene.desk.failover.move(.init(from: "1", to: "4"), workspace: "w")
            #expect((toMate.messages, toMate.stayed) == (1, 0))
            #expect(try await number(scene.desk, mine) == "4")
        }
    }

    @Test func aBatchsMessagesGoOutFromTheirOwnAccounts() async throws {
        try await scene { scene, _ in
            let batch = try await scene.desk.campaigns.create(.init(name: "b", requestKey: "b"), workspace: "w")
            let messages = (0..<10).map { params($0, $0 % 2 == 0 ? "t" : "other") }
            let reply = try await scene.batches.add(.init(id: batch.id.rawValue, messages: messages), workspace: "w")
            #expect(reply.added == 10)
            let kept = try await scene.desk.pool.read { db in
                try Row.fetchAll(db, sql: "SELECT DISTINCT wabaID, account = '3' AS isOther FROM campaignRecipient ORDER BY 1").map {
                    [$0["wabaID"] as String: $0["isOther"] as Bool]
                }
            }
            #expect(kept == [["2": false], ["30": true]])
            _ = try await scene.desk.campaigns.start(batch.id.rawValue, workspace: "w")
            _ = try await scene.feeder.look()
            let sent = try await scene.desk.pool.read { db in
                try String.fetchAll(db, sql: "SELECT DISTINCT wabaID || (account = '3') FROM message ORDER BY 1")
            }
            #expect(sent == ["20", "301"])
        }
    }

    @Test func aCautiousTemplateOfAnotherAccountIsRefused() async throws {
        try await scene { scene, _ in
            let campaign = try await scene.plan(
                .init(name: "c", template: "t", cautious: "other", recipients: CampaignScene.people(3), requestKey: "c"))
            #expect(campaign.state == .refused && campaign.reason?.contains("t belongs to the account 2 and other to 30") == true)
        }
    }

    /// Each of an experiment's templates goes out from its own account.
    @Test func anExperimentMaySpanAccounts() async throws {
        try await scene { scene, _ in
            scene.templates.accounts.set(["a": "2", "b": "30"])
            _ = try await scene.plan(.init(name: "c", experiment: "e", recipients: CampaignScene.people(10), requestKey: "c"))
            let rows = try await scene.desk.pool.read { db in
                try String.fetchAll(
                    db,
                    sql:
                        "SELECT DISTINCT template || (account = '3') || count(*) FROM campaignRecipient GROUP BY template, account = '3' ORDER BY 1"
                )
            }
            #expect(rows == ["a05", "b15"])
        }
    }

    enum Closing: CaseIterable { case already, whileItWaited, byRefusal, byStatus }

    /// The customer's window is with one account's number, and the template for when it closes is another's.
    @Test(arguments: Closing.allCases) func aFallbackGoesOutFromItsOwnAccount(closing: Closing) async throws {
        try await scene { scene, messages in
            let desk = scene.desk
            let now = desk.now.value
            if closing != .already {
                _ = try await desk.store.write { db in
                    try desk.contactRoutes.heard(db, PersonID("919876543000"), on: "1", at: now, workspace: "w")
                }
            }
            let id = try await messages.send(
                .init(to: "919876543000", text: .init(body: "Hello"), fallback: .init(name: "other", variables: [:]), requestKey: "k"), call
            ).id
            #expect(try await number(desk, id) == (closing == .already ? "3" : "1"))
            switch closing {
            case .already: break
            case .whileItWaited:
                scene.pass(.hours(25))
                #expect(try await lease(desk, "1").isEmpty)
            case .byRefusal:
                #expect(try await lease(desk, "1") == [id.rawValue])
                let isFallen = try await desk.store.write { db in
                    for job in try JobTable.lost(db, queues: "send:") where job.key == id.rawValue { try JobTable.complete(db, id: job.id) }
                    return try desk.outbox.fallBack(db, id)
                }
                #expect(isFallen)
            case .byStatus:
                #expect(try await lease(desk, "1") == [id.rawValue])
                try await desk.accept(id)
                #expect(try await desk.store.write { db in try desk.outbox.fallBack(db, id, afterStatusOf: "wamid.X") })
            }
            #expect(try await number(desk, id) == "3")
            #expect(try await lease(desk, "1").isEmpty)
            #expect(try await lease(desk, "3") == [id.rawValue])
        }
    }

    /// Whoever named the number wants no other: the message says why it cannot go out.
    @Test func aFallbackThatTheNamedNumberMayNotSendFailsWithTheReason() async throws {
        try await scene { scene, messages in
            let desk = scene.desk
            let now = desk.now.value
            _ = try await desk.store.write { db in
                try desk.contactRoutes.heard(db, PersonID("919876543000"), on: "1", at: now, workspace: "w")
            }
            let id = try await messages.send(
                .init(
                    to: "919876543000", text: .init(body: "Hello"), fallback: .init(name: "other", variables: [:]), account: "1",
                    requestKey: "k"), call
            ).id
            scene.pass(.hours(25))
            #expect(try await lease(desk, "1").isEmpty)
            let message = try await desk.outbox.get(id, workspace: "w")
            #expect(message.state == .failed && message.error?.contains("132001") == true)
        }
    }
}
