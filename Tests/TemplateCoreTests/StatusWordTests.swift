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

/// What Meta says of a template beside its review can be read with it.
@Suite struct StatusWordTests {
    private func run(_ body: (@escaping (String, JSONValue) async throws -> Template) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.templateService, path: "\(folder)/t.sqlite", migrator: TemplateMigrations.migrator)
        let (events, clock) = (EventLog(Reads(pool)), WallClock { Timestamp(milliseconds: 1_790_000_000_000) })
        let store = TemplateStore(reads: Reads(pool), events: events, clock: clock, chance: .system)
        let params = CreateTemplate.Params(name: "news", language: "en_US", category: .utility, body: "Hello there.")
        let template = try await store.create(params, workspace: "w")
        try await store.file(template.id, in: "102290129340398")
        try await store.setReview(template.id, after: .draft, .approved, reason: nil, metaID: "1")
        func tell(_ field: String, _ value: JSONValue) async throws -> Template {
            var members = value.object ?? [:]
            (members["message_template_name"], members["message_template_language"]) = ("news", "en-US")
            guard case .template(let event) = MetaEvent(field: field, value: .object(members)) else {
                throw Fault(.internal, "\(field) is no template event")
            }
            let key = "\(field) \(JSON.text(value))"
            #expect(try await store.applyEvent(.init(key: key, wabaID: "102290129340398", event: event)))
            return try await store.find("news", "en_US", workspace: "w").template
        }
        try await body(tell)
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Source of the shapes: Meta, message_template_status_update.
    @Test func aWordOfTheStatusIsKeptWithWhatMetaSaysOfIt() async throws {
        try await run { tell in
            let field = "message_template_status_update"
            let paused = try await tell(
                field,
                ["event": "PAUSED", "reason": "NONE", "other_info": ["title": "RATE_LIMITING_PAUSE", "description": "Too many at once"]])
            #expect(paused.review == .paused && paused.metaStatus == .known(.paused) && paused.statusTitle == .known(.rateLimitingPause))
            #expect(paused.statusDetails == "description Too many at once")
            let back = try await tell(field, ["event": "APPROVED", "reason": "NONE"])
            #expect(back.review == .approved && back.statusTitle == nil && back.statusDetails == nil, "of the word before")
            let flagged = try await tell(
                field, ["event": "FLAGGED", "reason": "ABUSIVE_CONTENT", "disable_info": ["disable_date": 1_790_000_000]])
            #expect(flagged.review == .approved && flagged.metaStatus == .known(.flagged), "it can be sent, and Meta warns")
            #expect(flagged.statusDetails == "reason ABUSIVE_CONTENT; disable_date 2026-09-21T14:13:20Z")
            let limited = try await tell(field, ["event": "LIMIT_EXCEEDED", "reason": "NONE"])
            #expect(limited.review == .approved && limited.metaStatus == .known(.limitExceeded) && limited.statusDetails == nil)
            let rejected = try await tell(
                field,
                [
                    "event": "REJECTED", "reason": "INVALID_FORMAT",
                    "rejection_info": ["reason": "Two variables meet", "recommendation": "Put words between"],
                ])
            #expect(rejected.review == .rejected && rejected.reviewReason == "INVALID_FORMAT")
            #expect(rejected.statusDetails == "reason Two variables meet; recommendation Put words between")
        }
    }

    /// Meta announces a move a day before, and may only have found that the category is wrong.
    @Test(arguments: ["template_category_update", "template_correct_category_detection"])
    func aCategoryThatMetaHoldsToBeRightIsShownUntilItIsTheTemplates(field: String) async throws {
        try await run { tell in
            let told = try await tell(field, ["new_category": "UTILITY", "correct_category": "MARKETING"])
            #expect(told.category == .utility && told.correctCategory == "MARKETING")
            let moved = try await tell("template_category_update", ["previous_category": "UTILITY", "new_category": "MARKETING"])
            #expect(moved.category == .marketing && moved.correctCategory == nil)
            // What was found before the move may come after it.
            let late = try await tell(field, ["new_category": "MARKETING", "correct_category": "MARKETING", "is_late": true])
            #expect(late.category == .marketing && late.correctCategory == nil)
        }
    }

    /// Source: Meta, message_template_status_update: a locked template cannot be edited.
    @Test func aLockedTemplateIsSentAsBeforeUnlessItIsPaused() async throws {
        try await run { tell in
            let field = "message_template_status_update"
            let locked = try await tell(field, ["event": "LOCKED", "reason": "NONE"])
            #expect(locked.review == .approved && locked.metaStatus == .known(.locked))
            let paused = try await tell(field, ["event": "LOCKED", "reason": "NONE", "other_info": ["title": "FIRST_PAUSE"]])
            #expect(paused.review == .paused)
        }
    }

    @Test func theRatingBeforeIsKept() async throws {
        try await run { tell in
            let rated = try await tell(
                "message_template_quality_update", ["previous_quality_score": "GREEN", "new_quality_score": "YELLOW"])
            #expect(rated.quality == "YELLOW" && rated.previousQuality == "GREEN")
        }
    }
}
