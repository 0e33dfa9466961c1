import Foundation
import GRDB
import MetaEvents
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import TemplateCore

/// Two accounts may have templates of one name and language: Meta's word is about one of them.
@Suite struct NamesakeTemplateTests {
    private static let waba: WABAID = "102290129340398"
    private static let other: WABAID = "102290129340399"

    /// The templates of three workspaces, the last of which never submitted its own.
    private func run(_ body: (TemplateStore) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.templateService, path: "\(folder)/t.sqlite", migrator: TemplateMigrations.migrator)
        let store = TemplateStore(
            reads: Reads(pool), events: EventLog(Reads(pool)), clock: WallClock { Timestamp(milliseconds: 1_790_000_000_000) },
            chance: .system)
        for (workspace, waba) in [("a", Self.waba), ("b", Self.other), ("c", nil)] as [(String, WABAID?)] {
            let params = CreateTemplate.Params(name: "news", language: "en", category: .utility, body: "Hello there.")
            let template = try await store.create(params, workspace: workspace)
            guard let waba else { continue }
            try await store.file(template.id, in: waba)
            try await store.setReview(template.id, after: .draft, .approved, reason: nil, metaID: "1")
        }
        try await body(store)
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    private func templates(_ store: TemplateStore) async throws -> [String: Template] {
        var found: [String: Template] = [:]
        for workspace in ["a", "b", "c"] { found[workspace] = try await store.find("news", "en", workspace: workspace).template }
        return found
    }

    @Test(arguments: [
        TemplateEvent(.status, name: "news", language: "en", event: "PAUSED", category: "MARKETING"),
        TemplateEvent(.category, name: "news", language: "en", category: "MARKETING"),
        TemplateEvent(.quality, name: "news", language: "en", quality: "RED"),
        TemplateEvent(.components, name: "news", language: "en", body: "Buy now!"),
    ]) func onlyTheTemplateOfTheNamedAccountChanges(_ event: TemplateEvent) async throws {
        try await run { store in
            let before = try await templates(store)
            let isOurs = try await store.applyEvent(.init(key: "1", wabaID: Self.waba, event: event))
            let after = try await templates(store)
            #expect(isOurs && after["a"] != before["a"])
            #expect(after["b"] == before["b"] && after["c"] == before["c"])
            if event.kind == .status { #expect(after["a"]?.review == .paused) }
            if event.kind == .status || event.kind == .category { #expect(after["a"]?.category == .marketing) }
            // An event of an account that no template was submitted to is about no template of the workspace.
            let isForeign = try await store.applyEvent(.init(key: "2", wabaID: "1", event: event))
            #expect(!isForeign)
            #expect(try await templates(store) == after)
        }
    }
}
