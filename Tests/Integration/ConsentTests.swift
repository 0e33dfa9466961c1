import AccountContract
import Foundation
import GraphMessages
import IntelligenceContract
import MetaEvents
import RPCContract
import RPCTransport
import SandboxContract
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

/// Only people who agreed are written to, whenever they change their mind.
@Suite struct ConsentTests {
    @Test func STOPIsHeededConfirmedOnceAndUndoneBySTART() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            try await linda.addTemplate("spring_sale", body: "Dear {{name|friend}}, our sale begins, come.", category: .marketing)
            func consent(_ contact: String) async throws -> Consent {
                try await linda.call(AccountContract.self, GetConsent.self, .init(contact: contact))
            }
            func offer(_ contact: String, _ key: String, _ template: String = "spring_sale") async -> Fault? {
                await fault {
                    _ = try await linda.send(.init(to: contact, template: .init(name: template, variables: [:]), requestKey: key))
                }
            }
            // Nobody has agreed to anything yet.
            #expect(await offer("919876543210", "m0")?.code == .consentMissing)
            for (contact, stop, start, word) in [
                ("919876543210", "Stop!", "start", "START"), ("919876543211", "बंद करो", "शुरू करें", "START"),
                ("919876543212", "मेसेज पाठवू नका", "सुरू करा", "START"),
            ] {
                let id = ContactID(contact)
                try await linda.write(stop, from: id)
                try await eventually("the stop of \(contact)") { try await consent(contact).state == .stopped }
                try await eventually("its confirmation") { try await linda.phone(id).count == 1 }
                let confirmation = try await linda.phone(id)
                #expect(confirmation.first?.text.contains(word) == true && confirmation.first?.type == "text")
                #expect(await offer(contact, "m1-\(contact)")?.code == .consentStopped)
                try await linda.write(start, from: id)
                // It gives back what STOP took, and is no agreement to marketing that was never given.
                try await eventually("the start of \(contact)") { try await consent(contact).state == .resumed }
                #expect(await offer(contact, "m2-\(contact)")?.code == .consentMissing)
                try await linda.write("subscribe", from: id)
                try await eventually("the agreement of \(contact)") { try await consent(contact).state == .granted }
                #expect(await offer(contact, "m3-\(contact)") == nil)
            }
            // A sentence that begins like the word is none, and the bot answers it.
            try await linda.write("please stop by the shop", from: "919876543213")
            try await eventually("an answer from the bot, or none") {
                let statistics = try await linda.call(SandboxContract.self, SandboxStatistics.self, Nothing())
                return statistics.webhooksWaiting == 0
            }
            #expect(try await consent("919876543213").state == nil)
            // Paused: no marketing, and utility still.
            try await linda.write("PAUSE", from: "919876543210")
            try await eventually("the pause") { try await consent("919876543210").state == .paused }
            #expect(await offer("919876543210", "m5")?.code == .consentStopped)
            #expect(await offer("919876543210", "m6", "greeting_news") == nil)
            try await linda.write("resume", from: "919876543210")
            try await eventually("the resumption") { try await consent("919876543210").state == .granted }
            let history = try await consent("919876543210").steps
            #expect(history.map(\.state) == [.stopped, .resumed, .granted, .paused, .granted])
            #expect(history.allSatisfy { $0.source == "keyword" && $0.proof?.hasPrefix("wamid.") == true })
            // In the app itself: Meta tells it.
            let number = LindaFixture.numbers[0]
            _ = try await linda.call(
                SandboxContract.self, SandboxPreference.self, .init(phoneNumberID: number, contact: "919876543212", marketing: false))
            try await eventually("Meta's word") { try await consent("919876543212").state == .marketingStopped }
            #expect(await offer("919876543212", "m7")?.code == .consentStopped)
            #expect(await offer("919876543212", "m8", "greeting_news") == nil, "utility goes on")
        }
    }

    /// A customer who hides their number says STOP, has another number later, and is the same person all along.
    @Test func aPersonIsOneUnderEveryName() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let number = LindaFixture.numbers[0]
            let (phone, new): (ContactID, ContactID) = ("919876543210", "919876543299")
            func consent(_ contact: ContactID) async throws -> Consent {
                try await linda.call(AccountContract.self, GetConsent.self, .init(contact: contact.rawValue))
            }
            // Meta's answer to a message tells the BSUID behind the number.
            let news = SendMessage.Template(name: "greeting_news", variables: [:])
            _ = try await linda.send(.init(to: phone.rawValue, template: news, requestKey: "first"))
            try await eventually("the BSUID is known") { try await !consent(phone).names.isEmpty }
            _ = try await linda.call(
                SandboxContract.self, SandboxWrite.self,
                .init(phoneNumberID: number, from: phone, name: "Asha", text: "STOP", hidesNumber: true))
            try await eventually("the STOP of the number") { try await consent(phone).state == .stopped }
            // Its confirmation reaches the phone, and there is one conversation.
            try await eventually("the confirmation") { try await linda.phone(phone).count == 2 }
            _ = try await linda.call(
                SandboxContract.self, SandboxChangeNumber.self, .init(phoneNumberID: number, from: phone, to: new))
            try await eventually("the STOP of the new number") { try await consent(new).state == .stopped }
            #expect(try await consent(new).names.count == 3)
            // So does the conversation, before the customer has written from it.
            func talk(_ contact: ContactID) async throws -> GetConversation.Reply {
                try await linda.call(IntelligenceContract.self, GetConversation.self, .init(account: number, contact: contact))
            }
            // Until the change is part of it, it is found by what account-router knows, and has the number of before.
            try await eventually("the conversation under the new number") {
                let known = MutexBox<ContactID?>(nil)
                return await fault { known.set(try await talk(new).contact) } == nil && known.value == new
            }
            let (found, former) = (try await talk(new), try await talk(phone))
            #expect(
                found.contact == new && found.id == former.id && found.messages.contains { $0.text == "STOP" }, "\(found.id) \(former.id)")
            #expect(found.messages.contains { $0.content?.system?.phone == new })
            // Written to under the old number, it is the new one that the message goes to.
            let reply = await fault { _ = try await linda.send(.init(to: new.rawValue, template: news, requestKey: "second")) }
            #expect(reply == nil || reply?.code == .consentStopped)
        }
    }

    /// A number that was removed still hears STOP.
    @Test func aRemovedNumberStillHearsSTOP() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let number = LindaFixture.numbers[1]
            _ = try await linda.call(AccountContract.self, DeleteAccount.self, .init(number))
            _ = try await linda.call(
                SandboxContract.self, SandboxWrite.self, .init(phoneNumberID: number, from: "919876543210", name: "Asha", text: "STOP"))
            try await eventually("the STOP") {
                try await linda.call(AccountContract.self, GetConsent.self, .init(contact: "919876543210")).state == .stopped
            }
            #expect(try await linda.phone("919876543210").isEmpty)
        }
    }

    @Test func whoStopsWhileAMessageWaitsDoesNotGetIt() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate("spring_sale", body: "Dear {{name|friend}}, our sale begins, come.", category: .marketing)
            let grant = RecordConsent.Item(contact: "919876543210", state: .granted, source: "form")
            _ = try await linda.call(AccountContract.self, RecordConsent.self, .init(items: [grant]))
            // Held back by a number that rests, then stopped.
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 1, code: 131057))
            let held = try await linda.send(
                .init(to: "919876543210", template: .init(name: "spring_sale", variables: [:]), requestKey: "held"))
            try await eventually("it was refused and waits") {
                guard try await linda.statistics().refused["131057"] ?? 0 >= 1 else { return false }
                return try await linda.state(held.id) == .queued
            }
            let stop = RecordConsent.Item(contact: "919876543210", state: .stopped, source: "operator", proof: "phone call")
            _ = try await linda.call(AccountContract.self, RecordConsent.self, .init(items: [stop]))
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0))
            try await linda.clock(advance: .seconds(61))
            try await eventually("it fails instead of going out") { try await linda.state(held.id) == .failed }
            #expect(try await linda.call(AccountContract.self, ExplainMessage.self, .init(held.id)).message.error?.contains("STOP") == true)
            #expect(try await linda.phone("919876543210").allSatisfy { $0.callbackData != held.id.rawValue })
        }
    }

    /// A fallback is marketing like any other: who said STOP while the message waited does not get it.
    @Test func aFallbackIsHeldToConsent() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate("spring_sale", body: "Dear {{name|friend}}, our sale begins, come.", category: .marketing)
            try await linda.write("Hello", from: "919876543210")
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 1, code: 131057))
            let sent = try await linda.send(
                .init(
                    to: "919876543210", text: TextMessage(body: "Hi"), fallback: .init(name: "spring_sale", variables: [:]),
                    requestKey: "fallback"))
            try await eventually("it waits") {
                guard try await linda.statistics().refused["131057"] ?? 0 >= 1 else { return false }
                return try await linda.state(sent.id) == .queued
            }
            let stop = RecordConsent.Item(contact: "919876543210", state: .stopped, source: "operator")
            _ = try await linda.call(AccountContract.self, RecordConsent.self, .init(items: [stop]))
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0))
            try await linda.clock(advance: .seconds(24 * 3600 + 90))
            try await eventually("it fails") { try await linda.state(sent.id) == .failed }
            #expect(try await linda.phone("919876543210").allSatisfy { $0.callbackData != sent.id.rawValue })
        }
    }
}
