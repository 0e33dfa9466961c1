package import RPCContract
package import Vocabulary

/// Something about a number, an account (WABA), a portfolio, or what people want to get from it.
///
/// Source: Meta, webhooks phone_number_quality_update, business_capability_update, account_update, user_preferences and
/// those that are only noted.
package struct AccountEvent: Described, Equatable {
    /// The webhook field that it came in.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case quality = "phone_number_quality_update"
        case name = "phone_number_name_update"
        case capability = "business_capability_update"
        case account = "account_update"
        case alert = "account_alerts"
        case review = "account_review_update"
        case security = "security"
        case preferences = "user_preferences"
        case flow = "flows"
        case groupLifecycle = "group_lifecycle_update"
        case groupParticipants = "group_participants_update"
        case groupSettings = "group_settings_update"
        case groupStatus = "group_status_update"
        case settings = "account_settings_update"
        case username = "business_username_updates"
        case payments = "payment_configuration_update"
        case partners = "partner_solutions"
        case automatic = "automatic_events"
        /// Not a field: an error that Meta tells of beside messages.
        case error = "error"
    }

    /// Meta's words for what has happened to a number or an account, of those from which something follows here.
    ///
    /// Source: Meta, phone_number_quality_update and account_update, event.
    package enum Word: String, Sendable, CaseIterable {
        case throughputUpgrade = "THROUGHPUT_UPGRADE"
        case flagged = "FLAGGED"
        case unflagged = "UNFLAGGED"
        case disabledUpdate = "DISABLED_UPDATE"
        case deleted = "ACCOUNT_DELETED"
        case violation = "ACCOUNT_VIOLATION"
        case restriction = "ACCOUNT_RESTRICTION"
        case offboarded = "ACCOUNT_OFFBOARDED"
        case reconnected = "ACCOUNT_RECONNECTED"
        case partnerAdded = "PARTNER_ADDED"
        case partnerRemoved = "PARTNER_REMOVED"
        case appInstalled = "PARTNER_APP_INSTALLED"
        case appUninstalled = "PARTNER_APP_UNINSTALLED"
    }

    /// Meta's words for what an account may not do, of what is done here.
    ///
    /// What nothing here sends (calls, direct send, further numbers) is `unknown`, and kept in the log.
    package enum Restriction: String, Sendable, CaseIterable {
        case businessInitiated = "RESTRICTED_BIZ_INITIATED_MESSAGING"
        case utilityTemplates = "RESTRICTED_UTILITY_TEMPLATES"
    }

    package var kind: Kind
    package var event: MetaWord<Word>?
    package var displayPhoneNumber: String?
    package var capability: Capability?
    package var limitWord: String?
    package var ban: Ban?
    package var violation: String?
    package var restrictions: [MetaWord<Restriction>]?
    package var restrictedUntil: Timestamp?
    package var terms: [Term]?
    package var details: String?
    package var account: String?
    package var phoneNumberID: PhoneNumberID?
    package var preferences: [UserPreference]?
    package var notice: AccountNotice?

    package static let fields: Fields = [
        "kind": "Meta's name of the webhook field, or `error` for an error that it tells of beside messages.",
        "event": .text("Meta's word for what has happened, such as `THROUGHPUT_UPGRADE` or `ACCOUNT_RESTRICTION`.", 0...128),
        "displayPhoneNumber": .text("The phone number that it is about, as Meta writes it.", 0...64),
        "capability": "What the portfolio may do; given with business_capability_update.",
        "limitWord": .text(
            "Meta's word for the limit of a portfolio where nothing here knows it; it changes nothing and is shown.", 0...64),
        "ban": "What is known of a ban; given with account_update.",
        "violation": .text("Meta's word for a violation of its policy.", 0...128),
        "restrictions": .list("Meta's words for what the account may not do.", 0...64, of: .text(1...128)),
        "restrictedUntil": "When the last of the restrictions ends, by Meta's clock; absent if Meta does not say.",
        "terms": .list("The same restrictions, each with its own end.", 0...64),
        "details": .text(
            "What Meta says besides, name by name, for people; given where the event is no notice. It is absent if Meta says no more.",
            0...2048),
        "account": .text(
            "The WhatsApp Business account that it is about, where the event itself names one: those about partners come from a portfolio.",
            0...64),
        "phoneNumberID": "The number that people's preferences, an alert, settings, or an error that came beside messages, are about.",
        "preferences": .list("What people want to get; given with user_preferences.", 0...1000),
        "notice": "What Meta tells and changes nothing here. It is absent where something follows from the event.",
    ]

    /// What a portfolio may do.
    package struct Capability: Described, Equatable {
        package var people: Int?

        package static let fields: Fields = [
            "people": .whole("People that it may write to first in 24 hours. It is absent if there is no limit.", 1...2_147_483_647)
        ]

        package init(people: Int?) { self.people = people }
    }

    /// What is known of a ban.
    package struct Ban: Described, Equatable {
        /// Meta's words for where a ban stands.
        package enum State: String, Sendable, CaseIterable {
            case scheduled = "SCHEDULE_FOR_DISABLE"
            case disabled = "DISABLE"
            case reinstated = "REINSTATE"
        }

        package var state: MetaWord<State>
        package var date: String?

        package static let fields: Fields = [
            "state": .text("Meta's word: `SCHEDULE_FOR_DISABLE`, `DISABLE` or `REINSTATE`.", 1...64),
            "date": .text("The day that Meta names, in its own words, such as `April 17, 2025`.", 0...128),
        ]

        package init(state: MetaWord<State>, date: String? = nil) {
            self.state = state
            self.date = date
        }
    }

    /// One restriction.
    package struct Term: Described, Equatable {
        package var restriction: MetaWord<Restriction>
        package var until: Timestamp?
        package var remedy: String?

        package static let fields: Fields = [
            "restriction": .text("Meta's word for what the account may not do.", 1...128),
            "until": "When this restriction ends, by Meta's clock; absent if Meta does not say.",
            "remedy": .text("What helps, as Meta says; absent if Meta does not say.", 0...256),
        ]

        package init(restriction: MetaWord<Restriction>, until: Timestamp? = nil, remedy: String? = nil) {
            self.restriction = restriction
            self.until = until
            self.remedy = remedy
        }
    }

    /// The restrictions that bar something that is done here, each with its own end; the others bar nothing.
    package var bars: [Term] {
        // An event that was read before each had its own has one end for all.
        let terms = terms ?? restrictions?.map { Term(restriction: $0, until: restrictedUntil) }
        return (terms ?? []).filter { $0.restriction.known != nil }
    }

    package init(_ kind: Kind, event: MetaWord<Word>? = nil, displayPhoneNumber: String? = nil, notice: AccountNotice? = nil) {
        self.kind = kind
        self.notice = notice
        self.event = event
        self.displayPhoneNumber = displayPhoneNumber
    }

    package init?(field: String, value: JSONValue) {
        guard let kind = Kind(rawValue: field), let reader = Self.readers.first(where: { $0.kinds.contains(kind) }) else { return nil }
        self.init(
            kind, event: (value["event"]?.text).map { MetaWord(anyCase: $0.cut(to: 128)) },
            displayPhoneNumber: value.ownDisplayPhoneNumber)
        reader.read(value, into: &self)
    }

    /// Each kind is one's; preferences, Flows and groups are events of their own, and only told as these.
    static let readers: [any AccountEventKind.Type] = [
        QualityUpdate.self, CapabilityUpdate.self, AccountUpdate.self, NameUpdate.self, AccountAlert.self, AccountReview.self,
        SecurityUpdate.self, PlainUpdate.self, MessageError.self,
    ]

    package static let example: AccountEvent = {
        var event = AccountEvent(.account, event: "ACCOUNT_RESTRICTION", displayPhoneNumber: "15550783881")
        event.capability = Capability(people: 2000)
        event.limitWord = "TIER_NOT_SET"
        event.ban = Ban(state: "DISABLE", date: "April 17, 2025")
        event.violation = "SCAM"
        event.restrictions = ["RESTRICTED_BIZ_INITIATED_MESSAGING"]
        event.restrictedUntil = Timestamp(milliseconds: 1_790_000_000_000)
        event.terms = [
            Term(
                restriction: "RESTRICTED_BIZ_INITIATED_MESSAGING", until: Timestamp(milliseconds: 1_790_000_000_000),
                remedy: "Ask for a review in WhatsApp Manager")
        ]
        event.details = "RESTRICTED_BIZ_INITIATED_MESSAGING until 2026-09-21T14:13:20Z (Ask for a review in WhatsApp Manager)"
        event.account = "102290129340398"
        event.phoneNumberID = "106540352242922"
        event.preferences = [
            UserPreference(
                contact: "919876543210", choice: .stop, at: Timestamp(milliseconds: 1_790_000_000_000), detail: "User has stopped")
        ]
        event.notice = AccountNotice(word: "APPROVED", text: "the display name “Lucky Shrub”")
        return event
    }()
}
