import AccountContract
import ArgumentParser
import Foundation
import GatewayContract
import RPCContract
import RPCTransport
import SandboxContract

/// How everything stands.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show how every process and number stands.")

    @OptionGroup var connection: Connection

    private struct Line: Encodable {
        var process: String
        var state: String
        var version: String?
        var schema: String?
        var uptimeSeconds: Double?
        var problems: [String]
    }

    private struct Report: Encodable {
        var processes: [Line]
        var inbox: InboxStatistics.Reply?
        var accounts: [ListAccounts.Item]?
        var sandbox: SandboxAddress.Reply?
    }

    func run() async throws {
        var report = Report(processes: [])
        for contract in KnownProcesses.contracts {
            let path = "\(connection.runDirectory)/\(contract.process).sock"
            if let problem = UnixSocket.problem(path) {
                if contract.process != SandboxContract.process || FileManager.default.fileExists(atPath: path) {
                    report.processes.append(Line(process: contract.process, state: "not running", problems: ["\(path): \(problem)"]))
                }
                continue
            }
            report.processes.append(await line(contract))
        }
        // Nothing at all: one sentence says more than six lines.
        if report.processes.allSatisfy({ $0.state == "not running" }), !connection.json { try connection.reach(GatewayContract.self) }
        report.inbox = await ask(GatewayContract.self, InboxStatistics.self, &report)
        report.accounts = await ask(AccountContract.self, ListAccounts.self, &report)?.items
        report.sandbox = await ask(SandboxContract.self, SandboxAddress.self, &report)
        try connection.show(report) { show(report) }
        if report.processes.contains(where: { $0.state != "running" }) { throw ExitCode(1) }
    }

    /// Nil where it could not be had; why then stands with the process, unless it does not run at all.
    private func ask<M: RPCMethod>(_ contract: any Contract.Type, _ method: M.Type, _ report: inout Report) async -> M.Reply?
    where M.Params == Nothing {
        guard let index = report.processes.firstIndex(where: { $0.process == contract.process && $0.version != nil }) else { return nil }
        do { return try await connection.call(contract, method, Nothing()) } catch {
            report.processes[index].problems.append("\(M.name): \(error)")
            return nil
        }
    }

    private func line(_ contract: any Contract.Type) async -> Line {
        let client = connection.client(contract)
        do throws(Fault) {
            let info = try await client.call(ServiceInfo.self, Nothing(), deadline: .seconds(2))
            let health = try await client.call(ServiceHealth.self, Nothing(), deadline: .seconds(2))
            await client.close()
            let problems = health.checks.filter { !$0.healthy }.map { "\($0.name): \($0.detail ?? "unhealthy")" }
            return Line(
                process: contract.process,
                state: health.healthy ? "running" : "unhealthy",
                version: info.version,
                schema: info.schema,
                uptimeSeconds: info.uptimeSeconds,
                problems: problems
            )
        } catch {
            await client.close()
            return Line(process: contract.process, state: "no answer", problems: [error.message])
        }
    }

    private func show(_ report: Report) {
        // Trouble first, as `systemctl --failed` has it.
        var troubles = report.processes.flatMap { line in line.problems.map { "\(line.process): \($0)" } }
        let known = troubles.joined()
        for item in report.accounts ?? [] {
            // A number that rests is no failure, and still worth a line.
            if let trouble = item.trouble, !known.contains(trouble) { troubles.append("\(item.account.displayPhoneNumber) \(trouble)") }
        }
        for trouble in troubles { TerminalText.print("! \(Spoken.text(trouble))") }
        if !troubles.isEmpty { print("") }
        var table = Table("PROCESS", "STATE", "VERSION", "SCHEMA", "UP")
        for line in report.processes {
            table.add(line.process, line.state, line.version ?? "-", line.schema ?? "-", line.uptimeSeconds.map { "\(Int($0)) s" } ?? "-")
        }
        table.print()
        if let inbox = report.inbox {
            print("")
            print(
                "INBOX  \(inbox.payloads) deliveries, \(inbox.events) events, \(inbox.duplicates) repeated, \(inbox.pending) pending, \(inbox.dead) dead letters, \(inbox.refused) refused"
            )
        }
        if let accounts = report.accounts, !accounts.isEmpty {
            print("")
            Self.table(accounts).print()
        }
        if let sandbox = report.sandbox { print("\nSANDBOX  Meta's Graph API for your own client: \(sandbox.graphURL)/v24.0") }
    }

    static func table(_ numbers: [ListAccounts.Item]) -> Table {
        var table = Table("NUMBER", "NAME", "ROLE", "ON", "QUALITY", "HEALTH", "QUEUED", "SENDING")
        (table.cuttable, table.spare) = (["NAME"], ["ROLE", "ON"])
        for item in numbers {
            table.add(
                item.account.spelled, item.account.displayName, item.account.role.rawValue,
                item.account.enabled ? "yes" : "no", item.account.quality.rawValue, item.account.condition,
                "\(item.queued)", "\(item.sending)"
            )
        }
        return table
    }
}
