import AccountContract
import Foundation
import GRDB
import GatewayContract
import HTTPTypes
import Hummingbird
import IntelligenceContract
import Metrics
import Observability
import RPCContract
import RPCTransport
import ServiceKit
import SyncContract
import TemplateContract
import Vocabulary

/// Health, metrics and the status page.
struct OperationsRoutes: Sendable {
    let inbox: Inbox
    let webhook: WebhookDelivery
    let metrics: @Sendable () -> String
    /// By process name.
    let peers: [String: RPCClient]
    let door: Door
    private let unreadable = Counter(label: "linda_inbox_unreadable_total")
    /// The status that every open page shows.
    private let snapshot: StatusSnapshot
    /// The metrics that every scraper gets.
    private let scrape: StatusSnapshot
    /// The health that every asker gets: anybody may ask, and each answer asks every process.
    private let health: StatusSnapshot
    /// Each look writes to the disk: it is made once for all who ask at a time.
    private let writable: StatusSnapshot

    init(
        inbox: Inbox, webhook: WebhookDelivery, metrics: @escaping @Sendable () -> String, peers: [String: RPCClient], door: Door,
        clock: WallClock
    ) {
        self.inbox = inbox
        self.webhook = webhook
        self.metrics = metrics
        self.peers = peers
        self.door = door
        (snapshot, scrape) = (StatusSnapshot(clock: clock), StatusSnapshot(clock: clock))
        (health, writable) = (StatusSnapshot(clock: clock), StatusSnapshot(clock: clock))
    }

    func add(to router: Router<GatewayContext>) {
        router.get("healthz") { _, _ in await healthiness() }
        router.get("readyz") { _, _ in await readiness() }
        router.get("metrics") { request, context in
            if let refusal = door.refusal(request, context) { return refusal }
            return Response.text(.ok, await scrape.text { await allMetrics() }, type: "text/plain; version=0.0.4; charset=utf-8")
        }
        router.get("metrics/:process") { request, context in
            if let refusal = door.refusal(request, context) { return refusal }
            return await peerMetrics(context.parameters.get("process") ?? "")
        }
        door.add(to: router)
        router.get("status.json") { request, context in
            if let refusal = door.refusal(request, context) { return refusal }
            return Response.text(.ok, await snapshot.text { JSON.text(await status()) }, type: "application/json")
        }
    }

    /// Says of every process whether it is well; the reasons stand where only operators look, as anybody who reaches the port may ask here.
    private func healthiness() async -> Response {
        let lines = await health.text { await troubles().map { "\($0.process): \($0.check)\n" }.joined() }
        guard !lines.isEmpty else { return Response.text(.ok, "ok\n") }
        return Response.text(.serviceUnavailable, "unhealthy; `linda status` tells why\n\(lines)")
    }

    private struct Trouble: Encodable {
        var process: String
        var check: String
        var detail: String
    }

    /// Checks that fail, and processes that do not answer.
    private func troubles() async -> [Trouble] {
        await withTaskGroup(of: [Trouble].self) { group in
            for (name, client) in peers {
                group.addTask {
                    do {
                        let health = try await client.call(ServiceHealth.self, Nothing(), deadline: .seconds(2))
                        return health.checks.filter { !$0.healthy }
                            .map { Trouble(process: name, check: $0.name, detail: $0.detail ?? "unhealthy") }
                    } catch { return [Trouble(process: name, check: "does not answer", detail: "\(error)")] }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }.sorted { ($0.process, $0.check) < ($1.process, $1.check) }
        }
    }

    /// Ready where a delivery could be stored now.
    private func readiness() async -> Response {
        let text = await writable.text {
            do {
                try await inbox.touch()
                return "ready\n"
            } catch { return "the database cannot be written: is the disk full?\n" }
        }
        return Response.text(text == "ready\n" ? .ok : .serviceUnavailable, text)
    }

    /// All processes' metrics in one text, each with the name of its process; one that does not answer is left out and counted.
    private func allMetrics() async -> String {
        await noteInbox()
        var texts = [(process: GatewayContract.process, text: metrics() + Self.up(true))]
        await withTaskGroup(of: (String, String?).self) { group in
            for (name, client) in peers where name != GatewayContract.process {
                group.addTask {
                    do {
                        return (name, try await client.call(ServiceMetrics.self, Nothing(), deadline: .seconds(2)).text)
                    } catch { return (name, nil) }
                }
            }
            for await (name, text) in group { texts.append((name, (text ?? "") + Self.up(text != nil))) }
        }
        return PrometheusText.merged(texts.sorted { $0.process < $1.process })
    }

    private static func up(_ answers: Bool) -> String { "# TYPE linda_process_up gauge\nlinda_process_up \(answers ? 1 : 0)\n" }

    /// How much of the inbox waits, and for how long the oldest has.
    private func noteInbox() async {
        do {
            let (pending, oldest) = try await inbox.waiting()
            Gauge(label: "linda_inbox_pending").record(pending)
            Gauge(label: "linda_inbox_oldest_seconds").record(oldest.seconds)
        } catch {
            // The text is given all the same; the database's own trouble is what /readyz tells.
            unreadable.increment()
        }
    }

    private func peerMetrics(_ process: String) async -> Response {
        guard let client = peers[process] else { return Response.text(.notFound, "no process is called so\n") }
        do throws(Fault) {
            let text = try await client.call(ServiceMetrics.self, Nothing(), deadline: .seconds(2)).text
            return Response.text(.ok, text, type: "text/plain; version=0.0.4; charset=utf-8")
        } catch {
            return Response.text(.badGateway, "\(error.message)\n")
        }
    }

    private func status() async -> JSONValue {
        async let processes = processes()
        async let trouble = value { await troubles() }
        async let received = value { try await inbox.statistics(refused: webhook.refusedCount) }
        async let accounts = value { try await call(AccountContract.self, ListAccounts.self, Nothing()) }
        async let messages = value { try await call(AccountContract.self, MessageStatistics.self, .init()) }
        async let conversations = value { try await call(IntelligenceContract.self, ConversationStatistics.self, Nothing()) }
        return await [
            "troubles": trouble, "processes": processes, "inbox": received, "accounts": accounts, "messages": messages,
            "conversations": conversations,
        ]
    }

    private func processes() async -> JSONValue {
        await withTaskGroup(of: (String, JSONValue).self) { group in
            for (name, client) in peers {
                group.addTask {
                    let info = await value { try await client.call(ServiceInfo.self, Nothing(), deadline: .seconds(1)) }
                    return (name, info)
                }
            }
            var all: [String: JSONValue] = [:]
            for await (name, info) in group { all[name] = info }
            return .object(all)
        }
    }

    private func call<M: RPCMethod>(_ contract: any Contract.Type, _ method: M.Type, _ params: M.Params) async throws -> M.Reply {
        guard let client = peers[contract.process] else { throw Fault(.unavailable, "\(contract.process) is not known here.") }
        return try await client.call(method, params, deadline: .seconds(1))
    }

    /// Null where it could not be had: the page then shows a dash.
    private func value(_ read: () async throws -> some Encodable) async -> JSONValue {
        do { return try JSON.decode(JSONValue.self, from: JSON.encode(try await read())) } catch { return .null }
    }
}
