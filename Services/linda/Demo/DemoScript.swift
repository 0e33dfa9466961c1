import AccountContract
import Foundation
import GatewayContract
import IntelligenceContract
import RPCContract
import RPCTransport
import SandboxContract
import SyncContract
import TemplateContract
import Vocabulary

/// What the demonstration does, one step after the other, only through the processes' own methods.
struct DemoScript {
    private let accounts: RPCClient
    private let templates: RPCClient
    private let intelligence: RPCClient
    private let sync: RPCClient
    private let gateway: RPCClient
    private let sandbox: RPCClient
    private let contacts: Int
    private let customers: Int
    /// Each demonstration sends anew.
    private let run = String(Int(Date().timeIntervalSince1970), radix: 36)

    private static let waba: WABAID = "102290129340398"
    private static let numbers: [(id: PhoneNumberID, display: String, name: String)] = [
        ("106540352242922", "+91 80 4718 1000", "Lucky Shrub"), ("106540352242923", "+91 80 4718 1001", "Lucky Shrub Mumbai"),
    ]
    private static let firstContact: Int64 = 919_810_000_000

    init(runDirectory: String, contacts: Int, customers: Int) {
        func client(_ contract: any Contract.Type) -> RPCClient { RPCClient(contract, in: runDirectory, name: "demo") }
        accounts = client(AccountContract.self)
        templates = client(TemplateContract.self)
        intelligence = client(IntelligenceContract.self)
        sync = client(SyncContract.self)
        gateway = client(GatewayContract.self)
        sandbox = client(SandboxContract.self)
        self.contacts = contacts
        self.customers = customers
    }

    mutating func play() async throws -> DemoReport {
        do {
            try await prepare()
            _ = try await ContactUpload(client: sync, meta: CallMeta(actor: "demo")).run(PeopleFile(csv(), named: "the demonstration"))
            let before = try await sandbox.call(SandboxStatistics.self, Nothing())
            let sending = try await send()
            let replies = try await converse(after: before)
            try await settle()
            return try await report(sending: sending, replies: replies)
        } catch let fault as Fault {
            throw Trouble(fault)
        }
    }

    private func prepare() async throws {
        for number in Self.numbers {
            _ = try await sandbox.call(
                SandboxAddNumber.self,
                SandboxAddNumber.Params(phoneNumberID: number.id, wabaID: Self.waba, displayPhoneNumber: number.display)
            )
            _ = try await accounts.call(
                AddAccount.self,
                AddAccount.Params(phoneNumberID: number.id, wabaID: Self.waba, displayPhoneNumber: number.display, displayName: number.name)
            )
        }
        _ = try await sandbox.call(SandboxFault.self, SandboxFault.Params(undeliverableShare: 0.02))
        _ = try await templates.call(
            CreateTemplate.self,
            CreateTemplate.Params(
                name: "festival_offer",
                language: "en",
                category: .marketing,
                header: "A gift for you",
                body: "Hello {{name|there}}, our Diwali boxes are here. Reply to this message to order yours.",
                footer: "Write STOP to get no more offers"
            )
        )
        _ = try await templates.call(SubmitReview.self, SubmitReview.Params(name: "festival_offer", language: "en", wabaID: Self.waba))
        try await wait("Meta's review of the template", within: 30) {
            try await self.templates.call(ReviewStatus.self, TemplateReference(name: "festival_offer", language: "en")).review == .approved
        }
    }

    private func csv() -> String {
        let first = ["Asha", "Vikram", "Meera", "Rohan", "Sana", "Arjun", "Kavita", "Dev", "Nisha", "Imran"]
        let last = ["Rao", "Shah", "Iyer", "Patil", "Khan", "Nair", "Joshi", "Mehta", "Das", "Kulkarni"]
        let rows = (0..<contacts).map { index in
            "+\(Self.firstContact + Int64(index)),\(first[index % 10]) \(last[index / 10 % 10]),\(first[index % 10])"
        }
        return "phone,name,first_name\n" + rows.joined(separator: "\n") + "\n"
    }

    /// Hands every contact's message over and watches them leave; messages a second.
    private func send() async throws -> Double {
        let start = ContinuousClock.now
        let key = "demo-\(run)-"
        // What cannot be handed over ends the watching too.
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await enqueueAll(key) }
            group.addTask { try await watch(key) }
            try await group.waitForAll()
        }
        return Double(contacts) / (Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000)
    }

    private func watch(_ key: String) async throws {
        var bar = ProgressBar("sending", total: contacts)
        var left = contacts
        while left > 0 {
            let states = try await accounts.call(MessageStatistics.self, MessageStatistics.Params(requestKeyPrefix: key)).states
            let waiting = (states["queued"] ?? 0) + (states["sending"] ?? 0)
            let sent = states.values.reduce(0, +) - waiting
            left = contacts - sent
            bar.show(sent, "\(states["delivered"] ?? 0) delivered, \(states["read"] ?? 0) read, \(states["failed"] ?? 0) failed")
            if left > 0 { try await Task.sleep(for: .milliseconds(200)) }
        }
        bar.finish("\(contacts) messages handed to Meta")
    }

    private func enqueueAll(_ key: String) async throws {
        var cursor: PageCursor<ListContacts>?
        var left = contacts
        repeat {
            let page = try await sync.call(ListContacts.self, ListContacts.Params(limit: min(1000, left), cursor: cursor))
            cursor = page.next
            left -= page.items.count
            // Offers go only to people who agreed: as if each had signed up on a form.
            let agreed = page.items.map {
                RecordConsent.Item(
                    contact: $0.phone?.rawValue ?? $0.bsuid?.rawValue ?? "", state: .granted, source: "form", proof: "demonstration \(run)")
            }
            _ = try await accounts.call(RecordConsent.self, RecordConsent.Params(items: agreed), deadline: .seconds(60))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for contact in page.items {
                    group.addTask {
                        let params = SendMessage.Params(
                            to: contact.phone?.rawValue ?? contact.bsuid?.rawValue ?? "",
                            template: SendMessage.Template(
                                name: "festival_offer", language: "en", variables: ["name": contact.firstName ?? ""]),
                            requestKey: key + contact.id
                        )
                        _ = try await accounts.call(SendMessage.self, params, deadline: .seconds(30))
                    }
                }
                try await group.waitForAll()
            }
        } while cursor != nil && left > 0
    }

    /// Lets customers write until each has had every answer; answers.
    private func converse(after before: SandboxStatistics.Reply) async throws -> Int {
        guard customers > 0 else { return 0 }
        let expected = customers * 3
        _ = try await sandbox.call(
            SandboxPlay.self,
            SandboxPlay.Params(customers: customers, messages: 3, firstContact: ContactID(String(Self.firstContact)), perSecond: 30)
        )
        var bar = ProgressBar("talking", total: expected)
        var replies = 0
        let end = ContinuousClock.now + .seconds(60 + customers)
        while replies < expected, ContinuousClock.now < end {
            let now = try await sandbox.call(SandboxStatistics.self, Nothing())
            replies = now.replies - before.replies
            bar.show(replies, "\(now.written - before.written) written")
            if replies < expected { try await Task.sleep(for: .milliseconds(200)) }
        }
        bar.finish("\(replies) of \(expected) messages answered")
        return replies
    }

    private func settle() async throws {
        try await wait("the last statuses", within: 30) {
            let statistics = try await sandbox.call(SandboxStatistics.self, Nothing())
            let inbox = try await gateway.call(InboxStatistics.self, Nothing())
            return statistics.webhooksWaiting == 0 && inbox.pending == 0
        }
    }

    private func report(sending: Double, replies: Int) async throws -> DemoReport {
        let statistics = try await sandbox.call(SandboxStatistics.self, Nothing())
        return DemoReport(
            messages: try await accounts.call(MessageStatistics.self, MessageStatistics.Params(requestKeyPrefix: "demo-\(run)-")),
            replies: replies,
            orders: try await intelligence.call(ConversationStatistics.self, Nothing()).orders,
            perSecond: sending,
            sandbox: statistics,
            inbox: try await gateway.call(InboxStatistics.self, Nothing())
        )
    }

    private func wait(_ what: String, within time: Seconds, _ isDone: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(time.count)
        while try await !isDone() {
            guard ContinuousClock.now < end else { throw Trouble("\(what) did not come within \(time.count) seconds; the log says more.") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
