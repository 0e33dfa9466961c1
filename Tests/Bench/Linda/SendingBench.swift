import AccountContract
import Foundation
import GatewayContract
import GraphMessages
import Observability
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import TemplateContract
import Vocabulary

/// The whole system against the sandbox, in a folder of its own.
struct SendingBench {
    private static let waba: WABAID = "102290129340398"
    private let stack: Stack
    private let accounts: RPCClient
    private let sandbox: RPCClient
    private let gateway: RPCClient

    /// Starts everything, runs the body, stops everything.
    static func run(_ programs: String, settings: [String: [String]] = [:], _ body: @escaping @Sendable (SendingBench) async throws -> Void)
        async throws
    {
        let folder = NSTemporaryDirectory() + "linda-bench-\(UUID().uuidString.prefix(8))"
        var options = Stack.Options(directory: folder, programs: programs)
        options.settings = settings
        for process in Stack.processes + ["sandbox"] { options.settings[process, default: []].append("log.level=error") }
        let stack = try Stack(options) { process, line in StandardStream.error.write("\(process): \(line)\n") }
        let bench = SendingBench(stack)
        let failure = Failure()
        try await stack.run {
            do { try await body(bench) } catch { await failure.set(error) }
            await bench.accounts.close()
            await bench.sandbox.close()
            await bench.gateway.close()
            stack.stop()
        }
        try FileManager.default.removeItem(atPath: folder)
        if let error = await failure.error { throw error }
    }

    private actor Failure {
        var error: (any Error)?
        func set(_ error: any Error) { self.error = error }
    }

    private init(_ stack: Stack) {
        self.stack = stack
        accounts = RPCClient(AccountContract.self, in: stack.runDirectory, name: "bench")
        sandbox = RPCClient(SandboxContract.self, in: stack.runDirectory, name: "bench")
        gateway = RPCClient(GatewayContract.self, in: stack.runDirectory, name: "bench")
    }

    var runDirectory: String { stack.runDirectory }

    /// Numbers on both sides and an approved template; with `subscribed`, statuses come back.
    func prepare(numbers: Int, perSecond: Int, subscribed: Bool, category: Template.Category = .utility) async throws {
        for n in 0..<numbers {
            let id = PhoneNumberID("10654035224\(2900 + n)")
            let display = "+9180471\(81000 + n)"
            _ = try await sandbox.call(
                SandboxAddNumber.self,
                .init(phoneNumberID: id, wabaID: Self.waba, displayPhoneNumber: display, messagesPerSecond: perSecond))
            _ = try await accounts.call(
                AddAccount.self,
                .init(
                    phoneNumberID: id, wabaID: Self.waba, displayPhoneNumber: display, displayName: "Bench",
                    messagesPerSecond: perSecond == 0 ? 1000 : perSecond))
        }
        // Approval comes by webhook; afterwards the callback leads nowhere where statuses are not wanted.
        _ = try await sandbox.call(SandboxSubscribe.self, .init(url: "\(stack.address)/webhooks/whatsapp"))
        let templates = RPCClient(TemplateContract.self, in: stack.runDirectory, name: "bench")
        let body = "Dear {{name|customer}}, your order {{order|4711}} is on its way."
        _ = try await templates.call(CreateTemplate.self, .init(name: "bench", language: "en", category: category, body: body))
        _ = try await templates.call(SubmitReview.self, .init(name: "bench", wabaID: Self.waba))
        while try await templates.call(ReviewStatus.self, .init(name: "bench")).review != .approved {
            try await Task.sleep(for: .milliseconds(20))
        }
        await templates.close()
        if !subscribed { _ = try await sandbox.call(SandboxSubscribe.self, .init(url: nil)) }
    }

    /// Seconds from the first `message.send` to the last acceptance by Meta's side.
    func messages(_ count: Int) async throws -> Double {
        let before = try await sandbox.call(SandboxStatistics.self, Nothing()).accepted
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<128 {
                group.addTask {
                    for n in stride(from: lane, to: count, by: 128) {
                        let template = SendMessage.Template(name: "bench", variables: ["name": "Asha", "order": "\(n)"])
                        _ = try await accounts.call(
                            SendMessage.self, .init(to: String(919_800_000_000 + n), template: template, requestKey: "\(before)-\(n)"))
                    }
                }
            }
            try await group.waitForAll()
        }
        try await accepted(before + count)
        return (ContinuousClock.now - start).seconds
    }

    func accepted(_ count: Int) async throws {
        while try await sandbox.call(SandboxStatistics.self, Nothing()).accepted < count { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// Returns once every status that Meta's side has to tell is recorded; how many events that were.
    func settled() async throws -> Int {
        while true {
            let told = try await sandbox.call(SandboxStatistics.self, Nothing())
            let inbox = try await gateway.call(InboxStatistics.self, Nothing())
            let isOver = (told.states["accepted"] ?? 0) == 0 && (told.states["sent"] ?? 0) == 0
            if isOver, told.webhooksWaiting == 0, inbox.pending == 0 { return inbox.events }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// A campaign of so many recipients: seconds to fill its list, to plan it, and to send it.
    ///
    /// - Parameter tenth: told of each tenth that has been sent, with the messages a second of it.
    func campaign(_ count: Int, sends: Bool, tenth: (Int, Double) throws -> Void = { _, _ in }) async throws -> (
        list: Double, plan: Double, send: Double
    ) {
        let list = try await accounts.call(CreateBroadcastList.self, .init(name: "bench \(count)"))
        let clock = ContinuousClock()
        let filling = try await clock.measure {
            for start in stride(from: 0, to: count, by: 20_000) {
                let recipients = (start..<min(start + 20_000, count)).map {
                    Recipient(contact: String(919_000_000_000 + $0), variables: ["name": "Asha", "order": "\($0)"])
                }
                _ = try await accounts.call(
                    AddToBroadcastList.self, .init(id: list.id.rawValue, recipients: recipients), deadline: .seconds(120))
            }
        }
        let before = try await sandbox.call(SandboxStatistics.self, Nothing()).accepted
        let campaign = try await accounts.call(
            PlanCampaign.self, .init(name: "bench", template: "bench", list: list.id.rawValue, requestKey: "c\(count)"))
        let planning = try await clock.measure {
            while try await accounts.call(CampaignStatus.self, .init(campaign.id)).campaign.state == .planning {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        guard sends else { return (filling.seconds, planning.seconds, 0) }
        let sending = try await clock.measure {
            _ = try await accounts.call(StartCampaign.self, .init(campaign.id))
            for n in 1...10 {
                let start = ContinuousClock.now
                try await accepted(before + count / 10 * n)
                try tenth(n, Double(count / 10) / (ContinuousClock.now - start).seconds)
            }
            try await accepted(before + count)
        }
        return (filling.seconds, planning.seconds, sending.seconds)
    }

    func statistics() async throws -> SandboxStatistics.Reply { try await sandbox.call(SandboxStatistics.self, Nothing()) }

    /// The most memory that a process has had, in MB.
    func peak(_ process: String) throws -> Double { try status(process, "VmHWM") }

    /// What it has now.
    func memory(_ process: String) throws -> Double { try status(process, "VmRSS") }

    private func status(_ process: String, _ name: String) throws -> Double {
        guard let pid = stack.child(process)?.pid else { return 0 }
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return Double(line?.split(whereSeparator: \.isWhitespace).dropFirst().first ?? "0").map { $0 / 1024 } ?? 0
    }
}
