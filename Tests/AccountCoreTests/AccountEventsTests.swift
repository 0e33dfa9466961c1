import AccountContract
import GRDB
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountContacts
@testable import AccountCore
@testable import AccountNumbers

/// What Meta tells of numbers, accounts and people, and what follows from it.
@Suite struct AccountEventsTests {
    private func desk() async throws -> (OutboxDesk, AccountEvents) {
        let desk = try await OutboxDesk()
        let foreign = AddAccount.Params(phoneNumberID: "9", wabaID: "90", displayPhoneNumber: "+918047181009", displayName: "F")
        _ = try await desk.numbers.add(foreign, workspace: "other")
        return (desk, AccountEvents(store: desk.store, numbers: desk.numbers, consents: desk.consents, logger: desk.quiet))
    }

    private func account(_ word: String, ban: AccountEvent.Ban? = nil, restrictions: [String]? = nil) -> AccountEvent {
        var event = AccountEvent(.account, event: MetaWord(word))
        (event.ban, event.restrictions) = (ban, restrictions?.map { MetaWord($0) })
        return event
    }

    private func params(_ event: AccountEvent, key: String = "k", waba: String = "2") -> RecordAccountEvent.Params {
        .init(key: key, wabaID: waba, event: event, raw: ["event": .string(event.event?.text ?? "")])
    }

    /// Names, alerts, PINs, Flows and groups change nothing here, and are read with the number that they are about.
    @Test func noticesAreKeptWithTheNumberAndHideNoState() async throws {
        let (desk, events) = try await desk()
        let mate = AddAccount.Params(phoneNumberID: "3", wabaID: "2", displayPhoneNumber: "+918047181003", displayName: "M")
        _ = try await desk.numbers.add(mate, workspace: "w")
        _ = try await events.record(params(account("DISABLED_UPDATE", ban: .init(state: "DISABLE", date: "April 17, 2025")), key: "ban"))
        let told = try #require(AccountEvent(field: "security", value: ["display_phone_number": "918047181003", "event": "PIN_CHANGED"]))
        for n in 0..<60 { _ = try await events.record(params(told, key: "s\(n)")) }
        _ = try await events.record(
            params(try #require(AccountEvent(field: "account_review_update", value: ["decision": "REJECTED"])), key: "r"))
        func notices(_ number: PhoneNumberID) async throws -> [AccountHealth.Step] {
            try await desk.numbers.health(number, workspace: "w").steps.filter { $0.kind == "notice" }
        }
        let (first, second) = (try await notices("1"), try await notices("3"))
        #expect(first.map(\.to) == ["REJECTED"] && first.map(\.from) == ["account_review_update"])
        #expect(second.count == 50 && second.last?.to == "REJECTED")
        let all = try await desk.numbers.health("3", workspace: "w").steps
        #expect(all.contains { $0.kind == "health" }, "notices hide no step that can be taken back")
        // What Meta tells besides does not hide why the number is banned.
        #expect(try await desk.numbers.trouble(of: "3")?.text.contains("April 17, 2025") == true)
        let foreign = try await desk.numbers.health("9", workspace: "other")
        #expect(foreign.steps.isEmpty)
        try desk.end()
    }

    /// Meta names the number of an alert by its id; of an account or a portfolio all numbers are meant.
    @Test(arguments: [("PHONE_NUMBER", "3", [0, 1]), ("PHONE_NUMBER", "404", [0, 0]), ("WABA", "2", [1, 1]), ("BUSINESS", "7", [1, 1])])
    func anAlertIsOfTheEntityThatItNames(type: String, id: String, counts: [Int]) async throws {
        let (desk, events) = try await desk()
        let mate = AddAccount.Params(phoneNumberID: "3", wabaID: "2", displayPhoneNumber: "+918047181003", displayName: "M")
        _ = try await desk.numbers.add(mate, workspace: "w")
        let value: JSONValue = [
            "entity_type": .string(type), "entity_id": .string(id),
            "alert_info": ["alert_severity": "WARNING", "alert_status": "ACTIVE", "alert_type": "PROFILE_PICTURE_LOST"],
        ]
        _ = try await events.record(params(try #require(AccountEvent(field: "account_alerts", value: value))))
        var told: [[AccountHealth.Step]] = []
        for number in ["1", "3"] as [PhoneNumberID] { told.append(try await desk.numbers.health(number, workspace: "w").steps) }
        #expect(told.map(\.count) == counts)
        #expect(told.joined().allSatisfy { $0.to == "PROFILE_PICTURE_LOST" && $0.reason == "\(type) \(id): WARNING: ACTIVE" })
        try desk.end()
    }

    /// Settings name their number by its id, too.
    @Test func settingsAreOfTheNumberThatTheyName() async throws {
        let (desk, events) = try await desk()
        let mate = AddAccount.Params(phoneNumberID: "3", wabaID: "2", displayPhoneNumber: "+918047181003", displayName: "M")
        _ = try await desk.numbers.add(mate, workspace: "w")
        let value: JSONValue = [
            "type": "phone_number_settings", "phone_number_settings": ["phone_number_id": "3", "calling": ["status": "ENABLED"]],
        ]
        _ = try await events.record(params(try #require(AccountEvent(field: "account_settings_update", value: value))))
        let told = try await desk.numbers.health("3", workspace: "w").steps.map(\.to)
        #expect(told == ["phone_number_settings"])
        #expect(try await desk.numbers.health("1", workspace: "w").steps.isEmpty)
        try desk.end()
    }

    /// An account may be shared between workspaces: each hears of it, and nobody hears of an account that is not theirs.
    @Test(arguments: [("2", ["shared", "w"]), ("90", ["other"]), ("77", [])]) func onlyWhoHasTheAccountHearsOfIt(
        waba: String, workspaces: [String]
    ) async throws {
        let (desk, events) = try await desk()
        let mate = AddAccount.Params(phoneNumberID: "3", wabaID: "2", displayPhoneNumber: "+918047181003", displayName: "M")
        _ = try await desk.numbers.add(mate, workspace: "shared")
        _ = try await events.record(params(account("ACCOUNT_VIOLATION"), waba: waba))
        let told = try await desk.pool.read {
            try String.fetchAll($0, sql: "SELECT workspace FROM event WHERE type LIKE 'meta.%' ORDER BY workspace")
        }
        #expect(told == workspaces)
        try desk.end()
    }

    /// Whose customer has set what, or what became of a number's groups, is nothing to others who share its account.
    @Test(
        arguments: [
            ("user_preferences", #"{"metadata":{"phone_number_id":"3"},"user_preferences":[]}"#, ["shared"]),
            ("user_preferences", #"{"metadata":{"phone_number_id":"404","display_phone_number":"918047181003"}}"#, ["shared"]),
            ("group_status_update", #"{"metadata":{"display_phone_number":"918047181003"},"groups":[{"group_id":"g"}]}"#, ["shared"]),
            ("flows", #"{"metadata":{"display_phone_number":"+91 80 4718 1000"},"flow_id":"6"}"#, ["w"]),
            ("security", #"{"display_phone_number":"918047181003","event":"PIN_CHANGED"}"#, ["shared"]),
            ("phone_number_quality_update", #"{"display_phone_number":"918047181003","event":"FLAGGED"}"#, ["shared"]),
            // It is known in another account.
            ("security", #"{"display_phone_number":"918047181009","event":"PIN_CHANGED"}"#, ["other"]),
            // It is not here.
            ("security", #"{"display_phone_number":"918047181004","event":"PIN_CHANGED"}"#, ["shared", "w"]),
            ("user_preferences", #"{"metadata":{"phone_number_id":"404"},"user_preferences":[]}"#, ["shared", "w"]),
        ] as [(String, String, [String])])
    func whatNamesANumberIsToldInItsWorkspaceAlone(field: String, value: String, workspaces: [String]) async throws {
        let (desk, events) = try await desk()
        let mate = AddAccount.Params(phoneNumberID: "3", wabaID: "2", displayPhoneNumber: "+918047181003", displayName: "M")
        _ = try await desk.numbers.add(mate, workspace: "shared")
        let raw = try JSON.decode(JSONValue.self, from: value)
        let event =
            PreferenceEvent(field: field, value: raw)?.told ?? FlowEvent(field: field, value: raw)?.notice
            ?? GroupEvent(field: field, value: raw)?.notice ?? AccountEvent(field: field, value: raw)
        _ = try await events.record(.init(key: "k", wabaID: "2", event: try #require(event), raw: raw))
        let told = try await desk.pool.read {
            try String.fetchAll($0, sql: "SELECT workspace FROM event WHERE type LIKE 'meta.%' ORDER BY workspace")
        }
        #expect(told == workspaces)
        try desk.end()
    }

    /// An error beside messages is about the number that they came to: of two workspaces in an account the one that has it hears of it.
    @Test(arguments: [("3", ["shared"]), ("1", ["w"]), ("404", ["shared", "w"]), (nil, ["shared", "w"])] as [(PhoneNumberID?, [String])])
    func anErrorIsToldWithItsNumberToWhoHasIt(number: PhoneNumberID?, workspaces: [String]) async throws {
        let (desk, events) = try await desk()
        let mate = AddAccount.Params(phoneNumberID: "3", wabaID: "2", displayPhoneNumber: "+918047181003", displayName: "M")
        _ = try await desk.numbers.add(mate, workspace: "shared")
        var event = try #require(AccountEvent(field: "error", value: ["code": 130429, "title": "Rate limit hit"]))
        event.phoneNumberID = number
        _ = try await events.record(.init(key: "k", wabaID: "2", event: event, raw: ["code": 130429, "title": "Rate limit hit"]))
        let told = try await desk.pool.read {
            try Row.fetchAll($0, sql: "SELECT workspace, data FROM event WHERE type = 'meta.error' ORDER BY workspace").map {
                ($0["workspace"] as String, try JSON.decode(JSONValue.self, from: $0["data"] as String))
            }
        }
        #expect(told.map(\.0) == workspaces)
        #expect(told.allSatisfy { $0.1["phoneNumberID"]?.string == number?.rawValue && $0.1["code"] == 130429 })
        try desk.end()
    }

    @Test func aBanHoldsForTheAccountsNumbersUntilItIsTakenBack() async throws {
        let (desk, events) = try await desk()
        let banned = try await events.record(params(account("DISABLED_UPDATE", ban: .init(state: "DISABLE", date: "April 17, 2025"))))
        #expect(banned == ["1"])
        #expect(desk.numbers.account("1")?.health == .banned && desk.numbers.account("9")?.health == .ready)
        // A restriction makes nothing better, and the same event changes nothing.
        _ = try await events.record(
            params(account("ACCOUNT_RESTRICTION", restrictions: ["RESTRICTED_BIZ_INITIATED_MESSAGING"]), key: "r"))
        #expect(desk.numbers.account("1")?.health == .banned)
        _ = try await events.record(params(account("DISABLED_UPDATE", ban: .init(state: "REINSTATE")), key: "back"))
        #expect(desk.numbers.account("1")?.health == .restricted, "the restriction lasts")
        _ = try await events.record(params(account("DISABLED_UPDATE", ban: .init(state: "DISABLE"))))
        #expect(desk.numbers.account("1")?.health == .restricted, "its key was seen")
        try desk.end()
    }

    @Test(
        arguments: [
            ("DISABLED_UPDATE", "SCHEDULE_FOR_DISABLE", [], Account.Health.resting), ("DISABLED_UPDATE", "SOMETHING", [], .ready),
            ("ACCOUNT_DELETED", nil, [], .banned), ("ACCOUNT_VIOLATION", nil, [], .resting),
            ("ACCOUNT_RESTRICTION", nil, ["RESTRICTED_ADD_PHONE_NUMBER_ACTION"], .ready),
            ("ACCOUNT_RESTRICTION", nil, ["RESTRICTED_UTILITY_TEMPLATES"], .restricted), ("ACCOUNT_RESTRICTION", nil, [], .ready),
            ("ACCOUNT_RESTRICTION", nil, ["RESTRICTED_BIZ_INITIATED_MESSAGING"], .restricted),
            ("ACCOUNT_RESTRICTION", nil, ["RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES"], .ready),
            ("PARTNER_REMOVED", nil, [], .banned), ("ACCOUNT_OFFBOARDED", nil, [], .banned),
            ("PARTNER_ADDED", nil, [], .ready), ("", nil, [], .ready),
        ] as [(String, String?, [String], Account.Health)])
    func everyWordOfAnAccountUpdateHasItsEffect(word: String, ban: String?, restrictions: [String], health: Account.Health) async throws {
        let (desk, events) = try await desk()
        let event = account(word, ban: ban.map { .init(state: MetaWord($0)) }, restrictions: restrictions)
        let resting = try await events.record(params(event))
        #expect(desk.numbers.account("1")?.health == health)
        #expect(resting == ["1"], "of its account, whatever it says")
        try desk.end()
    }

    /// A lesser restriction that is told later neither lifts the bar nor makes it shorter.
    @Test func aBarHoldsUntilItsOwnEnd() async throws {
        let (desk, events) = try await desk()
        let start = desk.now.value
        var bar = account("ACCOUNT_RESTRICTION", restrictions: ["RESTRICTED_BIZ_INITIATED_MESSAGING"])
        bar.restrictedUntil = start + .days(30)
        _ = try await events.record(params(bar, key: "bar"))
        _ = try await events.record(params(account("ACCOUNT_VIOLATION"), key: "violation"))
        let ends = try await desk.store.read { db in
            try ["barredUntil", "restrictedUntil"].map { column in
                try Timestamp.fetchOne(db, sql: "SELECT \(column) FROM account WHERE phoneNumberID = '1'")
            }
        }
        #expect(ends == [start + .days(30), start + .days(1)])
        #expect(desk.numbers.account("1")?.health == .restricted)
        try desk.end()
    }

    @Test func throughputAndRatingsAreOfOneNumber() async throws {
        let (desk, events) = try await desk()
        let upgrade = AccountEvent(.quality, event: "THROUGHPUT_UPGRADE", displayPhoneNumber: "91 80 4718 1000")
        _ = try await events.record(params(upgrade))
        #expect(desk.numbers.account("1")?.messagesPerSecond == 1000 && desk.numbers.account("9")?.messagesPerSecond == 80)
        _ = try await events.record(params(AccountEvent(.quality, event: "UNFLAGGED", displayPhoneNumber: "918047181000"), key: "u"))
        #expect(desk.numbers.account("1")?.quality == .unknown, "better than RED says nothing of what is not RED")
        _ = try await events.record(params(AccountEvent(.quality, event: "FLAGGED", displayPhoneNumber: "918047181000"), key: "f"))
        #expect(desk.numbers.account("1")?.quality == .red && desk.numbers.account("1")?.health == .resting)
        _ = try await events.record(params(AccountEvent(.quality, event: "UNFLAGGED", displayPhoneNumber: "918047181000"), key: "v"))
        #expect(desk.numbers.account("1")?.quality == .yellow)
        // Another account's number of the same digits is not meant.
        _ = try await events.record(params(AccountEvent(.quality, event: "FLAGGED", displayPhoneNumber: "918047181009"), key: "g"))
        #expect(desk.numbers.account("9")?.quality == .unknown)
        try desk.end()
    }

    @Test func aPortfoliosLimitIsSetAndOneThatIsNotToldStays() async throws {
        let (desk, events) = try await desk()
        var event = AccountEvent(.capability)
        event.capability = .init(people: 1000)
        _ = try await events.record(params(event))
        #expect(desk.numbers.headroom(["1"]) == 1000 && desk.numbers.headroom(["9"]) == 250)
        event.capability = nil
        _ = try await events.record(params(event, key: "silent"))
        #expect(desk.numbers.headroom(["1"]) == 1000)
        event.capability = .init(people: nil)
        _ = try await events.record(params(event, key: "lifted"))
        #expect(desk.numbers.headroom(["1"]) == nil)
        try desk.end()
    }

    @Test func preferencesAreConsentOfTheNumbersWorkspace() async throws {
        let (desk, events) = try await desk()
        let now = desk.now.value
        func tell(_ choice: UserPreference.Choice, at: Timestamp?, key: String, number: PhoneNumberID? = "1") async throws {
            var event = AccountEvent(.preferences)
            event.phoneNumberID = number
            event.preferences = [UserPreference(contact: "919876543210", choice: choice, at: at, detail: key)]
            _ = try await events.record(params(event, key: key))
        }
        func consent() async throws -> Consent { try await desk.consents.get(.init(contact: "+91 98765 43210"), workspace: "w") }
        try await tell(.stop, at: now - 1000, key: "a")
        #expect(try await consent().state == .marketingStopped)
        // Older than what is known: kept, and changes nothing.
        try await tell(.resume, at: now - 5000, key: "b")
        let older = try await consent()
        #expect(older.state == .marketingStopped && older.steps.count == 2)
        // Meta's clock ahead of ours counts as now.
        try await tell(.signup, at: now + 86_400_000, key: "c")
        let ahead = try await consent()
        #expect(ahead.state == .resumed && ahead.steps.last?.at == now)
        try await tell(.stop, at: now, key: "d", number: "404")
        try await tell(.stop, at: now, key: "e", number: nil)
        #expect(try await consent().state == .resumed, "of no number of ours")
        #expect(try await desk.consents.get(.init(contact: "919876543210"), workspace: "other").steps.isEmpty)
        try desk.end()
    }

    /// Who wants marketing again in WhatsApp takes back what they stopped there, and nothing that they said to us.
    @Test(
        arguments: [
            ([], .resumed), ([.granted], .granted), ([.stopped], .stopped), ([.granted, .stopped], .stopped), ([.paused], .paused),
            ([.marketingStopped], .resumed), ([.granted, .marketingStopped], .granted), ([.resumed, .marketingStopped], .resumed),
            ([.granted, .marketingStopped, .stopped], .stopped), ([.granted, .stopped, .marketingStopped], .stopped),
        ] as [(said: [Consent.State], after: Consent.State)], [UserPreference.Choice.resume, .signup])
    func whoWantsMarketingAgainTakesBackOnlyTheirStopInWhatsApp(
        _ row: (said: [Consent.State], after: Consent.State), _ choice: UserPreference.Choice
    ) async throws {
        let (desk, events) = try await desk()
        let person = PersonID("919876543210")
        for state in row.said {
            desk.now.update { $0 = $0 + 1000 }
            let step = Consent.Step(
                state: state, at: desk.now.value, source: state == .marketingStopped ? "meta" : "form", actor: nil, proof: nil)
            _ = try await desk.store.write { [consents = desk.consents] in try consents.record($0, person, step, workspace: "w") }
        }
        desk.now.update { $0 = $0 + 1000 }
        var event = AccountEvent(.preferences)
        event.phoneNumberID = "1"
        event.preferences = [UserPreference(contact: "919876543210", choice: choice, at: desk.now.value, detail: nil)]
        _ = try await events.record(params(event))
        let state = try await desk.store.read { [consents = desk.consents] in try consents.state($0, person, workspace: "w") }
        #expect(state == row.after)
        try desk.end()
    }
}
