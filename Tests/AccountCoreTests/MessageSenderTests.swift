import AccountContract
import Coordination
import GRDB
import GraphAPI
import HTTPClient
import JobQueue
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountNumbers
@testable import AccountOutbox
@testable import AccountPacing

/// What becomes of a message with each answer of Meta's, over real HTTP.
@Suite struct MessageSenderTests {
    private struct Scene {
        let desk: OutboxDesk
        let id: MessageID
        let job: Job
        let sender: MessageSender

        init(_ address: String, attempts: Int? = nil) async throws {
            desk = try await OutboxDesk(meta: address)
            try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
            try await desk.queueRecipients(of: "c", 1)
            let (outbox, now) = (desk.outbox, desk.now.value)
            let (job, prepared) = try await desk.store.write { db in
                if let attempts { try db.execute(sql: "UPDATE message SET attemptLimit = ?", arguments: [attempts]) }
                let jobs = try JobTable.claim(db, queue: Outbox.queue("1"), limit: 1, now: now)
                return (jobs, try outbox.markSending(db, jobs, "1"))
            }
            self.job = try #require(job.first)
            id = self.job.message
            sender = MessageSender(
                number: "1", outbox: desk.outbox, graph: desk.graph, pacer: desk.pacer, logger: desk.quiet, prepared: Mutexed(prepared))
        }

        /// Sends it and writes what came of it; for how long it waits, nil where it is settled.
        func send() async throws -> Duration? {
            switch await sender.send(job) {
            case .done(let also), .dead(_, let also):
                try await desk.store.write { [job] db in
                    try JobTable.complete(db, id: job.id)
                    try also(db)
                }
                return nil
            case .retry(_, let pause, let also):
                try await desk.store.write { db in try also(db) }
                return pause
            }
        }
    }

    @Test func anAcceptedMessageHasMetasId() async throws {
        let meta = MetaAnswers()
        try await meta.serve { address in
            let scene = try await Scene(address)
            #expect(try await scene.send() == nil)
            let message = try await scene.desk.outbox.get(scene.id, workspace: "w")
            #expect(message.state == .accepted && message.wamid == "wamid.A")
            #expect(meta.asked.value.map(\.path) == ["/v24.0/1/messages"])
            #expect(meta.asked.value[0].body?["biz_opaque_callback_data"]?.string == scene.id.rawValue)
            // It was taken out of what is prepared: the same lease sends nothing again.
            #expect(try await scene.send() == nil)
            #expect(meta.asked.value.count == 1)
            try scene.desk.end()
        }
    }

    /// Every code of the table, in an answer: the message's fate, and every measure that goes with it.
    @Test(arguments: GraphErrorCode.all) func everyCodeDoesWhatItsRowSays(code: Int) async throws {
        let meta = MetaAnswers()
        try await meta.serve { address in
            meta.next.set([.refused(code)])
            let scene = try await Scene(address)
            let desk = scene.desk
            let error = GraphError(code: code, status: 400, details: "why")
            let pause = try await scene.send()
            let message = try await desk.outbox.get(scene.id, workspace: "w")
            switch error.fate {
            // What its number is held for, it does not wait for by itself.
            case .again:
                #expect(message.state == .queued && pause.map { $0 > .zero || error.measures.contains(.holdNumber) } == true, "\(code)")
            case .awaitsStatus: #expect(message.state == .unknown && pause == nil, "\(code)")
            case .fails:
                // Where a fallback may be given for it, the outcome is decided in the transaction.
                #expect(message.state == .failed && message.errorCode == code && (pause == nil || code == 131047), "\(code)")
            }
            try await check(error, desk, "\(code)")
            try desk.end()
        }
    }

    /// The same codes in a status, where Meta had accepted the message: it fails, and the measures are the same.
    @Test(arguments: GraphErrorCode.all) func everyCodeOfAStatusDoesWhatItsRowSays(code: Int) async throws {
        let desk = try await OutboxDesk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 1)
        let id = try #require(try await desk.lease().first)
        try await desk.accept(id)
        let status = MessageStatus(
            wamid: WAMID("wamid.\(id)"), phoneNumberID: "1", status: "failed", at: desk.now.value, callbackData: id.rawValue,
            errorCode: code,
            errorDetails: "why")
        #expect(try await desk.statuses.record(.init(statuses: [status])).applied == 1)
        let message = try await desk.outbox.get(id, workspace: "w")
        #expect(message.state == .failed && message.errorCode == code, "\(code)")
        try await check(GraphError(inStatus: code, details: "why"), desk, "\(code)")
        try desk.end()
    }

    /// What Meta told five minutes ago is over, or told again.
    @Test func anOldStatusHoldsNothingUp() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        try await desk.lease()
        try await desk.accept(id)
        let at = desk.now.value
        desk.now.set(at + .minutes(5))
        let status = MessageStatus(
            wamid: WAMID("wamid.\(id)"), phoneNumberID: "1", status: "failed", at: at, callbackData: id.rawValue, errorCode: 133010)
        _ = try await desk.statuses.record(.init(statuses: [status]))
        #expect(try await desk.state(id) == .failed && !desk.numbers.isBlocked("1"))
        // Told at once it holds the number, and longer than an answer would, which has cost no message.
        let refusal = PaceRefusal(error: GraphError(inStatus: 133010, details: "d"), number: "1", contact: "919876543210")
        refusal.take(told: .seconds(1), desk.pacer)
        desk.now.update { $0 = $0 + .minutes(4) }
        #expect(desk.numbers.isBlocked("1"))
        try desk.end()
    }

    /// What Meta's documentation advises for each code, written down apart from the table: the two are held against each other.
    @Test func theTableSaysWhatMetaAdvises() {
        let again = [4, 17, 613, 80007, 130429, 131056, 131208]
        let awaitsStatus = [1, 2, 131000, 131016, 133004]
        // The message is sound; its number, account or token is not, and whoever mends it wants the message to go out.
        let waits = [
            0, 3, 10, 33, 104, 190, 368, 131005, 131031, 131037, 131042, 131044, 131045, 131057, 131064, 133000, 133005, 133006, 133008,
            133009, 133010, 133015, 133016, 134011, 2_494_100,
        ]
        let fails = [
            100, 803, 130403, 130472, 130497, 131008, 131009, 131020, 131021, 131026, 131030, 131041, 131047, 131048, 131049, 131050,
            131051, 131052, 131053, 131055, 131059, 131062, 131063, 131201, 131202, 131204, 131207, 131209, 131210, 131211, 131212, 131213,
            131214, 131215, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069, 134100, 134101, 134102,
            135000, 137000, 2_388_019, 2_388_039, 2_388_040, 2_388_047, 2_388_072, 2_388_073, 2_388_293, 2_388_299,
        ]
        #expect((again + awaitsStatus + waits + fails).sorted() == GraphErrorCode.all, "each code has a word here")
        for (codes, fate) in [(again + waits, GraphError.Fate.again), (awaitsStatus, .awaitsStatus), (fails, .fails)] {
            for code in codes { #expect(GraphError(code: code, status: 400, details: "").fate == fate, "\(code)") }
        }
        let measures: [GraphError.Measure: [Int]] = [
            .slowNumber: [130429], .holdPair: [131056], .restNumber: [131057, 133008, 133009, 133015, 133016, 2_494_100],
            .holdNumber: [
                0, 3, 10, 33, 104, 190, 368, 131005, 131031, 131037, 131042, 131044, 131045, 133000, 133005, 133006, 133010, 134011,
            ],
            .holdToken: [0, 104, 190], .lockAccount: [368, 131031], .sendFallback: [131047],
            .restTemplates: [131064], .holdAccount: [368, 131031, 131042, 131044, 134011], .restAccount: [17, 613, 80007], .restApp: [4],
            .restrictNumber: [131048], .recordOptOut: [131050],
            .pauseCampaign: [132001, 132007, 132015, 132016, 132068, 132069, 134101, 134102],
        ]
        for measure in GraphError.Measure.allCases {
            let found = GraphErrorCode.all.filter { GraphErrorCode.of($0)?.measures.contains(measure) == true }
            #expect(found == measures[measure, default: []].sorted(), "\(measure)")
        }
        // Not to be tried again before: a day for marketing fatigue, hours for a paused template.
        #expect(GraphErrorCode.of(131049)?.pause == .hours(24) && GraphErrorCode.of(132015)?.pause == .hours(3))
    }

    /// Under code 100 the subcode 33 says that the number is not there: nothing is wrong with the message.
    @Test func aNumberThatIsNotThereKeepsItsMessages() async throws {
        let meta = MetaAnswers()
        meta.next.set([.init(status: 400, body: #"{"error":{"code":100,"error_subcode":33,"message":"Unsupported post request"}}"#)])
        try await meta.serve { address in
            let scene = try await Scene(address)
            #expect(try await scene.send() != nil)
            #expect(try await scene.desk.state(scene.id) == .queued)
            if case .places = scene.desk.pacer.allowance("1", free: 1) { Issue.record("the number goes on") }
            try scene.desk.end()
        }
    }

    /// Mended by an operator, the number tries at once, and the message that Meta refused goes out, too.
    @Test func whatIsMendedGoesOutAtOnce() async throws {
        let meta = MetaAnswers()
        meta.next.set([.refused(133010), .accepted])
        try await meta.serve { address in
            let desk = try await OutboxDesk(meta: address)
            let id = try await desk.queued()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await desk.senders.run() }
                try await eventually("Meta has refused the number") {
                    try await desk.outbox.get(id, workspace: "w").error != nil && desk.numbers.isBlocked("1")
                }
                // No time passes here: without the operator it would wait for ever.
                _ = try await desk.numbers.update(.init(phoneNumberID: "1", enabled: true))
                try await eventually("it goes out") { try await desk.state(id) == .accepted }
                group.cancelAll()
            }
            try desk.end()
        }
    }

    /// Redirected or held up on the way: the message waits, and so do all others.
    @Test(arguments: [(302, ""), (307, "<html>"), (511, "<html>login</html>")])
    func whatIsOnTheWayToMetaBurnsNothing(status: Int, body: String) async throws {
        let meta = MetaAnswers()
        meta.next.set([.init(status: status, body: body)])
        try await meta.serve { address in
            let scene = try await Scene(address)
            #expect(try await scene.send() != nil)
            #expect(try await scene.desk.state(scene.id) == .queued)
            if case .places = scene.desk.pacer.allowance("1", free: 1) { Issue.record("the next message would meet it, too") }
            try scene.desk.end()
        }
    }

    /// A page that comes as a success may hide Meta's answer: that one message is unknown, and the others wait.
    @Test func aPageInsteadOfAnAnswerStopsTheOthers() async throws {
        let meta = MetaAnswers()
        meta.next.set([.init(status: 200, body: "<html>Welcome to the hotel</html>")])
        try await meta.serve { address in
            let scene = try await Scene(address)
            #expect(try await scene.send() == nil)
            #expect(try await scene.desk.state(scene.id) == .unknown)
            if case .places = scene.desk.pacer.allowance("1", free: 1) { Issue.record("the next message would be lost in it, too") }
            try scene.desk.end()
        }
    }

    /// Meta takes a message and holds it: a state of its own, which ends with what becomes of it.
    @Test(arguments: [("sent", Message.State.sent, true), ("failed", .failed, false)])
    func aHeldMessageIsAStateOfItsOwn(word: String, state: Message.State, isReleased: Bool) async throws {
        let meta = MetaAnswers()
        meta.next.set([.init(body: #"{"messages":[{"id":"wamid.A","message_status":"held_for_quality_assessment"}]}"#)])
        try await meta.serve { address in
            let scene = try await Scene(address)
            let desk = scene.desk
            #expect(try await scene.send() == nil)
            #expect(try await desk.state(scene.id) == .held)
            #expect(try await desk.pool.read { try CampaignCounts($0, "c").places } == ["held": 1])
            #expect(desk.pacer.brake(of: "2") != nil)
            // It is known again after a restart.
            let restarted = Pacer(clock: desk.store.clock)
            restarted.configure(try desk.numbers.found("1"))
            try desk.outbox.restore(restarted, desk.numbers)
            #expect(restarted.brake(of: "2") != nil)
            let status = MessageStatus(
                wamid: "wamid.A", phoneNumberID: "1", status: MetaWord(word), at: desk.now.value, callbackData: scene.id.rawValue,
                errorCode: isReleased ? nil : 132015, errorDetails: nil)
            _ = try await desk.statuses.record(.init(statuses: [status]))
            #expect(try await desk.state(scene.id) == state)
            #expect((desk.pacer.brake(of: "2") == nil) == isReleased)
            try desk.end()
        }
    }

    /// The clock was days ahead while it was sent, and is put right while nothing runs.
    @Test func whatWasSentInTheFutureHoldsNothingUpAfterARestart() async throws {
        let desk = try await OutboxDesk()
        _ = try await desk.queued()
        try await desk.lease()
        desk.now.set(desk.now.value - .days(3))
        let restarted = Pacer(clock: desk.store.clock)
        restarted.configure(try desk.numbers.found("1"))
        restarted.configure(portfolio: try desk.numbers.found("1").portfolio, limit: nil)
        try desk.outbox.restore(restarted, desk.numbers)
        try await desk.outbox.restorePortfolios(restarted)
        desk.now.set(desk.now.value + .seconds(10))
        guard case .places = restarted.allowance("1", free: 1) else {
            Issue.record("the number waits for a moment that is days away")
            return try desk.end()
        }
        #expect(restarted.admit("1", contact: "919876543210", opensConversation: true) == nil)
        try desk.end()
    }

    /// Wrongly filed templates stop templates; who writes is still answered.
    @Test func anAccountThatIsLimitedForItsTemplatesStillAnswers() async throws {
        let meta = MetaAnswers()
        meta.next.set([.refused(131064)])
        try await meta.serve { address in
            let scene = try await Scene(address)
            #expect(try await scene.send() != nil)
            #expect(try await scene.desk.state(scene.id) == .queued)
            let pacer = scene.desk.pacer
            #expect(pacer.admit("1", contact: "919800000009", opensConversation: false, isTemplate: true) ?? .zero > .minutes(30))
            #expect(pacer.admit("1", contact: "919800000009", opensConversation: false) == nil)
            try scene.desk.end()
        }
    }

    /// Meta knows that the window has closed before we do: the fallback goes out, whether an answer or a status tells it.
    @Test(arguments: [true, false]) func theFallbackGoesOutWhereMetaClosesTheWindow(inAnswer: Bool) async throws {
        let meta = MetaAnswers()
        meta.next.set(inAnswer ? [.refused(131047)] : [.accepted])
        try await meta.serve { address in
            let scene = try await Scene(address)
            let (desk, id) = (scene.desk, scene.id)
            let fallback = MessageDraft.Body(type: "template", category: .utility, object: #"{"name":"fallback"}"#)
            try await desk.pool.write { db in
                try db.execute(
                    sql: "UPDATE message SET category = 'service', type = 'text', fallback = ?, campaign = NULL",
                    arguments: [try JSON.text(fallback)])
            }
            _ = try await scene.send()
            func status() async throws {
                let status = MessageStatus(
                    wamid: "wamid.A", phoneNumberID: "1", status: "failed", at: desk.now.value, callbackData: id.rawValue,
                    errorCode: 131047,
                    errorDetails: "d")
                _ = try await desk.statuses.record(.init(statuses: [status]))
            }
            if !inAnswer { try await status() }
            #expect(try await desk.state(MessageID(id.rawValue)) == .queued)
            // Delivered twice, the status of the first try says nothing of the second.
            if !inAnswer { try await status() }
            #expect(try await desk.state(MessageID(id.rawValue)) == .queued)
            let row = try desk.pool.read { try Row.fetchOne($0, sql: "SELECT type, category, object, fallback FROM message") }
            #expect(row?["type"] == "template" && row?["category"] == "utility" && row?["fallback"] as String? == nil)
            try desk.end()
        }
    }

    @Test func withoutAFallbackItFails() async throws {
        let meta = MetaAnswers()
        meta.next.set([.refused(131047)])
        try await meta.serve { address in
            let scene = try await Scene(address)
            _ = try await scene.send()
            #expect(try await scene.desk.state(scene.id) == .failed)
            #expect(try await scene.desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM job") } == 0)
            try scene.desk.end()
        }
    }

    /// While nothing answers, one message at a time tries whether something does, and none of them fails of it.
    @Test func tryingWhetherMetaAnswersCostsNoMessage() async throws {
        let scene = try await Scene("http://127.0.0.1:1", attempts: 0)
        for _ in 0..<20 { scene.desk.pacer.noAnswer("1") }
        #expect(try await scene.send() != nil)
        #expect(try await scene.desk.state(scene.id) == .queued)
        try scene.desk.end()
    }

    private func check(_ error: GraphError, _ desk: OutboxDesk, _ comment: Comment) async throws {
        let measures = error.measures
        let admission = desk.pacer.allowance("1", free: 10)
        let rests = if case .rest = admission { true } else { false }
        // An account that is held by a status sends nothing that it pays for, and goes on answering.
        let isHeld = error.httpStatus == nil && measures.contains(.holdAccount)
        #expect((desk.numbers.account("1")?.health == .held) == isHeld, comment)
        let stops: Set<GraphError.Measure> =
            isHeld ? [.restNumber, .restAccount, .restApp] : [.restNumber, .holdNumber, .restAccount, .restApp]
        // A number that is slowed down has its next place a moment later.
        #expect(measures.contains(.slowNumber) || rests == !measures.isDisjoint(with: stops), comment)
        let isSlower = (desk.pacer.status("1")?.share ?? 1) < 1
        #expect(isSlower == measures.contains(.slowNumber), comment)
        let pair = desk.pacer.admit("1", contact: "919800000000", opensConversation: false)
        #expect((pair ?? .zero) > .seconds(0) || !measures.contains(.holdPair), comment)
        let consent = try await desk.consents.get(.init(contact: "919800000000"), workspace: "w").state
        #expect((consent == .marketingStopped) == measures.contains(.recordOptOut), comment)
        #expect((desk.numbers.account("1")?.health == .resting) == measures.contains(.restrictNumber), comment)
        let campaign = try await desk.campaigns.find("c", workspace: "w").campaign
        #expect((campaign.state == .paused) == measures.contains(.pauseCampaign), comment)
    }

    /// Nothing went out: it is tried again as often as it may be, and then it fails and says why.
    @Test func whatNeverReachedMetaIsTriedAgainUpToItsLimit() async throws {
        let scene = try await Scene("http://127.0.0.1:1", attempts: 3)
        #expect(try await scene.send() == .seconds(1))
        #expect(try await scene.desk.state(scene.id) == .queued)
        try scene.desk.end()

        let last = try await Scene("http://127.0.0.1:1", attempts: 0)
        #expect(try await last.send() == nil)
        let message = try await last.desk.outbox.get(last.id, workspace: "w")
        #expect(message.state == .failed && message.error?.contains("could not be reached in 1 tries") == true)
        try last.desk.end()
    }

    /// An answer that says nothing of the message may have come after Meta had taken it.
    @Test(arguments: [(500, "oops"), (200, "{}"), (200, "<html>"), (502, ""), (408, "{}"), (503, #"{"error":{"message":"x"}}"#)])
    func anAnswerThatCannotBeReadLeavesItUnknown(status: Int, body: String) async throws {
        let meta = MetaAnswers()
        meta.next.set([.init(status: status, body: body)])
        try await meta.serve { address in
            let scene = try await Scene(address)
            #expect(try await scene.send() == nil)
            #expect(try await scene.desk.state(scene.id) == .unknown)
            try scene.desk.end()
        }
    }
}
