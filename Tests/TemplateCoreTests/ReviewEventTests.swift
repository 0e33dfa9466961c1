import Foundation
import GRDB
import MetaEvents
import RPCContract
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import TemplateCore

/// What Meta's events say of a template, in which languages it takes one, and who gets which.
@Suite struct ReviewEventTests {
    private func status(_ event: String, category: MetaWord<TemplateEvent.Category>? = nil) -> TemplateEvent {
        TemplateEvent(.status, name: "news", language: "en", event: MetaWord(event), category: category)
    }

    @Test(
        arguments: [
            ("APPROVED", .approved), ("REINSTATED", .approved), ("REJECTED", .rejected), ("IN_APPEAL", .pending), ("PAUSED", .paused),
            ("DISABLED", .disabled), ("PENDING_DELETION", .disabled), ("ARCHIVED", .disabled), ("LOCKED", nil), ("FLAGGED", nil),
            ("LIMIT_EXCEEDED", nil), ("", nil),
        ] as [(String, Template.Review?)])
    func aReviewIsWhatTheEventSays(event: String, review: Template.Review?) {
        #expect(Template.Review(status(event)) == review)
    }

    @Test func otherEventsSayNothingOfTheReview() {
        #expect(Template.Review(TemplateEvent(.quality, name: "news", language: "en", event: "APPROVED", quality: "RED")) == nil)
    }

    @Test func aMoveCountsOnceItIsDone() {
        #expect(TemplateEvent(.category, name: "n", language: "en", category: "MARKETING").movedTo == .marketing)
        #expect(status("APPROVED", category: "UTILITY").movedTo == .utility)
        #expect(TemplateEvent(.category, name: "n", language: "en", category: "MARKETING", isUpcoming: true).movedTo == nil)
        #expect(TemplateEvent(.category, name: "n", language: "en", category: "SERVICE_NEWS").movedTo == nil)
        #expect(TemplateEvent(.quality, name: "n", language: "en", category: "MARKETING").movedTo == nil)
    }

    @Test(
        arguments: [
            ("en_US", nil), ("en-US", nil), ("mr", nil), ("EN_us", "did you mean en_US?"), ("hi_IN", "did you mean hi?"),
            ("pt", "there are pt_BR, pt_PT."), ("xx", "for example en, en_US, hi or mr."),
        ] as [(String, String?)])
    func aLanguageThatMetaDoesNotTakeIsCorrected(code: String, hint: String?) {
        let problem = TemplateLanguages.problem(code)
        #expect((problem == nil) == (hint == nil) && problem?.hasSuffix(hint ?? "") ?? true, "\(problem ?? "-")")
        #expect(TemplateLanguages.canonical("en-US") == "en_US")
    }

    /// Why a template cannot be sent is said as Meta says it: what can come back is not gone for good.
    @Test(
        arguments: [
            (.disabled, "ARCHIVED", nil, "is archived at Meta"),
            (.paused, "LOCKED", "RATE_LIMITING_PAUSE", "rate limit, and not for low quality"),
            (.disabled, "PENDING_DELETION", nil, "was deleted"), (.disabled, "DISABLED", "DISABLED", "for good"),
            (.disabled, nil, nil, "for good"), (.paused, "PAUSED", "FIRST_PAUSE", "for low quality"),
            (.paused, "PAUSED", "RATE_LIMITING_PAUSE", "rate limit, and not for low quality"),
            (.paused, "PAUSED", "A_NEW_ONE", "(A_NEW_ONE)"),
            (.paused, nil, nil, "for low quality"), (.paused, "FLAGGED", nil, "when Meta says so"),
            (.disabled, "FLAGGED", nil, "as Meta has it now"),
        ] as [(Template.Review, String?, String?, String)])
    func whyItCannotBeSentIsSaidAsMetaSaysIt(review: Template.Review, word: String?, title: String?, words: String) {
        var template = Template.example
        (template.review, template.metaStatus, template.statusTitle) = (review, word.map { MetaWord($0) }, title.map { MetaWord($0) })
        #expect(template.standing.contains(words), "\(template.standing)")
    }

    // MARK: Experiments

    private func experiments(_ body: (Experiments) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.templateService, path: "\(folder)/t.sqlite", migrator: TemplateMigrations.migrator)
        let clock = WallClock { Timestamp(milliseconds: 1_790_000_000_000) }
        let (reads, events) = (Reads(pool), EventLog(Reads(pool)))
        let store = TemplateStore(reads: reads, events: events, clock: clock, chance: .system)
        for (name, category) in [("a", .utility), ("b", .utility), ("offer", .marketing)] as [(String, Template.Category)] {
            _ = try await store.create(
                CreateTemplate.Params(name: name, language: "en", category: category, body: "Hello there."), workspace: "w")
        }
        try await body(Experiments(pool: pool, reads: reads, events: events, clock: clock))
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    private func create(_ experiments: Experiments, _ shares: [(String, Int)]) async throws -> Experiment {
        let variants = shares.map { Experiment.Variant(template: $0.0, share: $0.1) }
        return try await experiments.create(.init(name: "E", variants: variants), workspace: "w")
    }

    @Test func anExperimentHasKnownTemplatesOfOneCategory() async throws {
        try await experiments { experiments in
            let unknown = await #expect(throws: Fault.self) { try await create(experiments, [("a", 1), ("nothing", 1)]) }
            #expect(unknown?.code == .templateUnknown && unknown?.path == "variants[1].template")
            let mixed = await #expect(throws: Fault.self) { try await create(experiments, [("a", 1), ("offer", 1)]) }
            #expect(mixed?.code == .templateInvalid && mixed?.path == "variants[1].template")
            let made = try await create(experiments, [("a", 1), ("b", 1)])
            #expect(made.state == .running)
            #expect(try await create(experiments, [("a", 1), ("b", 1)]) == made, "the same again is the same")
            let other = await #expect(throws: Fault.self) { try await create(experiments, [("a", 1), ("b", 2)]) }
            #expect(other?.code == .experimentTaken)
            let foreign = await #expect(throws: Fault.self) { try await experiments.get("E", workspace: "other") }
            #expect(foreign?.code == .experimentUnknown)
        }
    }

    @Test func itsWinnerIsOneOfItsTemplates() async throws {
        try await experiments { experiments in
            _ = try await create(experiments, [("a", 1), ("b", 1)])
            let loser = await #expect(throws: Fault.self) {
                try await experiments.stop(.init(name: "E", winner: "offer"), workspace: "w")
            }
            #expect(loser?.code == .params && loser?.path == "winner")
            let stopped = try await experiments.stop(.init(name: "E", winner: "b"), workspace: "w")
            #expect(stopped.state == .stopped && stopped.winner == "b")
            #expect(try await experiments.stop(.init(name: "E", winner: "b"), workspace: "w") == stopped)
            #expect(try await experiments.list(workspace: "w").items == [stopped])
        }
    }
}
