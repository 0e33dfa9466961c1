import AccountContract
import Foundation
import GRDB
import JobQueue
import Logging
import RPCContract
import ServiceLifecycle
import Storage
import Vocabulary

/// Owns delivery windows, and plans what recurs in them before each opening.
struct Windows: Service {
    let campaigns: Campaigns
    let logger: Logger
    let changed: Signal

    func create(_ params: CreateWindow.Params, workspace: String) async throws -> CreateWindow.Reply {
        let window = DeliveryWindow(
            id: ULID.make(at: campaigns.clock.now),
            name: params.name,
            cron: params.cron,
            timeZone: params.timeZone,
            spreadFrom: params.spreadFrom ?? -30,
            spreadTo: params.spreadTo ?? 270,
            deadline: params.deadline ?? 300,
            stage: params.stage ?? 600,
            target: params.target ?? 99,
            quietHours: params.quietHours
        )
        if params.timeZone != "recipient", TimeZone(identifier: params.timeZone) == nil {
            throw Fault(
                .windowInvalid, "There is no time zone \(params.timeZone.prefix(64)); it is named like Asia/Kolkata.", path: "timeZone")
        }
        if let hours = params.quietHours, QuietHours(hours) == nil {
            throw Fault(.windowInvalid, "quietHours are two different times such as 21:00 and 08:00.", path: "quietHours")
        }
        let next = try Self.openings(window, after: campaigns.clock.now, count: 5)
        guard !next.isEmpty else { throw Fault(.windowInvalid, "The cron line \(params.cron) never fires.", path: "cron") }
        let definition = try JSON.text(window)
        let id = try await campaigns.commits.write { db in
            try db.execute(
                sql: """
                    INSERT INTO deliveryWindow (id, workspace, name, definition) VALUES (?, ?, ?, ?)
                    ON CONFLICT (workspace, name) DO UPDATE SET definition = json_set(excluded.definition, '$.id', deliveryWindow.id)
                    """,
                arguments: [window.id, workspace, params.name, definition])
            return try String.fetchOne(
                db, sql: "SELECT id FROM deliveryWindow WHERE workspace = ? AND name = ?", arguments: [workspace, params.name]) ?? window.id
        }
        var stored = window
        stored.id = id
        return CreateWindow.Reply(window: stored, next: next)
    }

    func list(workspace: String) async throws -> ListWindows.Reply {
        let now = campaigns.clock.now
        return try await campaigns.pool.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT definition FROM deliveryWindow WHERE workspace = ? ORDER BY name LIMIT 1000", arguments: [workspace])
            return ListWindows.Reply(
                items: try rows.map { row in
                    let window = try JSON.decode(DeliveryWindow.self, from: row["definition"] as String)
                    let recurring = try String.fetchAll(
                        db, sql: "SELECT name FROM recurrence WHERE window = ? ORDER BY name", arguments: [window.id])
                    return ListWindows.Item(window: window, next: try Self.openings(window, after: now, count: 3), recurring: recurring)
                })
        }
    }

    func delete(_ id: String, workspace: String) async throws {
        let window = try await Self.find(campaigns.pool, id, workspace: workspace)
        try await campaigns.commits.write { db in
            try db.execute(sql: "DELETE FROM recurrence WHERE window = ? AND workspace = ?", arguments: [window.id, workspace])
            try db.execute(sql: "DELETE FROM deliveryWindow WHERE id = ? AND workspace = ?", arguments: [window.id, workspace])
        }
    }

    static func find(_ pool: DatabasePool, _ id: String, workspace: String) async throws -> DeliveryWindow {
        try await pool.read { db in
            let text = try String.fetchOne(
                db, sql: "SELECT definition FROM deliveryWindow WHERE workspace = ?1 AND (id = ?2 OR name = ?2)",
                arguments: [workspace, id])
            guard let text else {
                throw Fault(.windowUnknown, "There is no window \(id.prefix(64)); window.list shows all.", path: "window")
            }
            return try JSON.decode(DeliveryWindow.self, from: text)
        }
    }

    static func nextOpening(_ window: DeliveryWindow, after time: Timestamp) throws(Fault) -> Timestamp {
        // What begins before the moment must still be able to.
        guard let next = try openings(window, after: time - Milliseconds.seconds(window.spreadFrom), count: 1).first else {
            throw Fault(.windowInvalid, "The window \(window.name) never opens.", path: "window")
        }
        return next
    }

    /// The opening after one of its own openings.
    static func followingOpening(_ window: DeliveryWindow, after opening: Timestamp) throws(Fault) -> Timestamp {
        do {
            guard let next = try SendTimes.openings(window, after: opening, count: 1, isOpening: true).first else {
                throw Fault(.windowInvalid, "The window \(window.name) never opens again.", path: "window")
            }
            return next
        } catch let problem as CronExpression.Problem {
            throw Fault(.windowInvalid, "\(window.cron): \(problem.message).", path: "cron")
        } catch { throw (error as? Fault) ?? Fault(.windowInvalid, "The window \(window.name) never opens again.", path: "window") }
    }

    private static func openings(_ window: DeliveryWindow, after time: Timestamp, count: Int) throws(Fault) -> [Timestamp] {
        do { return try SendTimes.openings(window, after: time, count: count) } catch {
            throw Fault(.windowInvalid, "\(window.cron): \(error.message).", path: "cron")
        }
    }

    // MARK: Recurring

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var next: Timestamp?
                do { next = try await turn() } catch {
                    logger.warning("recurring campaigns could not be planned, retrying", metadata: ["error": "\(error)"])
                    next = campaigns.clock.now + .seconds(1)
                }
                await changed.wait(atMost: next.map { campaigns.clock.pause(until: $0) })
            }
        }
    }

    private struct Recurrence: Sendable {
        var id: String
        var workspace: String
        var window: String
        var plan: String
        var list: String?
        var nextAt: Timestamp

        init(_ row: Row) {
            id = row["id"]
            workspace = row["workspace"]
            window = row["window"]
            plan = row["plan"]
            list = row["list"]
            nextAt = row["nextAt"]
        }
    }

    /// Plans what is staged now; when the next is.
    private func turn() async throws -> Timestamp? {
        let now = campaigns.clock.now
        let all = try await campaigns.pool.read { db in try Row.fetchAll(db, sql: "SELECT * FROM recurrence").map(Recurrence.init) }
        var soonest: Timestamp?
        for recurrence in all {
            let (id, nextAt, workspace) = (recurrence.id, recurrence.nextAt, recurrence.workspace)
            let window: DeliveryWindow
            do { window = try await Self.find(campaigns.pool, recurrence.window, workspace: workspace) } catch is Fault { continue }
            let stageAt = nextAt - Milliseconds.seconds(window.stage)
            guard stageAt <= now else {
                soonest = min(soonest ?? stageAt, stageAt)
                continue
            }
            var params = try JSON.decode(PlanCampaign.Params.self, from: recurrence.plan)
            params.start = true
            params.recurring = nil
            // The opening names the run: planned once, whatever happens in between.
            let key = "recurrence:\(id):\(nextAt)"
            let isKnown = try await campaigns.pool.read { db in
                try Int.fetchOne(db, sql: "SELECT 1 FROM campaign WHERE workspace = ? AND requestKey = ?", arguments: [workspace, key])
                    != nil
            }
            // In recipients' own zones the last of them have theirs half a day after UTC.
            let width = Milliseconds.seconds(window.deadline) + (window.timeZone == "recipient" ? Milliseconds.hours(12) : .zero)
            let isOver = nextAt + width <= now
            if !isKnown {
                // An opening that passed while nothing ran is not sent late, and leaves its trace.
                _ = try await campaigns.insert(
                    params, recurrence.list, window, nextAt,
                    refusal: isOver ? "its window closed while account-router did not run, or the clock jumped over it" : nil,
                    requestKey: key, fingerprint: 0, workspace: workspace)
            }
            var next = try Self.followingOpening(window, after: nextAt)
            // After a long time only the first one missed and the last are told.
            while try Self.followingOpening(window, after: next) + width <= now {
                next = try Self.followingOpening(window, after: next)
            }
            let following = next
            try await campaigns.commits.write { db in
                try db.execute(sql: "UPDATE recurrence SET nextAt = ? WHERE id = ?", arguments: [following, id])
            }
            let stage = following - Milliseconds.seconds(window.stage)
            soonest = min(soonest ?? stage, stage)
        }
        return soonest
    }
}
