import AccountContract
import Foundation
import GatewayContract
import HTTPClient
import IntelligenceContract
import PosterContract
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
        TemplateContract.self, AccountContract.self, IntelligenceContract.self, SyncContract.self, PosterContract.self,
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

    /// One token sees every account on the host: a workspace files nothing in one where it has no number, and hears nothing of it.
    @Test func aForeignWorkspaceFilesNothingInAnAccount() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate("zebra_news")
            let foreign = CallMeta(workspace: "foreign")
            let names = ["zebra_news", "lion_news"]
            func submit(_ name: String) async throws -> ReviewStatus.Reply {
                try await linda.call(
                    TemplateContract.self, SubmitReview.self, .init(name: name, wabaID: LindaFixture.waba), meta: foreign)
            }
            func review(_ name: String) async throws -> ReviewStatus.Reply {
                try await linda.call(TemplateContract.self, ReviewStatus.self, .init(name: name), meta: foreign)
            }
            var words: Set<String> = []
            for name in names {
                _ = try await linda.call(
                    TemplateContract.self, CreateTemplate.self,
                    .init(name: name, language: "en", category: .utility, body: "Hello {{name|there}}, we have news."), meta: foreign)
                let refused = await fault { _ = try await submit(name) }
                #expect(refused?.code == .reviewRefused && refused?.path == "wabaID", "\(String(describing: refused))")
                words.insert(refused?.message ?? "taken")
                let standing = try await review(name)
                #expect(standing.review == .draft && standing.metaID == nil, "\(standing)")
            }
            #expect(words.count == 1, "of a name that is there nothing else is told: \(words)")
            // With a number of its own there, it may.
            let number: PhoneNumberID = "306540352242922"
            _ = try await linda.call(
                SandboxContract.self, SandboxAddNumber.self,
                .init(phoneNumberID: number, wabaID: LindaFixture.waba, displayPhoneNumber: "+91 80 4718 3000"))
            _ = try await linda.call(
                AccountContract.self, AddAccount.self,
                .init(phoneNumberID: number, wabaID: LindaFixture.waba, displayPhoneNumber: "+91 80 4718 3000", displayName: "Delhi"),
                meta: foreign)
            #expect(try await submit("lion_news").metaID != nil)
            try await eventually("Meta has approved it") { try await review("lion_news").review == .approved }
        }
    }

    /// The gateway's own methods, as whoever has a key of another workspace calls them: its socket is the host's.
    @Test func aForeignKeySeesAndChangesNothingOfTheGateway() async throws {
        try await LindaFixture.run { linda in
            let gateway = linda.client(GatewayContract.self)
            let home = CallMeta(workspace: "default")
            var keys: [String] = []
            for isOfHost in [false, true] {
                let params = CreateAPIKey.Params(name: "\(Self.mark) \(isOfHost)", role: .viewer, ofHost: isOfHost)
                keys.append(try await gateway.call(CreateAPIKey.self, params, meta: home).key.id)
            }
            let users = try await Self.users(gateway, home)
            let secret = try await gateway.call(
                CreateAPIKey.self, .init(name: "foreign", role: .owner), meta: CallMeta(workspace: "foreign")
            ).secret
            let webhook = try Webhook(linda)
            #expect(try await webhook.post("\(Self.mark) is not JSON") == 200)
            let change = #"{"field":"zebra","value":{"name":"\#(Self.mark)"}}"#
            #expect(try await webhook.post(#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[\#(change)]}]}"#) == 200)
            try await eventually("both are taken apart") {
                let inbox = try await gateway.call(InboxStatistics.self, Nothing(), meta: home)
                return inbox.done == 1 && inbox.dead == 1 && inbox.pending == 0
            }
            let letter = try #require(try await gateway.call(ListDeadLetters.self, .init(), meta: home).items.first).id
            let before = try await Self.state(gateway)
            #expect(before.components(separatedBy: Self.mark).count > 4)
            let client = HTTPClient(connectionsPerHost: 1)
            for method in GatewayContract.methods {
                guard let route = method.http, !route.opensSession else { continue }
                for text in try Self.texts(method) + (route.captures.isEmpty ? ["{}"] : []) {
                    for key in keys + users {
                        for isOfHost in [nil, true] as [Bool?] {
                            var params =
                                try JSON.decode(
                                    JSONValue.self,
                                    from: Data(text.replacing(APIKey.example.id, with: key).replacing(User.example.id, with: key).utf8)
                                ).object ?? [:]
                            // Whatever has a number among these is a dead letter.
                            if params["id"]?.integer != nil { params["id"] = .integer(letter) }
                            if let isOfHost, ["key.", "user.", "session."].contains(where: method.name.hasPrefix) {
                                params["ofHost"] = .bool(isOfHost)
                            }
                            let request = route.request(.object(params))
                            let response = try await client.perform(
                                HTTPRequest(
                                    request.verb, "\(linda.stack.address)\(request.path)",
                                    headers: ["Authorization: Bearer \(secret)", "Content-Type: application/json"],
                                    body: request.body.map { .bytes(Data($0.utf8)) } ?? .none))
                            let answer = String(decoding: response.body, as: UTF8.self)
                            let what = "\(method.name) \(request.path) \(request.body ?? ""): \(response.status) \(answer.prefix(300))"
                            #expect(!answer.contains(Self.mark) && response.status != 500 && response.status != 401, "\(what)")
                            #expect(!route.isOfHost || response.status == 403, "\(what)")
                        }
                    }
                }
            }
            #expect(try await Self.state(gateway) == before)
            await gateway.close()
        }
    }

    /// A user of the workspace and one of the host, both logged in.
    private static func users(_ gateway: RPCClient, _ home: CallMeta) async throws -> [String] {
        var users: [String] = []
        for isOfHost in [false, true] {
            let params = CreateUser.Params(
                email: "\(Self.mark)\(isOfHost)@example.com", name: Self.mark, role: .viewer, password: "correct horse battery",
                ofHost: isOfHost)
            let user = try await gateway.call(CreateUser.self, params, meta: home)
            _ = try await gateway.call(CreateSession.self, .init(email: user.email, password: params.password), meta: home)
            users.append(user.id)
        }
        return users
    }

    /// All that the gateway has of the one workspace and of the host.
    private static func state(_ gateway: RPCClient) async throws -> String {
        let home = CallMeta(workspace: "default")
        let types = ["key.created", "key.rotated", "key.revoked", "user.created", "user.updated", "user.passwordSet", "user.deleted"]
        return [
            try JSON.text(try await gateway.call(ListUsers.self, .init(), meta: home), sorted: true),
            try JSON.text(try await gateway.call(ListUsers.self, .init(ofHost: true), meta: home), sorted: true),
            try JSON.text(try await gateway.call(ListAPIKeys.self, .init(), meta: home), sorted: true),
            try JSON.text(try await gateway.call(ListAPIKeys.self, .init(ofHost: true), meta: home), sorted: true),
            try JSON.text(try await gateway.call(ListInbox.self, .init(), meta: home), sorted: true),
            try JSON.text(try await gateway.call(ListDeadLetters.self, .init(), meta: home), sorted: true),
            try JSON.text(try await gateway.call(ListEvents.self, .init(types: types), meta: home).items, sorted: true),
        ].joined(separator: "\n")
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
        let poster = linda.client(PosterContract.self)
        // Of this type nothing happens here: what the list tells stays as it is.
        let endpoint = try await poster.call(
            CreateEndpoint.self,
            .init(url: "https://zebra.example/webhooks", description: "\(Self.mark) endpoint", types: ["experiment.stopped"]), meta: call)
        for client in [accounts, contacts, talk, poster] { await client.close() }
        // Some examples share an id: each name stands for what the method that uses it would look for.
        return Dictionary(
            [
                (Campaign.example.id.rawValue, campaign.id.rawValue), (BroadcastList.example.id.rawValue, list.id.rawValue),
                (Message.example.id.rawValue, message.id.rawValue), (DeliveryWindow.example.id.rawValue, window.window.id.rawValue),
                (Contact.example.id, contact.id), (WebhookEndpoint.example.id, endpoint.endpoint.id),
                ("order_update", "zebra_news"),
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
