import AccountContract
import Foundation
import GatewayContract
import IntelligenceContract
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

/// Every method of every process, called for a workspace that has nothing: it sees nothing of another's, and changes nothing.
@Suite(.timeLimit(.minutes(3))) struct ForeignWorkspaceTests {
    private static let contracts: [any Contract.Type] = [
        TemplateContract.self, AccountContract.self, IntelligenceContract.self, SyncContract.self,
    ]
    /// What Meta tells goes by the number or the account that it names, whatever the workspace.
    private static let told: Set<String> = [
        "inbound.record", "status.record", "account.recordEvent", "template.recordEvent", "message.process", "echo.record",
        "template.recordCategory",
    ]
    /// What is in every name and text of the one that has something.
    private static let mark = "Zebra"

    @Test func nothingIsSeenAndNothingIsChanged() async throws {
        try await LindaFixture.run { linda in
            let ids = try await fill(linda)
            let before = try await state(linda)
            #expect(before.contains(Self.mark))
            for contract in Self.contracts {
                let client = linda.client(contract)
                for method in contract.allMethods where method.effect != .stream && !Self.told.contains(method.name) {
                    for text in try Self.texts(method) {
                        let params = ids.reduce(text) { $0.replacing("\"\($1.key)\"", with: "\"\($1.value)\"") }
                        do throws(Fault) {
                            let meta = CallMeta(workspace: "foreign")
                            let reply = try await client.call(method.name, Data(params.utf8), meta: meta, deadline: .seconds(20))
                            let answer = String(decoding: reply, as: UTF8.self)
                            #expect(!answer.contains(Self.mark), "\(method.name) \(params): \(answer.prefix(300))")
                        } catch {
                            #expect(error.code != .internal && !error.message.contains(Self.mark), "\(method.name) \(params): \(error)")
                        }
                    }
                }
                await client.close()
            }
            #expect(try await state(linda) == before)
        }
    }

    private static func texts<M: RPCMethod>(_ method: M.Type) throws -> [String] {
        try ([M.example.params] + M.alternatives).map { try JSON.text($0, sorted: true) }
    }

    /// One of everything; what the examples call it, and what it is called here.
    private func fill(_ linda: LindaFixture) async throws -> [String: String] {
        try await linda.addNumbers()
        try await linda.addTemplate("zebra_news", body: "\(Self.mark) {{name}}, there is news.")
        let call = CallMeta(workspace: "default")
        let accounts = linda.client(AccountContract.self)
        let contacts = linda.client(SyncContract.self)
        for number in LindaFixture.numbers {
            _ = try await accounts.call(
                UpdateAccount.self, .init(phoneNumberID: number, displayName: "\(Self.mark) \(number.rawValue.suffix(1))"), meta: call)
        }
        let contact = try await contacts.call(
            CreateContact.self, .init(phone: "+919876543210", name: "\(Self.mark) Rao"), meta: call)
        let list = try await accounts.call(CreateBroadcastList.self, .init(name: "\(Self.mark) list"), meta: call)
        _ = try await accounts.call(
            AddToBroadcastList.self, .init(id: list.id.rawValue, recipients: [Recipient(contact: "919876543210")]), meta: call)
        let window = try await accounts.call(
            CreateWindow.self, .init(name: "\(Self.mark) window", cron: "0 6 * * *", timeZone: "UTC"), meta: call)
        let campaign = try await accounts.call(
            PlanCampaign.self,
            .init(name: "\(Self.mark) campaign", template: "zebra_news", list: list.id.rawValue, requestKey: "zebra"), meta: call)
        try await eventually("the campaign planned") { try await linda.progress(campaign.id).campaign.state == .planned }
        let message = try await linda.send(
            .init(to: "919876543210", template: .init(name: "zebra_news", variables: ["name": Self.mark]), requestKey: "zebra"))
        try await eventually("the message read") {
            try await accounts.call(GetMessage.self, .init(message.id), meta: call).state == .read
        }
        try await linda.write("\(Self.mark) hello", from: "919876543210")
        let talk = linda.client(IntelligenceContract.self)
        try await eventually("the conversation") { try await talk.call(ListConversations.self, .init(), meta: call).items.count == 1 }
        try await eventually("the answer is part of it") {
            try await talk.call(ConversationStatistics.self, Nothing(), meta: call).outbound == 1
        }
        try await eventually("everything settled") {
            let inbox = try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing())
            let phone = try await linda.phone("919876543210")
            return try await linda.statistics().webhooksWaiting == 0 && inbox.pending == 0 && phone.count == 2
        }
        for client in [accounts, contacts, talk] { await client.close() }
        // Some examples share an id: each name stands for what the method that uses it would look for.
        return Dictionary(
            [
                (Campaign.example.id.rawValue, campaign.id.rawValue), (BroadcastList.example.id.rawValue, list.id.rawValue),
                (Message.example.id.rawValue, message.id.rawValue), (DeliveryWindow.example.id.rawValue, window.window.id.rawValue),
                (Contact.example.id, contact.id), ("order_update", "zebra_news"),
                ("diwali_offer", "zebra_news"),
            ]
        ) { first, _ in first }
    }

    /// All that the one workspace has, as its lists tell it.
    private func state(_ linda: LindaFixture) async throws -> String {
        var all = ""
        for contract in Self.contracts {
            let client = linda.client(contract)
            for method in contract.allMethods where method.name.hasSuffix(".list") && method.effect == .read {
                let reply = try await client.call(
                    method.name, Data("{}".utf8), meta: CallMeta(workspace: "default"), deadline: .seconds(20))
                all += "\(method.name) \(JSON.text(try JSON.decode(JSONValue.self, from: reply), sorted: true))\n"
            }
            await client.close()
        }
        return all
    }
}
