import AccountContract
import GRDB
import MetaEvents
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCore
@testable import AccountNumbers

/// What Meta says and changes nothing is read with the number that it is about.
@Suite struct AccountNoticesTests {
    /// Tells of events in their order; the notices of the number that come of the last.
    private func notices(after told: [(field: String, value: JSONValue)]) async throws -> (OutboxDesk, [AccountHealth.Step]) {
        let desk = try await OutboxDesk()
        let events = AccountEvents(store: desk.store, numbers: desk.numbers, consents: desk.consents, logger: desk.quiet)
        var before = 0
        for (n, event) in told.enumerated() {
            before = try await steps(desk).count
            let read = try #require(AccountEvent(field: event.field, value: event.value))
            _ = try await events.record(.init(key: "\(n)", wabaID: "2", event: read, raw: event.value))
        }
        return (desk, Array(try await steps(desk).dropFirst(before)))
    }

    private func steps(_ desk: OutboxDesk) async throws -> [AccountHealth.Step] {
        try await desk.numbers.health("1", workspace: "w").steps
    }

    @Test(arguments: ["UNFLAGGED", "ONBOARDING", "UPGRADE", "DOWNGRADE", "A_NEW_WORD"])
    func aWordOfANumbersQualityIsKeptWithItsLimits(word: String) async throws {
        let value: JSONValue = [
            "display_phone_number": "918047181000", "event": .string(word), "old_limit": "TIER_1K", "current_limit": "TIER_10K",
            "max_daily_conversations_per_business": "TIER_100K",
        ]
        let (desk, steps) = try await notices(after: [("phone_number_quality_update", value)])
        #expect(steps.map(\.kind) == ["notice"] && steps.map(\.to) == [word])
        #expect(steps.first?.reason == "current_limit TIER_10K; max_daily_conversations_per_business TIER_100K; old_limit TIER_1K")
        try desk.end()
    }

    /// A limit that nobody knows changes nothing, and is shown until one is known.
    @Test func anUnknownLimitIsShownWithThePortfolio() async throws {
        let field = "business_capability_update"
        let (desk, steps) = try await notices(after: [
            (field, ["max_daily_conversations_per_business": 2000]), (field, ["max_daily_conversations_per_business": "TIER_BEYOND"]),
        ])
        let portfolio = try #require(desk.numbers.portfolios("w").items.first)
        #expect(portfolio.word == "TIER_BEYOND" && portfolio.messagingLimit == 2000)
        #expect(steps.map(\.to) == ["TIER_BEYOND"])
        try desk.end()
    }

    @Test func theLimitOfANumberIsANotice() async throws {
        let value: JSONValue = ["max_daily_conversation_per_phone": 3119, "max_phone_numbers_per_business": 25]
        let (desk, steps) = try await notices(after: [("business_capability_update", value)])
        #expect(steps.map(\.reason) == ["max_daily_conversation_per_phone 3119; max_phone_numbers_per_business 25"])
        #expect(desk.numbers.portfolios("w").items.first?.isAssumed == true)
        try desk.end()
    }

    /// The second of two events that bring the same state, or one that changes none, is a notice with what Meta says.
    @Test(
        arguments: [
            (
                [
                    #"{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"A"}}"#,
                    #"{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"B"}}"#,
                ], "violation_info.violation_type B"
            ),
            (
                [
                    #"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE","waba_ban_date":"July 4, 2031"}}"#,
                    #"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE","waba_ban_date":"August 5, 2031"}}"#,
                ], "ban_info.waba_ban_date August 5, 2031; ban_info.waba_ban_state DISABLE"
            ),
            (
                [#"{"event":"ACCOUNT_DELETED"}"#, #"{"event":"ACCOUNT_OFFBOARDED"}"#],
                "Meta says no more, and nothing follows from it here"
            ),
            (
                [#"{"event":"PARTNER_ADDED","waba_info":{"waba_id":"2","owner_business_id":"5"}}"#],
                "waba_info.owner_business_id 5; waba_info.waba_id 2"
            ),
            ([#"{"event":"ACCOUNT_RECONNECTED"}"#], "Meta says no more, and nothing follows from it here"),
            (
                [
                    #"{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_CUSTOMER_INITIATED_MESSAGING","expiration":1790000000,"remediation":"Wait"}]}"#
                ], "RESTRICTED_CUSTOMER_INITIATED_MESSAGING until 2026-09-21T14:13:20Z (Wait)"
            ),
            (
                [
                    #"{"event":"VOLUME_BASED_PRICING_TIER_UPDATE","volume_tier_info":{"tier":"25000001:50000000","region":"India","tier_update_time":1790000000}}"#
                ],
                "volume_tier_info.region India; volume_tier_info.tier 25000001:50000000; volume_tier_info.tier_update_time 2026-09-21T14:13:20Z"
            ),
            ([#"{"event":"BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE","country":"IN"}"#], "country IN"),
            (
                [
                    #"{"event":"AUTH_INTL_PRICE_ELIGIBILITY_UPDATE","auth_international_rate_eligibility":{"start_time":1790000000,"exception_countries":[{"country_code":"IN"}]}}"#
                ],
                "auth_international_rate_eligibility.exception_countries.country_code IN; auth_international_rate_eligibility.start_time 2026-09-21T14:13:20Z"
            ),
        ] as [([String], String)])
    func whatChangesNoStateIsANotice(told: [String], text: String) async throws {
        let values = try told.map { try JSON.decode(JSONValue.self, from: $0) }
        let (desk, steps) = try await notices(after: values.map { ("account_update", $0) })
        #expect(steps.map(\.kind) == ["notice"] && steps.map(\.reason) == [text], "\(steps)")
        #expect(steps.first?.to == values.last?["event"]?.string)
        try desk.end()
    }

    /// A restriction that bars nothing here is told beside one that does.
    @Test func theRestrictionsThatBarNothingAreToldBesideTheBar() async throws {
        let value: JSONValue = [
            "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [
                ["restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"], ["restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION"],
            ],
        ]
        let (desk, steps) = try await notices(after: [("account_update", value)])
        #expect(steps.map(\.kind) == ["health", "notice"] && steps.last?.reason.contains("ADD_PHONE_NUMBER_ACTION") == true)
        try desk.end()
    }
}
