import Foundation
import GRDB
import MetaEvents
import RPCContract
import Storage
import Synchronization
import TemplateContract
import Vocabulary

/// Owns the templates; parsed texts are kept at hand for rendering.
final class TemplateStore: Sendable {
    struct Entry: Sendable {
        var template: Template
        var header: TemplateText?
        var body: TemplateText
        var metaID: String?
        /// The account that it is filed with, once it has been submitted.
        var wabaID: WABAID?
        /// Whether Meta has taken it, whatever its review said afterwards.
        var isAtMeta: Bool { metaID != nil || template.review != .draft }
    }

    private struct Key: Hashable {
        var workspace: String
        var name: String
        var language: String?
        /// Whether any of several languages will do.
        var isAny: Bool
    }

    private let pool: DatabasePool
    private let reads: Reads
    private let events: EventLog
    private let clock: WallClock
    private let chance: Chance
    /// Templates by name; emptied by every write.
    ///
    /// Meta allows 6,000 per account, which bounds it.
    private let cache = Mutex<(generation: Int, entries: [Key: Entry])>((0, [:]))

    init(reads: Reads, events: EventLog, clock: WallClock, chance: Chance) {
        pool = reads.pool
        self.reads = reads
        self.events = events
        self.clock = clock
        self.chance = chance
    }

    func create(_ params: CreateTemplate.Params, workspace: String) async throws -> Template {
        let now = clock.now
        let language = TemplateLanguages.canonical(params.language)
        let buttons = try JSON.text(params.buttons ?? [])
        let template = try await write { [events, chance] db in
            if let row = try Self.row(db, params.name, language, workspace: workspace) {
                let known = try Self.entry(row)
                if let fault = NameClash.fault(params, against: known) { throw fault }
                return known.template
            }
            let id = ULID.make(at: now, using: chance)
            try db.execute(
                sql: """
                    INSERT INTO template (id, workspace, name, language, category, header, body, footer, buttons, version, review, createdAt, updatedAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 'draft', ?, ?)
                    """,
                arguments: [
                    id, workspace, params.name, language, params.category.rawValue, params.header, params.body, params.footer,
                    buttons,
                    now, now,
                ]
            )
            try events.append(
                db, at: now, type: "template.created", workspace: workspace, subject: id,
                data: ["name": .string(params.name), "language": .string(language)]
            )
            return try Self.found(db, params.name, language, workspace: workspace).template
        }
        return template
    }

    /// - Parameters:
    ///   - isAny: whether any of several languages will do where none is named; nothing that is sent may guess.
    ///   - hasHint: whether the fault of one that is not there tells which may be meant.
    func find(
        _ name: String, _ language: String?, workspace: String, isAny: Bool = false, hasHint: Bool = true
    ) async throws -> Entry {
        let language = language.map(TemplateLanguages.canonical)
        let key = Key(workspace: workspace, name: name, language: language, isAny: isAny)
        let (generation, known) = cache.withLock { ($0.generation, $0.entries[key]) }
        if let known { return known }
        let entry = try await reads.read { db in
            if language == nil, !isAny { try Self.checkLanguage(db, of: name, workspace: workspace) }
            return try Self.found(db, name, language, workspace: workspace, hasHint: hasHint)
        }
        cache.withLock { cache in
            // A text that a write has overtaken is not kept.
            guard cache.generation == generation else { return }
            if cache.entries.count >= 10_000 { cache.entries.removeAll() }
            cache.entries[key] = entry
        }
        return entry
    }

    func delete(_ name: String, _ language: String?, workspace: String) async throws {
        let language = language.map(TemplateLanguages.canonical)
        try await write { [events, clock] db in
            if language == nil { try Self.checkLanguage(db, of: name, workspace: workspace) }
            let template = try Self.found(db, name, language, workspace: workspace).template
            try db.execute(sql: "DELETE FROM template WHERE id = ?", arguments: [template.id])
            try events.append(
                db, at: clock.now, type: "template.deleted", workspace: workspace, subject: template.id, data: ["name": .string(name)]
            )
        }
    }

    func list(_ params: ListTemplates.Params, workspace: String) async throws -> ListTemplates.Reply {
        let limit = params.limit ?? 100
        return try await reads.read { db in
            var sql = "SELECT * FROM template WHERE workspace = ? AND (name, language) > (?, ?)"
            let place = (params.cursor?.place ?? "").split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            var arguments: StatementArguments = [workspace, String(place[0]), place.count == 2 ? String(place[1]) : ""]
            if let category = params.category {
                sql += " AND category = ?"
                arguments += [category.rawValue]
            }
            if let language = params.language {
                sql += " AND language = ?"
                arguments += [TemplateLanguages.canonical(language)]
            }
            arguments += [limit]
            let items = try Row.fetchAll(db, sql: sql + " ORDER BY name, language LIMIT ?", arguments: arguments)
                .map { try Self.entry($0).template }
            let next = items.count == limit ? items.last.map { "\($0.name)\n\($0.language)" } : nil
            return ListTemplates.Reply(items: items, next: next.map { PageCursor($0) })
        }
    }

    /// A template is about to be filed: Meta's word about it may come before its answer.
    func file(_ id: String, in waba: WABAID) async throws {
        try await write { db in try db.execute(sql: "UPDATE template SET wabaID = ? WHERE id = ?", arguments: [waba, id]) }
    }

    /// Meta has not taken a template: it is with its former account again, unless something was heard of it meanwhile.
    ///
    /// - Parameter entry: as it was before it was filed.
    func takeBack(_ entry: Entry, from waba: WABAID) async throws {
        try await write { db in
            try db.execute(
                sql: "UPDATE template SET wabaID = ? WHERE id = ? AND wabaID = ? AND review = ? AND metaID IS ?",
                arguments: [entry.wabaID, entry.template.id, waba, entry.template.review.rawValue, entry.metaID])
        }
    }

    /// Sets the state after a submission, unless Meta's webhook was quicker.
    func setReview(
        _ id: String, after old: Template.Review, _ review: Template.Review, reason: String?, metaID: String? = nil
    ) async throws {
        try await write { [self] db in
            let now = try String.fetchOne(db, sql: "SELECT review FROM template WHERE id = ?", arguments: [id])
            guard now == old.rawValue else { return }
            try writeReview(db, id, review, reason: reason, metaID: metaID)
        }
    }

    /// Meta has a template no more: it is a draft again, and stays with its account.
    func forget(_ id: String, after old: Template.Review) async throws {
        try await write { [self] db in
            let now = try String.fetchOne(db, sql: "SELECT review FROM template WHERE id = ?", arguments: [id])
            guard now == old.rawValue else { return }
            try db.execute(
                sql: """
                    UPDATE template SET metaID = NULL, quality = NULL, previousQuality = NULL, correctCategory = NULL, changedBody = NULL
                    WHERE id = ?
                    """,
                arguments: [id])
            try writeReview(db, id, .draft, reason: nil, metaID: nil)
        }
    }

    /// Takes over what Meta has of a template, unless its webhook was quicker.
    func adopt(_ entry: Entry, _ event: TemplateEvent, in waba: WABAID) async throws {
        let (known, now) = (entry.template, clock.now)
        let isNews =
            Template.Review(event) != known.review || event.metaID != entry.metaID || entry.wabaID != waba
            || (event.movedTo ?? known.category) != known.category
        guard isNews else { return }
        try await write { [self] db in
            let row = try Row.fetchOne(
                db, sql: "SELECT id, workspace, category, body, review FROM template WHERE id = ?", arguments: [known.id])
            guard let row, row["review"] == known.review.rawValue else { return }
            try db.execute(sql: "UPDATE template SET wabaID = ? WHERE id = ?", arguments: [waba, known.id])
            try apply(db, event, to: row, now)
        }
    }

    /// Applies Meta's word about a template; whether one of ours was meant.
    func applyEvent(_ params: RecordTemplateEvent.Params) async throws -> Bool {
        let now = clock.now
        let event = params.event
        guard let name = event.name, let language = event.language else { return false }
        return try await write { [self] db in
            guard try IdempotencyKeys.take(db, params.key, expiresAt: now + IdempotencyKeys.lifetime) else { return false }
            // Meta writes a language both as en_US and en-US.
            let rows = try Row.fetchAll(
                db,
                // Another account may have one of the same name.
                sql: "SELECT id, workspace, category, body FROM template WHERE name = ? AND language = ? AND wabaID = ?",
                arguments: [name, TemplateLanguages.canonical(language), params.wabaID]
            )
            for row in rows {
                try apply(db, event, to: row, now)
            }
            return !rows.isEmpty
        }
    }

    private func apply(_ db: Database, _ event: TemplateEvent, to row: Row, _ now: Timestamp) throws {
        let id: String = row["id"]
        func note(_ word: String, _ data: JSONValue) throws {
            try db.execute(sql: "UPDATE template SET updatedAt = ? WHERE id = ?", arguments: [now, id])
            try events.append(db, at: now, type: "template.\(word)", workspace: row["workspace"], subject: id, data: data)
        }
        func move(to category: Template.Category) throws {
            guard row["category"] != category.rawValue else { return }
            try db.execute(
                sql: "UPDATE template SET category = ?, correctCategory = NULL WHERE id = ?", arguments: [category.rawValue, id])
            try note("category", ["from": .string(row["category"]), "to": .string(category.rawValue)])
        }
        switch event.kind {
        case .status:
            // Meta's review may put it under another category than was asked for.
            if let category = event.movedTo { try move(to: category) }
            guard let review = Template.Review(event) else {
                guard let word = event.event?.text, !word.isEmpty else { return }
                var told = event
                told.details = [event.reason.map { "reason \($0)" }, event.details].compactMap(\.self).joined(separator: "; ")
                try write(db, id, told)
                return try note("status", ["status": .string(word), "details": .string(told.details ?? "")])
            }
            try writeReview(db, id, review, reason: event.reason, metaID: event.metaID)
            try write(db, id, event)
        case .quality:
            guard let quality = event.quality, !quality.isEmpty else { return }
            try db.execute(
                sql: "UPDATE template SET quality = ?, previousQuality = ? WHERE id = ?",
                arguments: [quality, event.previousQuality.flatMap { $0.isEmpty ? nil : $0 }, id])
            try note("quality", ["quality": .string(quality), "from": .string(event.previousQuality ?? "")])
        case .components:
            guard let told = event.body else { return }
            let own = TemplateText.parse(row["body"]).text.metaText
            let body = told == own ? nil : told
            try db.execute(sql: "UPDATE template SET changedBody = ? WHERE id = ?", arguments: [body, id])
            try note("changed", ["body": .string(told)])
        case .category:
            guard let category = event.movedTo else {
                try expect(db, id, event, now: row["category"])
                return try note("categoryAnnounced", ["category": .string(event.category?.text ?? "unknown")])
            }
            try db.execute(sql: "UPDATE template SET correctCategory = NULL WHERE id = ?", arguments: [id])
            try move(to: category)
        case .detection:
            try expect(db, id, event, now: row["category"])
            try note(
                "categoryDetected", ["category": .string(event.category?.text ?? "unknown"), "details": .string(event.details ?? "")])
        }
    }

    /// Keeps what Meta says with its latest word of the status.
    private func write(_ db: Database, _ id: String, _ event: TemplateEvent) throws {
        func said(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        try db.execute(
            sql: "UPDATE template SET metaStatus = ?, statusTitle = ?, statusDetails = ? WHERE id = ?",
            arguments: [said(event.event?.text), said(event.title?.text), said(event.details?.cut(to: 2048)), id])
    }

    /// Keeps the category that Meta holds to be right, until it has moved the template; the move may have come first.
    private func expect(_ db: Database, _ id: String, _ event: TemplateEvent, now category: String) throws {
        guard let word = event.category?.text, !word.isEmpty else { return }
        try db.execute(
            sql: "UPDATE template SET correctCategory = ? WHERE id = ?", arguments: [word.lowercased() == category ? nil : word, id])
    }

    private func writeReview(
        _ db: Database, _ id: String, _ review: Template.Review, reason: String?, metaID: String?
    ) throws {
        let now = clock.now
        try db.execute(
            sql: """
                UPDATE template SET review = ?, reviewReason = ?, updatedAt = ?, metaStatus = NULL, statusTitle = NULL, statusDetails = NULL,
                  metaID = coalesce(?, metaID) WHERE id = ?
                """,
            arguments: [review.rawValue, reason == "NONE" ? nil : reason, now, metaID, id]
        )
        guard let row = try Row.fetchOne(db, sql: "SELECT workspace, name FROM template WHERE id = ?", arguments: [id]) else { return }
        try events.append(
            db, at: now, type: "template.\(review.rawValue)", workspace: row["workspace"], subject: id, data: ["name": .string(row["name"])]
        )
    }

    private func write<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        let result = try await pool.write(body)
        cache.withLock { $0 = ($0.generation + 1, [:]) }
        return result
    }

    private static func row(_ db: Database, _ name: String, _ language: String?, workspace: String) throws -> Row? {
        guard let language else {
            return try Row.fetchOne(
                db,
                sql: "SELECT * FROM template WHERE workspace = ? AND name = ? ORDER BY createdAt, id LIMIT 1",
                arguments: [workspace, name]
            )
        }
        return try Row.fetchOne(
            db,
            sql: "SELECT * FROM template WHERE workspace = ? AND name = ? AND language = ?",
            arguments: [workspace, name, language]
        )
    }

    private static func found(
        _ db: Database, _ name: String, _ language: String?, workspace: String, hasHint: Bool = true
    ) throws -> Entry {
        if let row = try row(db, name, language, workspace: workspace) { return try entry(row) }
        let what = "There is no template \(name)\(language.map { " in \($0)" } ?? "")"
        guard hasHint else { throw Fault(.templateUnknown, "\(what); template.list shows all.", path: "name") }
        let languages = try languages(db, of: name, workspace: workspace)
        guard languages.isEmpty else {
            throw Fault(.templateUnknown, "\(what); it exists in \(languages.joined(separator: ", ")).", path: "language")
        }
        let hint = try near(db, name, workspace: workspace).map { "; did you mean \($0)?" } ?? ";"
        throw Fault(.templateUnknown, "\(what)\(hint) template.list shows all.", path: "name")
    }

    private static func languages(_ db: Database, of name: String, workspace: String) throws -> [String] {
        try String.fetchAll(
            db, sql: "SELECT language FROM template WHERE workspace = ? AND name = ? ORDER BY language", arguments: [workspace, name])
    }

    /// Of several languages nobody knows which is meant.
    private static func checkLanguage(_ db: Database, of name: String, workspace: String) throws {
        let languages = try languages(db, of: name, workspace: workspace)
        guard languages.count > 1 else { return }
        throw Fault(
            .languageNeeded, "\(name) exists in \(languages.joined(separator: ", ")); `language` says which is meant.", path: "language")
    }

    /// The template whose name a misspelt one was probably meant to be.
    static func near(_ db: Database, _ name: String, workspace: String) throws -> String? {
        // Names that differ more in length are not near. Of very many not all are looked at: it is asked for each misspelt message.
        let length = name.utf8.count
        let names = try String.fetchAll(
            db, sql: "SELECT DISTINCT name FROM template WHERE workspace = ? AND length(name) BETWEEN ? AND ? LIMIT 300",
            arguments: [workspace, length * 2 / 3, length * 3 / 2 + 1])
        return NearestName.of(name, among: names)
    }

    private static func entry(_ row: Row) throws -> Entry {
        let body = TemplateText.parse(row["body"]).text
        let header = (row["header"] as String?).map { TemplateText.parse($0).text }
        var variables = body.variables
        for name in header?.variables ?? [] where !variables.contains(name) { variables.append(name) }
        let template = Template(
            id: row["id"],
            name: row["name"],
            language: row["language"],
            category: try row.word("category", in: "template"),
            header: row["header"],
            body: row["body"],
            footer: row["footer"],
            buttons: try JSON.decode([String].self, from: row["buttons"] as String),
            workspace: row["workspace"],
            version: row["version"],
            variables: variables,
            review: try row.word("review", in: "template"),
            reviewReason: row["reviewReason"],
            metaStatus: (row["metaStatus"] as String?).map { MetaWord($0) },
            statusTitle: (row["statusTitle"] as String?).map { MetaWord($0) },
            statusDetails: row["statusDetails"],
            quality: row["quality"],
            previousQuality: row["previousQuality"],
            correctCategory: row["correctCategory"],
            changedBody: row["changedBody"],
            updatedAt: row["updatedAt"]
        )
        return Entry(
            template: template, header: header, body: body, metaID: row["metaID"], wabaID: row["wabaID"])
    }
}
