import AccountContract
import Foundation
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountCore
@testable import AccountOutbox

/// What is forgotten, and what is not.
@Suite struct RetentionTests {
    private func count(_ desk: OutboxDesk, _ sql: String) async throws -> Int {
        try await desk.store.read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    @Test func messagesGoAfterTheirTimeAndWhatWaitsStays() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        for n in 0..<1200 { _ = try await desk.queued("old\(n)") }
        // The last of them still waits.
        try await desk.pool.write { db in
            try db.execute(sql: "UPDATE messageCount SET n = 1")
            try db.execute(sql: "UPDATE message SET state = 'delivered' WHERE requestKey != 'old1199'")
            try MessageCounts.add(db, 1199, .delivered, on: "1", workspace: "w")
            try db.execute(sql: "DELETE FROM job")
        }
        desk.now.set(start + .days(100))
        _ = try await desk.queued("new")
        try await desk.outbox.pruneContents(before: desk.now.value - .days(90))
        #expect(try await count(desk, "SELECT count(*) FROM message WHERE object = '{}'") == 1199)
        try await desk.outbox.pruneContents(before: desk.now.value - .days(90))
        try await desk.outbox.prune(before: desk.now.value - .days(90))
        #expect(try await count(desk, "SELECT count(*) FROM message") == 2, "what waits, and what is new")
        _ = try await desk.store.write { [outbox = desk.outbox] db in
            let id = try #require(try String.fetchOne(db, sql: "SELECT id FROM message WHERE requestKey = 'old1199'"))
            return try outbox.advance(db, MessageID(id), to: .accepted, wamid: "wamid.A")
        }
        try await desk.outbox.pruneContents(before: desk.now.value - .days(90))
        #expect(try await count(desk, "SELECT count(*) FROM message WHERE object = '{}'") == 1, "it is settled now")
        #expect(try await count(desk, "SELECT count(*) FROM messageUnswept") == 0)
        try desk.end()
    }

    @Test func aPageCostsTheSameWhateverIsAskedFor() async throws {
        let desk = try await OutboxDesk()
        let ids = try await desk.pool.write { db -> [MessageID] in
            var ids: [MessageID] = []
            for n in 0..<(Outbox.searched + 100) {
                ids.append(MessageID(ULID.floor(at: Timestamp(milliseconds: Int64(n) + 1))))
                try db.cachedStatement(
                    sql: """
                        INSERT INTO message (id, workspace, requestKey, fingerprint, account, recipient, type, category, object, priority, state,
                          reason, createdAt, updatedAt) VALUES (?, 'w', ?, 0, '1', '91', 'text', 'utility', '{}', 1, ?, '', 0, 0)
                        """
                )
                .execute(arguments: [ids[n], "k\(n)", n == 7 ? "accepted" : "delivered"])
            }
            try MessageCounts.add(db, ids.count - 1, .delivered, on: "1", workspace: "w")
            try MessageCounts.add(db, 1, .accepted, on: "1", workspace: "w")
            return ids
        }
        let first = try await desk.outbox.list(.init(state: .accepted), workspace: "w")
        #expect(first.items.isEmpty && first.next != nil, "it looked through so many and tells where to go on")
        let second = try await desk.outbox.list(.init(state: .accepted, cursor: first.next), workspace: "w")
        #expect(second.items.map(\.id) == [ids[7]] && second.next == nil)
        #expect(try await desk.outbox.list(.init(limit: 2), workspace: "w").items.map(\.id) == ids.suffix(2).reversed())
        let statistics = try await desk.outbox.statistics(.init(), workspace: "w")
        #expect(statistics.total == ids.count && statistics.states == ["delivered": ids.count - 1, "accepted": 1])
        #expect(try await desk.outbox.statistics(.init(requestKeyPrefix: "k7"), workspace: "w").states["accepted"] == 1)
        try desk.end()
    }

    @Test func peoplesTablesForgetWhatNobodyNeeds() async throws {
        let desk = try await OutboxDesk()
        let (routes, consents, start) = (desk.contactRoutes, desk.consents, desk.now.value)
        for n in 0..<3 {
            let person = PersonID(ContactID("91\(n)"))
            try await desk.store.write { db in
                _ = try routes.heard(db, person, on: "1", at: start, workspace: "w")
                for (step, state) in [Consent.State.granted, .stopped].enumerated() {
                    try consents.record(
                        db, person, .init(state: state, at: start + Milliseconds(Int64(step)), source: "form", actor: nil, proof: nil),
                        workspace: "w")
                }
            }
        }
        try await routes.prefer("911", "1", workspace: "w")
        desk.now.set(start + .days(2000))
        try await routes.pruneWindows()
        try await routes.pruneHabits(after: .days(730))
        try await consents.pruneSteps(after: .days(1825))
        #expect(try await count(desk, "SELECT count(*) FROM conversationWindow") == 0)
        #expect(try await count(desk, "SELECT count(*) FROM contactRoute") == 1, "what an operator has chosen stays")
        #expect(try await count(desk, "SELECT count(*) FROM consentStep WHERE state = 'stopped'") == 3, "what holds keeps its proof")
        #expect(try await count(desk, "SELECT count(*) FROM consentStep") == 3)
        #expect(try await consents.get(.init(contact: "910"), workspace: "w").state == .stopped)
        try desk.end()
    }

    @Test func endedCampaignsLoseTheirListsAndLaterGo() async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            let ended = try await scene.plan(.init(name: "A", template: "t", recipients: CampaignScene.people(3), requestKey: "a"))
            let alive = try await scene.plan(.init(name: "B", template: "t", recipients: CampaignScene.people(3), requestKey: "b"))
            _ = try await desk.campaigns.cancel(ended.id.rawValue, workspace: "w")
            scene.pass(.days(31))
            try await desk.campaigns.pruneLists()
            #expect(try await count(desk, "SELECT count(*) FROM broadcastListMember") == 3)
            #expect(try await scene.counts(ended.id) == ["cancelled": 3], "what became of each is kept")
            scene.pass(.days(2000))
            try await desk.campaigns.prune(before: desk.now.value - .days(1825))
            await #expect(throws: Fault.self) { try await scene.row(ended.id) }
            #expect(try await scene.row(alive.id).campaign.state == .planned)
            #expect(try await count(desk, "SELECT count(*) FROM campaignRecipient") == 3)
            // What nobody has started in all that time ends, and goes like the others.
            try await desk.campaigns.expire(before: desk.now.value - .days(1825))
            let expired = try await scene.row(alive.id).campaign
            #expect(expired.state == .cancelled && expired.reason?.hasPrefix("expired: ") == true)
            #expect(try await scene.counts(alive.id) == ["cancelled": 3])
            try await desk.campaigns.pruneLists()
            #expect(try await count(desk, "SELECT count(*) FROM broadcastListMember") == 0)
            scene.pass(.days(1826))
            try await desk.campaigns.prune(before: desk.now.value - .days(1825))
            #expect(try await count(desk, "SELECT count(*) FROM campaign") == 0)
            #expect(try await count(desk, "SELECT count(*) FROM campaignRecipient") == 0)
        }
    }

    /// A paused campaign ends, too; one of which something still moves does not, nor a batch that somebody still fills.
    @Test func whatStandsStillEndsAndWhatMovesLasts() async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            let batch = try await desk.campaigns.create(.init(name: "open", requestKey: "o"), workspace: "w")
            let left = try await desk.campaigns.create(.init(name: "left", requestKey: "l"), workspace: "w")
            try await add("1", to: left.id, scene)
            var paused: [CampaignID] = []
            for name in ["still", "moving"] {
                let campaign = try await scene.plan(
                    .init(name: name, template: "t", recipients: CampaignScene.people(1), start: true, requestKey: name))
                for _ in 0..<2 { _ = try await scene.feeder.look() }
                for id in try await desk.lease() { try await desk.accept(id) }
                try await desk.states.set(campaign.id, .paused, from: [.running], reason: "by hand")
                paused.append(campaign.id)
            }
            scene.pass(.days(100))
            try await desk.campaigns.expire(before: desk.now.value - .days(101))
            #expect(try await scene.row(left.id).campaign.state == .open, "not yet")
            try await add("2", to: batch.id, scene)
            let moving = paused[1]
            let message = try #require(
                try await desk.store.read {
                    try String.fetchOne($0, sql: "SELECT message FROM campaignRecipient WHERE campaign = ?", arguments: [moving])
                })
            _ = try await desk.store.write { [outbox = desk.outbox] db in try outbox.advance(db, MessageID(message), to: .delivered) }
            try await desk.campaigns.expire(before: desk.now.value - .days(90))
            #expect(try await scene.row(batch.id).campaign.state == .open)
            #expect(try await scene.row(left.id).campaign.reason?.hasPrefix("expired: ") == true)
            #expect(try await scene.counts(left.id) == ["cancelled": 1])
            #expect(try await scene.row(paused[0]).campaign.state == .cancelled)
            #expect(try await scene.row(moving).campaign.state == .paused)
            // It goes as campaigns do: its key may be used again.
            scene.pass(.days(91))
            try await desk.campaigns.prune(before: desk.now.value - .days(90))
            await #expect(throws: Fault.self) { try await scene.row(left.id) }
            try await add("1", to: batch.id, scene)
        }
    }

    private func add(_ key: String, to batch: CampaignID, _ scene: CampaignScene) async throws {
        let message = SendMessage.Params(to: "919800000001", template: .init(name: "t", variables: [:]), requestKey: key)
        let reply = try await scene.batches.add(.init(id: batch.rawValue, messages: [message]), workspace: "w")
        #expect(reply.added == 1, "\(reply.problems)")
    }

    /// Of a batch that was open before its filling was dated nobody knows how long it has stood still: it is not ended at once.
    @Test func aBatchOfBeforeCountsFromTheLatestEvent() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/t.sqlite")
        let migrator = AccountMigrations.migrator
        try migrator.migrate(pool, upTo: "v3-repeats")
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO campaign (id, workspace, requestKey, fingerprint, kind, name, state, priority, attempts, createdAt)
                    VALUES ('b', 'w', 'k', 0, 'batch', 'B', 'open', 300, 3, 1), ('d', 'w', 'l', 0, 'batch', 'D', 'finished', 300, 3, 1);
                    INSERT INTO event (at, type, workspace, subject, data) VALUES (7, 'message.queued', 'w', 'm', '{}')
                    """)
        }
        try migrator.migrate(pool)
        let filled = try await pool.read { try Timestamp?.fetchAll($0, sql: "SELECT filledAt FROM campaign ORDER BY id") }
        #expect(filled == [7, nil])
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
