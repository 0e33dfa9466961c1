import AccountContract
import Coordination
import GRDB
import JobQueue
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountNumbers
@testable import AccountOutbox
@testable import AccountPacing

/// What looks after numbers and messages from time to time, one look at a time.
@Suite struct WatchTests {
    // MARK: LoadWatch

    @Test func aNumberIsSaturatedOnceAndRelaxedOnce() async throws {
        let desk = try await OutboxDesk()
        let watch = LoadWatch(store: desk.store, numbers: desk.numbers, pacer: desk.pacer, outbox: desk.outbox, logger: desk.quiet)
        let news = { @Sendable in
            try await desk.pool.read {
                try String.fetchAll(
                    $0, sql: "SELECT type FROM event WHERE type IN ('account.saturated', 'account.relaxed') ORDER BY cursor")
            }
        }
        _ = try await desk.numbers.update(.init(phoneNumberID: "1", messagesPerSecond: 1))
        try await desk.addCampaign("c", deadline: desk.now.value)
        try await desk.queueRecipients(of: "c", 60)
        var full: Set<PhoneNumberID> = []
        var unwritten: [PhoneNumberID: LoadMeter.Load] = [:]
        for _ in 0..<2 { try await watch.look(&full, &unwritten) }
        #expect(full == ["1"])
        #expect(try await news() == ["account.saturated"])
        for _ in 0..<6 { try await desk.lease() }
        for _ in 0..<2 { try await watch.look(&full, &unwritten) }
        #expect(full.isEmpty)
        #expect(try await news() == ["account.saturated", "account.relaxed"])
        try desk.end()
    }

    /// What was sent while the database took nothing is written with the next look, and not twice.
    @Test func whatWasSentIsKeptByTheHour() async throws {
        let desk = try await OutboxDesk()
        let watch = LoadWatch(store: desk.store, numbers: desk.numbers, pacer: desk.pacer, outbox: desk.outbox, logger: desk.quiet)
        var full: Set<PhoneNumberID> = []
        var unwritten: [PhoneNumberID: LoadMeter.Load] = ["1": LoadMeter.Load(messages: 5, peak: 5)]
        desk.pacer.begins("1")
        try await desk.pacer.waitForTurn(of: "1")
        for _ in 0..<2 { try await watch.look(&full, &unwritten) }
        let load = try await desk.pool.read { try desk.numbers.load($0, "1", since: 0) }
        #expect(load.messages == 6 && load.peak == 5 && unwritten.isEmpty)
        try desk.end()
    }

    // MARK: UnknownMessages

    @Test func onlyAnUnbrokenWatchCounts() {
        var attention = Attention(since: 0, every: 1000)
        #expect(!attention.looks(at: 999) && attention.span == .zero)
        #expect(attention.looks(at: 1000) && attention.looks(at: 3500))
        #expect(attention.span == 3500 && attention.next == 4500)
        #expect(attention.absence == nil)
        #expect(attention.looks(at: 8000) && attention.span == .zero, "longer than three looks: it was away")
        #expect(attention.absence == 3500..<8000)
        #expect(attention.looks(at: 9000) && attention.span == 1000)
        #expect(attention.absence == 3500..<8000, "until it is recorded")
        #expect(attention.looks(at: 20_000) && attention.absence == 3500..<20_000)
        attention.hasRecordedAbsence()
        #expect(attention.looks(at: 5000) && attention.span == .zero && attention.absence == nil, "set back")
        #expect(attention.looks(at: 6000) && attention.span == 1000)
        // Away, set back before it was recorded, and away again.
        #expect(attention.looks(at: 20_000) && attention.looks(at: 1000) && attention.looks(at: 5000))
        #expect(attention.absence == 1000..<20_000)
    }

    private func unknownMessages(_ desk: OutboxDesk) throws -> UnknownMessages {
        UnknownMessages(
            clock: desk.store.clock, outbox: desk.outbox, numbers: desk.numbers, senders: desk.senders, gaps: desk.gaps,
            grace: .minutes(1), gapGrace: .minutes(10), isResentInSilence: false, lastLook: try desk.outbox.lastLook(),
            logger: desk.quiet)
    }

    /// A clock that is put forward lets no time pass: the status is on its way all the same.
    @Test func aClockPutForwardEndsNoGraceTime() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.interrupted()
        let watch = try unknownMessages(desk)
        var attention = watch.attention
        func pass(_ span: Milliseconds) async throws {
            desk.now.set(desk.now.value + span)
            try await desk.status("another", at: desk.now.value)
            try await watch.look(&attention)
        }
        try await pass(.seconds(6))
        // Twice: what the first holds up, the second must not let go.
        for leap in [Milliseconds.minutes(20), .hours(2)] {
            try await pass(leap)
            #expect(try await desk.state(id) == .unknown)
            try await pass(.seconds(6))
            #expect(try await desk.state(id) == .unknown)
        }
        for _ in 0..<39 { try await pass(.seconds(15)) }
        #expect(try await desk.state(id) == .unknown)
        try await pass(.seconds(15))
        #expect(try await desk.state(id) == .queued, "ten minutes have passed")
        try desk.end()
    }

    /// A desk whose one message is unknown and was looked after once.
    private func looked(_ desk: OutboxDesk) async throws -> MessageID {
        let id = try await desk.interrupted()
        var attention = try unknownMessages(desk).attention
        desk.now.set(desk.now.value + .seconds(6))
        try await unknownMessages(desk).look(&attention)
        return id
    }

    /// Another start, and its first look, after statuses of now.
    private func lookAtStart(_ desk: OutboxDesk) async throws {
        let watch = try unknownMessages(desk)
        var attention = watch.attention
        try await desk.status("another", at: desk.now.value)
        try await watch.look(&attention)
        desk.now.set(desk.now.value + .seconds(6))
        try await watch.look(&attention)
    }

    /// Put forward while the process was away, too.
    @Test func aClockPutForwardBeforeTheStartEndsNoGraceTime() async throws {
        let desk = try await OutboxDesk()
        let id = try await looked(desk)
        desk.now.set(desk.now.value + .minutes(20))
        try await lookAtStart(desk)
        #expect(try await desk.state(id) == .unknown)
        try desk.end()
    }

    /// What counts is when somebody looked, and not when something was sent: a quiet host may be restarted.
    @Test func aRestartIsNoAbsence() async throws {
        let desk = try await OutboxDesk()
        let id = try await looked(desk)
        let watch = try unknownMessages(desk)
        var attention = watch.attention
        for _ in 0..<12 {
            desk.now.set(desk.now.value + .seconds(6))
            try await watch.look(&attention)
        }
        desk.now.set(desk.now.value + .seconds(10))
        try await lookAtStart(desk)
        #expect(try await desk.state(id) == .queued)
        try desk.end()
    }

    /// The clock was a day ahead as the message went out: nobody waits until that day.
    @Test func aClockSetBackHoldsNothingUp() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        desk.now.set(start + .days(1))
        let id = try await looked(desk)
        desk.now.set(start)
        try await lookAtStart(desk)
        #expect(try await desk.state(id) == .unknown)
        let watch = try unknownMessages(desk)
        #expect(watch.attention.next <= desk.now.value + .seconds(6))
        for look in 1...4 {
            desk.now.set(start + .seconds(17) * look)
            try await lookAtStart(desk)
        }
        #expect(try await desk.state(id) == .queued, "a grace time has passed since")
        try desk.end()
    }

    /// Absence after absence: what Meta does not deliver in seven days, it does not deliver.
    @Test func noGapLastsForEver() async throws {
        let desk = try await OutboxDesk()
        let id = try await looked(desk)
        let start = desk.now.value
        func leap(until end: Timestamp) async throws {
            while desk.now.value < end {
                desk.now.set(desk.now.value + .hours(3))
                try await lookAtStart(desk)
            }
        }
        try await leap(until: start + .days(7))
        #expect(try await desk.state(id) == .unknown)
        try await leap(until: start + .days(7) + .hours(9))
        #expect(try await desk.state(id) == .queued)
        try desk.end()
    }

    /// Whose number was removed is given up as late as any other.
    @Test func aClockPutForwardGivesNothingUp() async throws {
        let desk = try await OutboxDesk()
        let id = try await looked(desk)
        try await desk.numbers.delete("1")
        desk.now.set(desk.now.value + .hours(9))
        try await lookAtStart(desk)
        #expect(try await desk.state(id) == .unknown)
        try desk.end()
    }

    /// Put forward between the look and the transaction.
    @Test func aLookIsOfItsMoment() async throws {
        let desk = try await OutboxDesk()
        _ = try await desk.interrupted()
        let now = desk.now.value
        desk.now.set(now + .minutes(10))
        try await desk.status("another", at: desk.now.value)
        let count = try await desk.outbox.resendUnknown(
            desk.numbers, at: now, gaps: desk.gaps, grace: .minutes(1), patience: nil, gapGrace: .hours(1))
        #expect(count == 0)
        try desk.end()
    }

    @Test func whatShouldHaveBeenHeardOfLongAgoIsCounted() async throws {
        let desk = try await OutboxDesk()
        let watch = try unknownMessages(desk)
        _ = try await desk.interrupted()
        #expect(try await watch.countOverdue() == 0)
        desk.now.set(desk.now.value + .minutes(7) + 1)
        #expect(try await watch.countOverdue() == 1)
        try desk.end()
    }

    // MARK: QualityWatch

    private func watch(_ desk: OutboxDesk) -> QualityWatch {
        QualityWatch(store: desk.store, numbers: desk.numbers, graph: desk.graph, poll: .minutes(5), ramp: .minutes(10), logger: desk.quiet)
    }

    @Test func whatMetaTellsOfANumberIsHeard() async throws {
        let meta = MetaAnswers()
        meta.next.set([
            .init(body: #"{"quality_rating":"YELLOW","throughput":{"level":"HIGH"},"whatsapp_business_manager_messaging_limit":"TIER_2K"}"#)
        ])
        try await meta.serve { address in
            let desk = try await OutboxDesk(meta: address)
            try await watch(desk).ask(try desk.numbers.found("1"))
            let number = try desk.numbers.found("1")
            #expect(number.quality == .yellow && number.messagesPerSecond == 1000)
            #expect(desk.numbers.headroom(["1"]) == 2000)
            // Refused, unreadable, or of another shape, it changes nothing and breaks nothing.
            for answer in ["{}", "[]", "x", #"{"quality_rating":7,"throughput":[],"whatsapp_business_manager_messaging_limit":{}}"#] {
                meta.next.set([.init(body: answer)])
                try await watch(desk).ask(number)
            }
            meta.next.set([.refused(190)])
            try await watch(desk).ask(number)
            #expect(try desk.numbers.found("1") == number)
            try desk.end()
        }
    }

    /// Before Meta has said a limit, and in a word that is not known, nothing is lifted.
    @Test func whatIsNotKnownLiftsNoLimit() async throws {
        let meta = MetaAnswers()
        try await meta.serve { address in
            let desk = try await OutboxDesk(meta: address)
            func portfolio() throws -> ListPortfolios.Item { try #require(desk.numbers.portfolios("w").items.first) }
            func tell(_ limit: String) async throws {
                meta.next.set([.init(body: #"{"whatsapp_business_manager_messaging_limit":\#(limit)}"#)])
                try await watch(desk).ask(try desk.numbers.found("1"))
            }
            #expect(try portfolio().messagingLimit == 250 && portfolio().isAssumed)
            try await tell(#""TIER_NOT_SET""#)
            #expect(try portfolio().messagingLimit == 250 && portfolio().isAssumed && portfolio().word == "TIER_NOT_SET")
            try await tell(#""TIER_1K""#)
            #expect(try portfolio().messagingLimit == 1000 && !portfolio().isAssumed && portfolio().word == nil)
            for word in [#""TIER_NOT_SET""#, "0", "-7", #"{"a":1}"#] {
                try await tell(word)
                #expect(try portfolio().messagingLimit == 1000 && !portfolio().isAssumed && portfolio().word != nil, "\(word)")
            }
            try await tell(#""TIER_1K""#)
            #expect(try portfolio().word == nil, "it is taken back once Meta says what we know")
            try desk.end()
        }
    }

    /// Meta is asked about a number as soon as it is there.
    @Test func aNewNumberIsAskedAboutAtOnce() async throws {
        let desk = try await OutboxDesk()
        #expect(desk.numbers.questions.value == ["1"])
        try desk.end()
    }

    @Test func aRestedNumberGrowsStepByStepAndNotBeforeItsTime() async throws {
        let desk = try await OutboxDesk()
        let numbers = desk.numbers
        for quality in [Account.Quality.red, .green] {
            try await numbers.change { db in try numbers.hear(db, .quality(quality), of: "1") }
        }
        #expect(numbers.account("1")?.health == .recovering)
        for _ in 0..<3 { try await watch(desk).grow(try numbers.found("1"), desk.now.value) }
        var steps = 0
        while numbers.account("1")?.health == .recovering, steps < 20 {
            desk.now.set(desk.now.value + .minutes(10))
            try await watch(desk).grow(try numbers.found("1"), desk.now.value)
            steps += 1
        }
        #expect(numbers.account("1")?.health == .ready && (2..<20).contains(steps), "\(steps)")
        try desk.end()
    }

    /// An operator's lower rate stands, whatever Meta gives.
    @Test func anOperatorsCapIsNotRaisedByMeta() async throws {
        let meta = MetaAnswers()
        meta.next.set([.init(body: #"{"throughput":{"level":"HIGH"}}"#)])
        try await meta.serve { address in
            let desk = try await OutboxDesk(meta: address)
            _ = try await desk.numbers.update(.init(phoneNumberID: "1", messagesPerSecond: 20))
            try await watch(desk).ask(try desk.numbers.found("1"))
            #expect(try desk.numbers.found("1").messagesPerSecond == 20)
            // Given back, Meta's word counts.
            _ = try await desk.numbers.update(.init(phoneNumberID: "1", messagesPerSecond: 80))
            try await watch(desk).ask(try desk.numbers.found("1"))
            #expect(try desk.numbers.found("1").messagesPerSecond == 1000)
            try desk.end()
        }
    }

    /// Meta says how long a restriction lasts: no shorter and no longer.
    @Test(arguments: [Milliseconds.hours(3), .days(7)]) func aRestrictionEndsWhenMetaSays(lasts: Milliseconds) async throws {
        let desk = try await OutboxDesk()
        let (numbers, start) = (desk.numbers, desk.now.value)
        try await numbers.change { db in
            try numbers.hear(db, .restricted("x"), of: "1")
            try numbers.restrict(db, "1", until: start + lasts)
        }
        for (time, health) in [(start + lasts - 1, Account.Health.resting), (start + lasts, .recovering)] {
            desk.now.set(time)
            try await watch(desk).grow(try numbers.found("1"), time)
            #expect(numbers.account("1")?.health == health)
        }
        try desk.end()
    }

    // MARK: Linking

    @Test func onlyWhatMetaHasTakenIsAStep() async throws {
        let meta = MetaAnswers()
        meta.next.set([.init(body: #"{"success":true}"#)])
        try await meta.serve { address in
            let desk = try await OutboxDesk(meta: address)
            let linking = Linking(numbers: desk.numbers, graph: desk.graph)
            #expect(try await linking.unlink("1", workspace: "w").link == .unlinked)
            let early = await #expect(throws: Fault.self) {
                try await linking.confirm(.init(phoneNumberID: "1", pin: "123456"), workspace: "w")
            }
            #expect(early?.code == .linkState && meta.asked.value.count == 1, "out of order, Meta is not asked")
            #expect(try await linking.link(.init(phoneNumberID: "1"), workspace: "w").link == .codeRequested)
            meta.next.set([.refused(136025)])
            let wrong = await #expect(throws: Fault.self) {
                try await linking.confirm(.init(phoneNumberID: "1", code: "000000", pin: "123456"), workspace: "w")
            }
            #expect(wrong?.code == .metaRefused && desk.numbers.account("1")?.link == .codeRequested)
            // Verified and not registered: the next call goes on from there.
            meta.next.set([.init(body: #"{"success":true}"#), .refused(133005)])
            _ = await #expect(throws: Fault.self) {
                try await linking.confirm(.init(phoneNumberID: "1", code: "123456", pin: "1"), workspace: "w")
            }
            #expect(desk.numbers.account("1")?.link == .verified)
            meta.next.set([.init(body: #"{"success":true}"#)])
            #expect(try await linking.confirm(.init(phoneNumberID: "1", pin: "123456"), workspace: "w").link == .registered)
            let foreign = await #expect(throws: Fault.self) { try await linking.unlink("1", workspace: "x") }
            #expect(foreign?.code == .accountUnknown)
            try desk.end()
        }
    }
}
