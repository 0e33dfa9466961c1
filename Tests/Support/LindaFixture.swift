import AccountContract
import Foundation
import NIOPosix
package import RPCContract
package import RPCTransport
package import SandboxContract
package import Supervision
package import TemplateContract
package import Vocabulary

/// A disk of their own for the files of a fixture's processes.
package protocol FixtureDisk: Sendable {
    func mount(_ folder: String) throws
    func unmount(keepsFiles: Bool) throws
}

/// The whole system on real sockets in a folder of its own.
///
/// Teardown fails on a critical line, a crash, an exit status other than 0, and leaked descriptors;
/// the folder of a failed test is kept and its path printed.
package struct LindaFixture: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
        package init(description: String) { self.description = description }
    }

    /// How the processes run.
    package enum Mode: Sendable, CaseIterable {
        /// As programs of their own, on real sockets.
        case live
        /// In the test's own process, their calls in memory.
        case inProcess
    }

    /// How the fixtures of this task run.
    @TaskLocal package static var mode = Mode.live

    package let stack: Stack
    /// Where the processes are, if they run in this one.
    private let network: RPCNetwork?
    package let logs: LogCapture

    private init(stack: Stack, network: RPCNetwork?, logs: LogCapture) {
        self.stack = stack
        self.network = network
        self.logs = logs
    }

    package static let waba: WABAID = "102290129340398"
    package static let numbers: [PhoneNumberID] = ["106540352242922", "106540352242923"]

    /// Starts everything, runs the body, stops everything.
    ///
    /// - Parameters:
    ///   - disk: put under the folder before anything is in it.
    ///   - ended: looks at the data's folder once every process has ended.
    package static func run(
        settings: [String: [String]] = [:],
        virtualClock: Bool = false,
        expectsCrashes: Bool = false,
        disk: (any FixtureDisk)? = nil,
        ended: @Sendable (_ data: String) async throws -> Void = { _ in },
        _ body: @escaping @Sendable (LindaFixture) async throws -> Void
    ) async throws {
        // Its event loops have descriptors too, as many as the machine has cores, opened when first used.
        _ = MultiThreadedEventLoopGroup.singleton.next()
        let descriptors = try openDescriptors("self")
        let folder = try Machine.temporaryFolder()
        try disk?.mount(folder)
        let logs = LogCapture()
        var options = Stack.Options(directory: folder, programs: Machine.programs)
        options.settings = settings
        // Real time is short in tests: what failed comes again soon, unless a test is about just that.
        if !virtualClock, settings["sandbox"] == nil {
            options.settings["sandbox"] = ["webhook.retryFirst=100ms", "webhook.retryMost=5s"]
        }
        options.hasVirtualClock = virtualClock
        let network = mode == .inProcess ? RPCNetwork() : nil
        if let network { options.start = { ProcessInMemory($0, in: network, onLine: $1) } }
        let stack = try Stack(options) { logs.add($0, $1) }
        let fixture = LindaFixture(stack: stack, network: network, logs: logs)
        do {
            try await fixture.live(body)
            try await ended(stack.dataDirectory)
            let faults = logs.faults
            guard faults.isEmpty else { throw Failure(description: "a process logged what should never happen: \(faults.prefix(3))") }
            if !expectsCrashes {
                for process in Stack.processes + ["sandbox"] {
                    let ending = await stack.child(process)?.ended()
                    guard ending == .exited(0) else {
                        throw Failure(description: "\(process) ended with \(ending.map(\.description) ?? "nothing")")
                    }
                    guard stack.restarts(of: process) == 0 else { throw Failure(description: "\(process) had to be restarted") }
                }
            }
        } catch {
            let log = logs.lines().joined(separator: "\n")
            try? log.write(toFile: "\(folder)/log", atomically: true, encoding: .utf8)
            print("kept for inspection: \(folder)")
            try? disk?.unmount(keepsFiles: true)  // the first error counts
            throw error
        }
        try disk?.unmount(keepsFiles: false)
        try FileManager.default.removeItem(atPath: folder)
        // Room for the runtime's own, opened when first needed.
        let left = try openDescriptors("self")
        guard left <= descriptors + 16 else {
            throw Failure(description: "descriptors leaked: \(descriptors) before, \(left) after: \(kinds("self"))")
        }
    }

    private func live(_ body: @escaping @Sendable (LindaFixture) async throws -> Void) async throws {
        let outcome = Outcome()
        // A process that cannot start is started again for ever; a test must not wait as long.
        let watch = Task {
            try await Task.sleep(for: .seconds(60))
            await outcome.set(Failure(description: "not every process became ready within a minute"))
            stack.stop()
        }
        defer { watch.cancel() }
        try await stack.run {
            watch.cancel()
            do {
                let descriptors = try daemonDescriptors()
                try await body(self)
                // Connections kept open for reuse, readers of the database; a leak is a matter of thousands.
                try await everythingIsClosed(but: descriptors)
                let broken = try await statistics().requestsAgainstSchema
                if broken > 0 { throw Failure(description: "\(broken) requests broke Meta's own schemas") }
            } catch { await outcome.set(error) }
            stack.stop()
        }
        if let error = await outcome.error { throw error }
    }

    private func everythingIsClosed(but descriptors: [String: Int]) async throws {
        let open = MutexBox("")
        do {
            try await eventually("every process closes what it opened") {
                let left = try daemonDescriptors()
                let more = descriptors.filter { (left[$0.key] ?? 0) > $0.value + 150 }.keys.sorted()
                open.set(
                    more.map { name in
                        let pid = "\(stack.child(name)?.pid ?? 0)"
                        return "\(name) has \(left[name] ?? 0) open, \(descriptors[name] ?? 0) at first: \(Self.kinds(pid))"
                    }.joined(separator: "; "))
                return more.isEmpty
            }
        } catch {
            throw open.value.isEmpty ? error : Failure(description: open.value)
        }
    }

    /// What a process, by its id, has open, by kind.
    private static func kinds(_ pid: String) -> String {
        let folder = "/proc/\(pid)/fd"
        // It may have been killed just now, and what it had open be closed.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let targets = names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
        return Dictionary(grouping: targets) { $0.prefix { $0 != "[" } }.map { "\($0.value.count) × \($0.key)" }.sorted().joined(
            separator: ", ")
    }

    private actor Outcome {
        var error: (any Error)?
        func set(_ error: any Error) { self.error = error }
    }

    private static func openDescriptors(_ process: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
    }

    private func daemonDescriptors() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        // In one process there is nothing to tell apart; its own are counted at the end.
        guard network == nil else { return counts }
        for process in Stack.processes + ["sandbox"] {
            guard let child = stack.child(process) else { continue }
            counts[process] = (try? Self.openDescriptors("\(child.pid)")) ?? 0  // it may have been killed just now
        }
        return counts
    }

    package func client(_ contract: any Contract.Type) -> RPCClient {
        if let network { return RPCClient(contract, in: network, name: "test") }
        return RPCClient(contract, in: stack.runDirectory, name: "test")
    }

    /// Calls through a connection of its own; holds the params against `service.check` and the reply against its schema.
    package func call<M: RPCMethod>(
        _ contract: any Contract.Type,
        _ method: M.Type,
        _ params: M.Params,
        meta: CallMeta = CallMeta(),
        deadline: Duration? = nil
    ) async throws -> M.Reply {
        let client = client(contract)
        do {
            let reply = try await client.call(method, params, meta: meta, deadline: deadline)
            do throws(Violation) { try ReplySchemas.check(reply, of: method) } catch {
                throw Failure(description: "\(M.name) replied with what it does not promise: \(error.path) \(error.problem)")
            }
            let value = try JSON.decode(JSONValue.self, from: JSON.encode(params))
            _ = try await client.call(ServiceCheck.self, ServiceCheck.Params(method: M.name, params: value))
            await client.close()
            return reply
        } catch {
            await client.close()
            throw error
        }
    }

    /// Two numbers on both sides, the webhook subscribed.
    package func addNumbers(messagesPerSecond: Int = 80) async throws {
        for (index, id) in Self.numbers.enumerated() {
            let display = "+91 80 4718 100\(index)"
            _ = try await call(
                SandboxContract.self,
                SandboxAddNumber.self,
                SandboxAddNumber.Params(
                    phoneNumberID: id, wabaID: Self.waba, displayPhoneNumber: display, messagesPerSecond: messagesPerSecond
                )
            )
            _ = try await call(
                AccountContract.self,
                AddAccount.self,
                AddAccount.Params(phoneNumberID: id, wabaID: Self.waba, displayPhoneNumber: display, displayName: "Lucky Shrub \(index)")
            )
        }
        _ = try await call(SandboxContract.self, SandboxSubscribe.self, SandboxSubscribe.Params(url: webhook))
    }

    /// A customer writes, which opens the window; returns once that is known.
    package func write(_ text: String, from contact: ContactID, to number: PhoneNumberID = numbers[0]) async throws {
        let params = SandboxWrite.Params(phoneNumberID: number, from: contact, name: "Asha", text: text)
        _ = try await call(SandboxContract.self, SandboxWrite.self, params)
        try await eventually("the open window") {
            try await call(AccountContract.self, GetConversationWindow.self, .init(contact: contact, account: number)).open
        }
    }

    /// What a customer's phone has got.
    package func phone(_ contact: ContactID) async throws -> [SandboxMessages.Item] {
        try await call(SandboxContract.self, SandboxMessages.self, .init(contact: contact)).items
    }

    /// Lets virtual time pass.
    package func clock(speed: Double? = nil, advance: Duration? = nil) async throws {
        _ = try await call(SandboxContract.self, SandboxSetClock.self, .init(speed: speed, advance: advance.map { Milliseconds($0) }))
    }

    /// A template that Meta's side has approved.
    package func addTemplate(
        _ name: String = "greeting_news",
        body: String = "Hello {{name|there}}, we have news.",
        category: Template.Category = .utility
    ) async throws {
        let params = CreateTemplate.Params(name: name, language: "en", category: category, body: body)
        _ = try await call(TemplateContract.self, CreateTemplate.self, params)
        _ = try await call(TemplateContract.self, SubmitReview.self, SubmitReview.Params(name: name, wabaID: Self.waba))
        try await eventually("approval of the template") {
            try await call(TemplateContract.self, ReviewStatus.self, TemplateReference(name: name)).review == .approved
        }
    }

    package var webhook: String { "\(stack.address)/webhooks/whatsapp" }

    package func statistics() async throws -> SandboxStatistics.Reply {
        try await call(SandboxContract.self, SandboxStatistics.self, Nothing())
    }

    /// Puts another secret in a credential's file, as an operator does while everything runs.
    package func replaceCredential(_ name: String, with secret: String) throws {
        try secret.write(toFile: "\(stack.options.directory)/credentials/\(name)", atomically: true, encoding: .utf8)
    }

    package func credential(_ name: String) throws -> String {
        try String(contentsOfFile: "\(stack.options.directory)/credentials/\(name)", encoding: .utf8).trimmingCharacters(in: .newlines)
    }
}
