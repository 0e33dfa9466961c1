import Foundation
import GRDB
import MetaEvents
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import TemplateCore

/// Templates and experiments are found by an index, in their order.
@Suite struct TemplatePlanTests {
    @Test func everythingIsFoundByAnIndex() async throws {
        let plans = StatementPlans(
            bounded: ["template": "people write them, and Meta takes some thousands of an account"],
            exceptions: [])
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(
            .templateService, path: "\(folder)/t.sqlite", migrator: TemplateMigrations.migrator, onConnection: { plans.watch($0) })
        let clock = WallClock { Timestamp(milliseconds: 1_790_000_000_000) }
        let (reads, events) = (Reads(pool), EventLog(Reads(pool)))
        let store = TemplateStore(reads: reads, events: events, clock: clock, chance: .system)
        let experiments = Experiments(pool: pool, reads: reads, events: events, clock: clock)
        let problems = try await plans.problems(of: pool) {
            for name in ["a", "b"] {
                let params = CreateTemplate.Params(name: name, language: "en", category: .utility, body: "Hello there.")
                let template = try await store.create(params, workspace: "w")
                let before = try await store.find(name, "en", workspace: "w")
                try await store.file(template.id, in: "102290129340398")
                try await store.takeBack(before, from: "102290129340399")
                try await store.setReview(template.id, after: .draft, .approved, reason: nil, metaID: name)
            }
            for params in [ListTemplates.Params(), .init(category: .utility)] { _ = try await store.list(params, workspace: "w") }
            _ = try await store.find("a", nil, workspace: "w")
            let event = TemplateEvent(.quality, name: "a", language: "en", quality: "RED")
            _ = try await store.applyEvent(.init(key: "1", wabaID: "102290129340398", event: event))
            let variants = ["a", "b"].map { Experiment.Variant(template: $0, share: 1) }
            _ = try await experiments.create(.init(name: "E", variants: variants), workspace: "w")
            let result = Experiment.Result(template: "a", messages: 1, delivered: 1, read: 1, failed: 0)
            try await experiments.record(.init(name: "E", source: "c", results: [result]), workspace: "w")
            _ = try await experiments.list(workspace: "w")
            _ = try await experiments.stop(.init(name: "E", winner: "a"), workspace: "w")
            await #expect(throws: DatabaseError.self, "results belong to their experiment") {
                try await pool.write { db in
                    try db.execute(sql: "INSERT INTO experimentResult VALUES ('w', 'nothing', 'a', 'c', 1, 1, 1, 0)")
                }
            }
            try await store.delete("b", nil, workspace: "w")
            try await IdempotencyKeys.prune(pool, now: clock.now)
            try await events.prune(before: clock.now)
        }
        #expect(problems == [])
        #expect(plans.count > 15, "\(plans.count)")
        let references = try await pool.read { try StatementPlans.unservedReferences($0) }
        #expect(references == [])
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
