import AccountContract
import GatewayContract
import GraphMessages
import IntelligenceContract
import MetaEvents
import RPCContract
import SandboxContract
import Support
import TemplateContract
import Testing
import Vocabulary

/// Meta's events reach the process that owns what they are about, and can be read there.
@Suite struct MetaEventsTests {
    private static let asha: ContactID = "919876543210"

    private func conversation(_ linda: LindaFixture, _ contact: ContactID = asha) async throws -> [GetConversation.Item] {
        try await linda.call(IntelligenceContract.self, GetConversation.self, .init(account: LindaFixture.numbers[0], contact: contact))
            .messages
    }

    private func sends(_ linda: LindaFixture, _ type: SandboxSend.Kind, _ content: JSONValue, replyTo: WAMID? = nil) async throws {
        _ = try await linda.call(
            SandboxContract.self, SandboxSend.self,
            .init(phoneNumberID: LindaFixture.numbers[0], from: Self.asha, name: "Asha", type: type, content: content, replyTo: replyTo))
    }

    @Test func everythingThatCustomersSendCanBeReadInTheConversation() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await sends(linda, .image, ["caption": "my lunch"])
            try await eventually("the first is there") { await fault { _ = try await conversation(linda) } == nil }
            let first = try #require(try await conversation(linda).first?.wamid)
            try await sends(linda, .location, ["latitude": 18.52, "longitude": 73.85, "name": "Shop"], replyTo: first)
            try await sends(linda, .contacts, [["name": ["formatted_name": "Ravi"], "phones": [["phone": "+919876500000"]]]])
            try await sends(linda, .reaction, ["message_id": .string(first.rawValue), "emoji": "👍"])
            try await sends(
                linda, .order,
                ["catalog_id": "c", "product_items": [["product_retailer_id": "p", "quantity": 2, "item_price": 40, "currency": "INR"]]])
            try await sends(
                linda, .edit,
                ["original_message_id": .string(first.rawValue), "message": ["type": "text", "text": ["body": "my dinner"]]])
            try await sends(linda, .revoke, ["original_message_id": .string(first.rawValue)])
            try await sends(linda, .unsupported, ["type": "poll"])
            _ = try await linda.call(
                SandboxContract.self, SandboxCall.self,
                .init(phoneNumberID: LindaFixture.numbers[0], from: Self.asha, name: "Asha", seconds: 2))
            try await eventually("all ten are there") { try await conversation(linda).filter { $0.direction == .inbound }.count == 10 }
            let all = try await conversation(linda).filter { $0.direction == .inbound }
            let media = try #require(all.first { $0.type == "image" }?.content?.media)
            #expect(media.id != nil && media.mimeType == "image/png" && media.sha256?.count == 44)
            let place = try #require(all.first { $0.type == "location" })
            #expect(place.content?.location?.name == "Shop" && place.content?.replyTo == first)
            #expect(all.first { $0.type == "contacts" }?.content?.contacts?.first?.phones == ["+919876500000"])
            #expect(all.first { $0.type == "reaction" }?.content?.reaction?.emoji == "👍")
            #expect(all.first { $0.type == "order" }?.content?.order?.items.first?.price == Money(currency: "INR", micros: 40_000_000))
            #expect(all.first { $0.type == "edit" }?.content?.change?.text == "my dinner")
            #expect(all.first { $0.type == "revoke" }?.content?.change?.isRevoked == true)
            #expect(all.first { $0.type == "unsupported" }?.content?.unsupported == "poll")
            #expect(all.filter { $0.type == "call" }.compactMap { $0.content?.call?.seconds } == [2])
        }
    }

    @Test func aTapSaysWhatWasTapped() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.write("Hello", from: Self.asha)
            try await eventually("it is answered") { try await !linda.phone(Self.asha).isEmpty }
            let question = InteractiveMessage(
                body: "Which?", action: .buttons([.init(id: "b1", title: "Small"), .init(id: "b2", title: "Large")]))
            _ = try await linda.send(.init(to: "+919876543210", interactive: question, requestKey: "q"))
            try await eventually("the phone has it") { try await linda.phone(Self.asha).contains { $0.type == "interactive" } }
            let wamid = try #require(try await linda.phone(Self.asha).first { $0.type == "interactive" }?.wamid)
            let wrong = await fault {
                _ = try await linda.call(SandboxContract.self, SandboxTap.self, .init(wamid: wamid, button: "Medium"))
            }
            #expect(wrong?.code == .messageNotThere)
            _ = try await linda.call(SandboxContract.self, SandboxTap.self, .init(wamid: wamid, button: "Large"))
            try await eventually("the tap is there") {
                try await conversation(linda).contains { $0.type == "interactive" && $0.direction == .inbound }
            }
            let tap = try #require(try await conversation(linda).last { $0.type == "interactive" && $0.direction == .inbound })
            #expect(tap.content?.reply?.id == "b2" && tap.content?.reply?.kind == .button && tap.text == "Large")
            #expect(tap.content?.replyTo == wamid)
        }
    }

    @Test func aTemplateThatBecameMarketingGoesToNobodyWhoNeverAgreed() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            // It waits while Meta moves its template.
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: true))
            let waits = try await linda.send(
                .init(to: "919876543210", template: .init(name: "greeting_news", variables: ["name": "Asha"]), requestKey: "waits"))
            let params = SandboxSetTemplate.Params(
                wabaID: LindaFixture.waba, name: "greeting_news", language: "en", category: "MARKETING", quality: "YELLOW")
            _ = try await linda.call(SandboxContract.self, SandboxSetTemplate.self, params)
            func template() async throws -> Template {
                try await linda.call(TemplateContract.self, GetTemplate.self, .init(name: "greeting_news", language: "en"))
            }
            try await eventually("the template is marketing") { try await template().category == .marketing }
            try await eventually("its rating is known") { try await template().quality == "YELLOW" }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: false))
            try await linda.clock(advance: .seconds(40))
            try await eventually("what waited has failed") { try await linda.state(waits.id) == .failed }
            let message = try await linda.call(AccountContract.self, GetMessage.self, .init(waits.id))
            #expect(message.category == .marketing && message.error?.contains("agreed") == true, "\(message.error ?? "-")")
            let refused = await fault {
                _ = try await linda.send(
                    .init(to: "919876543210", template: .init(name: "greeting_news", variables: ["name": "Asha"]), requestKey: "new"))
            }
            #expect(refused?.code == .consentMissing)
            #expect(try await linda.phone(Self.asha).isEmpty)
        }
    }

    /// An archived template can come back: nobody is told that it is gone for good.
    @Test func anArchivedTemplateIsSaidToBeArchived() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            func tell(_ word: String) async throws {
                let value: JSONValue = [
                    "event": .string(word), "message_template_name": "greeting_news", "message_template_language": "en", "reason": "NONE",
                ]
                _ = try await linda.call(
                    SandboxContract.self, SandboxTell.self,
                    .init(wabaID: LindaFixture.waba, field: "message_template_status_update", value: value))
                try await eventually("Meta's word \(word) is there") {
                    try await linda.call(TemplateContract.self, GetTemplate.self, .init(name: "greeting_news", language: "en"))
                        .metaStatus?.text == word
                }
            }
            try await tell("ARCHIVED")
            let refused = await fault {
                _ = try await linda.send(
                    .init(to: "919876543210", template: .init(name: "greeting_news", variables: ["name": "Asha"]), requestKey: "k"))
            }
            #expect(refused?.code == .templateRefused && refused?.message.contains("is archived at Meta") == true)
            try await tell("UNARCHIVED")
            let sent = try await linda.send(
                .init(to: "919876543210", template: .init(name: "greeting_news", variables: ["name": "Asha"]), requestKey: "k2"))
            try await eventually("it goes out") { try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id)).wamid != nil }
        }
    }

    @Test func aRestrictionStopsWhatTheBusinessBeginsUntilItEnds() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let until = try await linda.call(SandboxContract.self, SandboxSetClock.self, .init()).now + .hours(2)
            _ = try await linda.call(
                SandboxContract.self, SandboxRestrict.self,
                .init(wabaID: LindaFixture.waba, restriction: "RESTRICTED_BIZ_INITIATED_MESSAGING", until: until))
            func health() async throws -> Set<Account.Health> {
                Set(try await linda.call(AccountContract.self, ListAccounts.self, Nothing()).items.map(\.account.health))
            }
            try await eventually("the numbers are restricted") { try await health() == [.restricted] }
            let waits = try await linda.send(
                .init(to: "919876543210", template: .init(name: "greeting_news", variables: ["name": "Asha"]), requestKey: "waits"))
            // Answers go out all the same.
            try await linda.write("Hello", from: "919876500001")
            try await eventually("an answer goes out") { try await !linda.phone("919876500001").isEmpty }
            #expect(try await linda.state(waits.id) == .queued)
            #expect(try await linda.phone(Self.asha).isEmpty)
            try await linda.clock(advance: .seconds(3 * 3600))
            try await eventually("the restriction has ended") { try await health() == [.recovering] }
            // What was put off for a minute just before is due by then.
            try await linda.clock(advance: .seconds(61))
            try await eventually("it goes out") { try await !linda.phone(Self.asha).isEmpty }
            #expect(try await linda.statistics().refused["368"] == nil)
        }
    }

    @Test func whatIsWrittenInTheAppIsPartOfTheConversation() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let echo: JSONValue = [
                "messaging_product": "whatsapp",
                "metadata": ["display_phone_number": "918047181000", "phone_number_id": .string(LindaFixture.numbers[0].rawValue)],
                "message_echoes": [
                    [
                        "from": "918047181000", "to": .string(Self.asha.rawValue), "id": "wamid.E", "timestamp": "1790000000",
                        "type": "text",
                        "text": ["body": "I will call you"],
                    ]
                ],
            ]
            for _ in 0..<2 {
                _ = try await linda.call(
                    SandboxContract.self, SandboxTell.self, .init(wabaID: LindaFixture.waba, field: "smb_message_echoes", value: echo))
            }
            // Both have come, and one of them was the other.
            try await eventually("both have come") {
                let inbox = try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing())
                return inbox.done + inbox.duplicates >= 2 && inbox.pending == 0
            }
            let all = try await conversation(linda)
            #expect(all.map(\.text) == ["I will call you"] && all[0].direction == .outbound && all[0].wamid == "wamid.E")
            let statistics = try await linda.call(IntelligenceContract.self, ConversationStatistics.self, Nothing())
            #expect(statistics.outbound == 1 && statistics.inbound == 0)
        }
    }

    /// It has a conversation of its own; the one who said it has none, and no window.
    @Test func whatIsSaidInAGroupIsKeptAndNotAnswered() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let said: JSONValue = [
                "messaging_product": "whatsapp",
                "metadata": ["display_phone_number": "918047181000", "phone_number_id": .string(LindaFixture.numbers[0].rawValue)],
                "contacts": [["profile": ["name": "Asha"], "wa_id": .string(Self.asha.rawValue)]],
                "messages": [
                    [
                        "from": .string(Self.asha.rawValue), "id": "wamid.G", "timestamp": "1790000000", "group_id": "Y2FwaV9ncm91cDox",
                        "type": "text", "text": ["body": "STOP"],
                    ]
                ],
            ]
            _ = try await linda.call(
                SandboxContract.self, SandboxTell.self, .init(wabaID: LindaFixture.waba, field: "messages", value: said))
            func group() async throws -> GetConversation.Reply {
                try await linda.call(
                    IntelligenceContract.self, GetConversation.self, .init(account: LindaFixture.numbers[0], contact: "Y2FwaV9ncm91cDox"))
            }
            try await eventually("it is kept") { await fault { _ = try await group() } == nil }
            let kept = try await group()
            #expect(kept.isGroup == true && kept.isPartial == nil && kept.messages.map(\.text) == ["STOP"])
            #expect(kept.messages.map(\.author) == [Self.asha] && kept.messages.map(\.authorName) == ["Asha"])
            #expect(await fault { _ = try await conversation(linda) }?.code == .conversationUnknown)
            let consent = try await linda.call(AccountContract.self, GetConsent.self, .init(contact: "+919876543210"))
            let window = try await linda.call(
                AccountContract.self, GetConversationWindow.self, .init(contact: Self.asha, account: LindaFixture.numbers[0]))
            #expect(consent.state == nil && !window.open && window.expiresAt == nil)
            #expect(try await linda.phone(Self.asha).isEmpty)
        }
    }

    @Test func aCartIsAnOrder() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await sends(
                linda, .order,
                [
                    "catalog_id": "c", "text": "Love these!",
                    "product_items": [["product_retailer_id": "dosa", "quantity": 2, "item_price": 40, "currency": "INR"]],
                ])
            try await eventually("it is confirmed") { try await !linda.phone(Self.asha).isEmpty }
            let orders = try await linda.call(IntelligenceContract.self, ListOrders.self, ListOrders.Params()).items
            #expect(orders.map(\.lines.count) == [1] && orders[0].lines[0].item == "dosa" && orders[0].lines[0].quantity == 2)
            #expect(orders[0].contactName == "Asha")
            #expect(try await linda.phone(Self.asha).first?.text.contains("2 × dosa") == true)
            let consent = try await linda.call(AccountContract.self, GetConsent.self, .init(contact: "+919876543210"))
            #expect(consent.state == nil, "words beside a cart stop nothing")
            // What cannot be taken whole is nobody's order until a person has looked at it.
            try await sends(linda, .order, ["catalog_id": "c", "product_items": [["product_retailer_id": "dosa", "quantity": 2000]]])
            try await eventually("a person is asked for") {
                try await linda.call(
                    IntelligenceContract.self, GetConversation.self, .init(account: LindaFixture.numbers[0], contact: Self.asha)
                ).needsPerson
            }
            #expect(try await linda.call(IntelligenceContract.self, ListOrders.self, ListOrders.Params()).items.count == 1)
        }
    }

    /// Meta gives a customer another BSUID: their STOP holds under it.
    @Test func aSTOPFollowsTheNameThatMetaChanges() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let stop = SandboxWrite.Params(
                phoneNumberID: LindaFixture.numbers[0], from: Self.asha, name: "Asha", text: "STOP", hidesNumber: true)
            _ = try await linda.call(SandboxContract.self, SandboxWrite.self, stop)
            let former = "IN.\(Self.asha.rawValue)\(String(Self.asha.rawValue.reversed()))"
            func state(_ contact: String) async throws -> Consent.State? {
                try await linda.call(AccountContract.self, GetConsent.self, .init(contact: contact)).state
            }
            try await eventually("the STOP") { try await state(former) == .stopped }
            let update: JSONValue = [
                "messaging_product": "whatsapp",
                "metadata": ["display_phone_number": "918047181000", "phone_number_id": .string(LindaFixture.numbers[0].rawValue)],
                "user_id_update": [["user_id": ["previous": .string(former), "current": "IN.other"], "timestamp": "1790000000"]],
            ]
            _ = try await linda.call(
                SandboxContract.self, SandboxTell.self, .init(wabaID: LindaFixture.waba, field: "user_id_update", value: update))
            try await eventually("the STOP under the new name") { try await state("IN.other") == .stopped }
        }
    }

    /// What happens to one number of an account leaves its sibling alone; and being cut off is not being banned by Meta.
    @Test func anEventAboutOneNumberIsItsOwn() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            func health() async throws -> [Account.Health] {
                try await linda.call(AccountContract.self, ListAccounts.self, Nothing()).items.map(\.account)
                    .sorted { $0.phoneNumberID.rawValue < $1.phoneNumberID.rawValue }.map(\.health)
            }
            func tell(_ value: JSONValue) async throws {
                _ = try await linda.call(
                    SandboxContract.self, SandboxTell.self, .init(wabaID: LindaFixture.waba, field: "account_update", value: value))
            }
            try await tell(["event": "PARTNER_REMOVED", "phone_number": "918047181001"])
            try await eventually("one is cut off") { try await health() == [.ready, .banned] }
            try await tell(["event": "PARTNER_ADDED"])
            try await eventually("it is given back") { try await health() == [.ready, .recovering] }
            try await tell(["event": "DISABLED_UPDATE", "ban_info": ["waba_ban_state": "DISABLE", "waba_ban_date": "today"]])
            try await eventually("Meta bans both") { try await health() == [.banned, .banned] }
            // Another partner's coming says nothing of Meta's ban.
            try await tell(["event": "PARTNER_ADDED", "waba_info": ["waba_id": .string(LindaFixture.waba.rawValue)]])
            try await tell(["event": "ACCOUNT_RESTRICTION", "restriction_info": [["restriction_type": "RESTRICTED_DIRECT_SEND"]]])
            try await eventually("both are told") {
                try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing()).done >= 5
            }
            #expect(try await health() == [.banned, .banned])
        }
    }

    /// Names, alerts, PINs, Flows and groups: an operator reads them with the number.
    @Test func whatMetaTellsBesidesIsReadWithTheNumber() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            func tell(_ field: String, _ value: JSONValue) async throws {
                _ = try await linda.call(
                    SandboxContract.self, SandboxTell.self, .init(wabaID: LindaFixture.waba, field: field, value: value))
            }
            try await tell(
                "phone_number_name_update",
                [
                    "display_phone_number": "918047181000", "decision": "REJECTED", "requested_verified_name": "Shop",
                    "rejection_reason": "NAME",
                ])
            try await tell("account_alerts", ["alert_info": ["alert_severity": "CRITICAL", "alert_type": "OBA_REJECTED"]])
            try await tell("flows", ["event": "FLOW_STATUS_CHANGE", "flow_id": "6", "old_status": "DRAFT", "new_status": "BLOCKED"])
            try await tell("group_status_update", ["groups": [["group_id": "g1", "type": "group_suspend"]]])
            func notices(_ number: PhoneNumberID) async throws -> [String] {
                try await linda.call(AccountContract.self, AccountHealth.self, .init(number)).steps.filter { $0.kind == "notice" }.map(\.to)
            }
            try await eventually("all four are there") { try await notices(LindaFixture.numbers[0]).count == 4 }
            #expect(
                try await Set(notices(LindaFixture.numbers[0])) == ["REJECTED", "OBA_REJECTED", "FLOW_STATUS_CHANGE", "group_suspend"])
            #expect(
                try await Set(notices(LindaFixture.numbers[1])) == ["OBA_REJECTED", "FLOW_STATUS_CHANGE", "group_suspend"],
                "the name is the other's")
        }
    }
}
