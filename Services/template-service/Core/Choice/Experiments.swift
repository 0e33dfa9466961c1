import GRDB
import RPCContract
import Storage
import TemplateContract
import Vocabulary

/// Owns experiments: who gets which template, and what came of it.
struct Experiments: Sendable {
    let pool: DatabasePool
    let reads: Reads
    let events: EventLog
    let clock: WallClock

    func create(_ params: CreateExperiment.Params, workspace: String) async throws -> Experiment {
        let variants = try JSON.text(params.variants)
        try await pool.write { [events, clock] db in
            let known = try String.fetchOne(
                db, sql: "SELECT variants FROM experiment WHERE workspace = ? AND name = ?", arguments: [workspace, params.name])
            if let known {
                // As values: a text of the same variants may name their members in another order.
                guard try JSON.decode([Experiment.Variant].self, from: known) == params.variants else {
                    throw Fault(
                        .experimentTaken, "\(params.name) tries other templates or shares already; choose another name.", path: "name")
                }
                return
            }
            var categories: Set<String> = []
            for (index, variant) in params.variants.enumerated() {
                let category = try String.fetchOne(
                    db, sql: "SELECT category FROM template WHERE workspace = ? AND name = ?", arguments: [workspace, variant.template])
                guard let category else {
                    let near = try TemplateStore.near(db, variant.template, workspace: workspace).map { "; did you mean \($0)?" } ?? "."
                    throw Fault(.templateUnknown, "There is no template \(variant.template)\(near)", path: "variants[\(index)].template")
                }
                categories.insert(category)
                guard categories.count == 1 else {
                    throw Fault(
                        .templateInvalid,
                        "\(variant.template) is \(category), and those before it are not: an experiment has one category.",
                        path: "variants[\(index)].template")
                }
            }
            try db.execute(
                sql: "INSERT INTO experiment (workspace, name, variants, createdAt) VALUES (?, ?, ?, ?)",
                arguments: [workspace, params.name, variants, clock.now])
            try events.append(
                db, at: clock.now, type: "experiment.created", workspace: workspace, subject: params.name,
                data: ["variants": .array(params.variants.map { .string($0.template) })])
        }
        return try await get(params.name, workspace: workspace)
    }

    func stop(_ params: StopExperiment.Params, workspace: String) async throws -> Experiment {
        try await pool.write { [events, clock] db in
            let experiment = try Self.found(db, params.name, workspace)
            guard experiment.variants.contains(where: { $0.template == params.winner }) else {
                throw Fault(
                    .params, "winner is one of \(experiment.variants.map(\.template).joined(separator: ", ")).", path: "winner")
            }
            guard experiment.winner != params.winner else { return }
            try db.execute(
                sql: "UPDATE experiment SET winner = ? WHERE workspace = ? AND name = ?",
                arguments: [params.winner, workspace, params.name])
            try events.append(
                db, at: clock.now, type: "experiment.stopped", workspace: workspace, subject: params.name,
                data: ["winner": .string(params.winner)])
        }
        return try await get(params.name, workspace: workspace)
    }

    func get(_ name: String, workspace: String) async throws -> Experiment {
        try await reads.read { try Self.found($0, name, workspace) }
    }

    func list(workspace: String) async throws -> ListExperiments.Reply {
        try await reads.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM experiment WHERE workspace = ? ORDER BY createdAt DESC, name LIMIT 500", arguments: [workspace])
            let sums = try Self.sums(db, of: rows.map { $0["name"] }, workspace)
            return ListExperiments.Reply(items: try rows.map { try Self.experiment($0, sums[$0["name"]] ?? []) })
        }
    }

    func assign(_ params: AssignExperiment.Params, workspace: String) async throws -> AssignExperiment.Reply {
        let assignment = ExperimentAssignment(try await get(params.name, workspace: workspace))
        return AssignExperiment.Reply(templates: assignment.templates, choices: params.contacts.map(assignment.choice))
    }

    func record(_ params: RecordExperiment.Params, workspace: String) async throws {
        try await pool.write { db in
            _ = try Self.found(db, params.name, workspace)
            for result in params.results {
                try db.execute(
                    sql: """
                        INSERT INTO experimentResult (workspace, name, source, template, messages, delivered, "read", failed)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET messages = excluded.messages,
                          delivered = excluded.delivered, "read" = excluded."read", failed = excluded.failed
                        """,
                    arguments: [
                        workspace, params.name, params.source, result.template, result.messages, result.delivered, result.read,
                        result.failed,
                    ])
            }
        }
    }

    private static func found(_ db: Database, _ name: String, _ workspace: String) throws -> Experiment {
        let row = try Row.fetchOne(db, sql: "SELECT * FROM experiment WHERE workspace = ? AND name = ?", arguments: [workspace, name])
        guard let row else { throw Fault(.experimentUnknown, "There is no experiment \(name.prefix(64)).", path: "name") }
        return try experiment(row, sums(db, of: [name], workspace)[name] ?? [])
    }

    /// What came of each template of some experiments, over all campaigns: all of them in one statement.
    private static func sums(_ db: Database, of names: [String], _ workspace: String) throws -> [String: [Row]] {
        guard !names.isEmpty else { return [:] }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT name, template, sum(messages) AS messages, sum(delivered) AS delivered, sum("read") AS "read", sum(failed) AS failed
                FROM experimentResult WHERE workspace = ? AND name IN (\(databaseQuestionMarks(count: names.count))) GROUP BY name, template
                """,
            arguments: [workspace] + StatementArguments(names))
        return Dictionary(grouping: rows) { $0["name"] }
    }

    /// - Parameter sums: what came of each of its templates.
    private static func experiment(_ row: Row, _ sums: [Row]) throws -> Experiment {
        let variants = try JSON.decode([Experiment.Variant].self, from: row["variants"] as String)
        let results = variants.map { variant in
            let sum = sums.first { $0["template"] == variant.template }
            return ReadShare.judged(
                Experiment.Result(
                    template: variant.template, messages: sum?["messages"] ?? 0, delivered: sum?["delivered"] ?? 0,
                    read: sum?["read"] ?? 0, failed: sum?["failed"] ?? 0))
        }
        let winner = row["winner"] as String?
        return Experiment(
            name: row["name"], state: winner == nil ? .running : .stopped, variants: variants, winner: winner, results: results,
            leader: ReadShare.leader(results), createdAt: row["createdAt"])
    }
}
