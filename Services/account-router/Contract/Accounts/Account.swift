package import RPCContract
package import Vocabulary

/// A business number that messages go out from.
package struct Account: Described, Equatable {
    /// Whether the number is the workspace's main one or one of the others.
    package enum Role: String, Codable, Sendable, CaseIterable { case master, secondary }

    /// What the number is for.
    package enum Duty: String, Codable, Sendable, CaseIterable {
        /// Takes new contacts.
        case active
        /// Kept ready, and used when no active number can.
        case spare
        /// Takes no new contacts; who is used to it is still answered.
        case draining
    }

    /// Where the number stands between Meta and the Cloud API.
    package enum Link: String, Codable, Sendable, CaseIterable {
        /// Not registered with the Cloud API.
        case unlinked
        /// A code was asked for and has not been entered.
        case codeRequested
        /// The code was right; registration with a PIN follows.
        case verified
        /// Messages can be sent.
        case registered
    }

    /// Meta's rating of the number; `unknown` until Meta has given one.
    package enum Quality: String, Codable, Sendable, CaseIterable { case unknown, green, yellow, red }

    /// How the number is treated because of what Meta says of it.
    package enum Health: String, Codable, Sendable, CaseIterable {
        case ready
        /// Quality is YELLOW: marketing goes at half the rate, with conservative templates.
        case cautious
        /// Quality is RED or Meta restricts it: no marketing.
        case resting
        /// Back from resting: marketing at a share that grows step by step.
        case recovering
        /// Meta lets it begin nothing: only answers go out until the restriction ends.
        case restricted
        /// Meta refuses what the account (WABA) pays for, over its bill or a lock: only answers go out until `account.release`.
        case held
        /// Banned or disabled by Meta: nothing goes out.
        case banned
    }

    package var phoneNumberID: PhoneNumberID
    package var wabaID: WABAID
    package var portfolio: String
    package var displayPhoneNumber: String
    package var displayName: String
    package var role: Role
    package var duty: Duty
    package var weight: Int
    package var enabled: Bool
    package var workspace: String
    package var messagesPerSecond: Int
    package var link: Link
    package var quality: Quality
    package var health: Health
    package var marketingShare: Int

    package static let fields: Fields = [
        "phoneNumberID": "Meta's id of the number.",
        "wabaID": "Meta's id of the WhatsApp Business Account that the number belongs to.",
        "portfolio": .text(
            "Meta's id of the business portfolio, whose messaging limit all its numbers share. It is the WhatsApp Business Account's id if the portfolio is not known.",
            1...32, of: .digits),
        "displayPhoneNumber": .text("The phone number as people see it, with its country code.", 7...32),
        "displayName": .text("The name that customers see.", 1...128),
        "role": "Whether the number is the master of its workspace.",
        "duty": "What the number is used for.",
        "weight": .whole("Share of new contacts; a number of weight 2 gets twice as many as one of weight 1.", 1...100),
        "enabled": "Whether the number may send; messages on a disabled number stay queued.",
        "workspace": .workspace("The workspace that the number belongs to."),
        "messagesPerSecond": .whole(
            "Throughput that Meta allows the number: 80, 1,000 after an upgrade, 20 with the Business app.", 1...1000,
            unit: "messages a second"),
        "link": "Where the number stands between Meta and the Cloud API.",
        "quality": "Meta's latest quality rating.",
        "health": "How the number is treated because of what Meta says of it.",
        "marketingShare": .whole("Share of the number's rate that marketing may use.", 0...100, unit: "percent"),
    ]

    package init(
        phoneNumberID: PhoneNumberID,
        wabaID: WABAID,
        portfolio: String,
        displayPhoneNumber: String,
        displayName: String,
        role: Role,
        duty: Duty = .active,
        weight: Int,
        enabled: Bool,
        workspace: String,
        messagesPerSecond: Int,
        link: Link = .registered,
        quality: Quality = .unknown,
        health: Health = .ready,
        marketingShare: Int = 100
    ) {
        self.phoneNumberID = phoneNumberID
        self.wabaID = wabaID
        self.portfolio = portfolio
        self.displayPhoneNumber = displayPhoneNumber
        self.displayName = displayName
        self.role = role
        self.duty = duty
        self.weight = weight
        self.enabled = enabled
        self.workspace = workspace
        self.messagesPerSecond = messagesPerSecond
        self.link = link
        self.quality = quality
        self.health = health
        self.marketingShare = marketingShare
    }

    /// 0 to 100: how well the number can be used, from its quality, health and duty.
    package var score: Int {
        guard enabled, link == .registered else { return 0 }
        let base =
            switch health {
            case .ready: 100
            case .cautious: 60
            case .recovering: 40
            case .resting: 15
            case .restricted, .held, .banned: 0
            }
        return quality == .unknown && health == .ready ? 90 : base
    }

    package static let example = Account(
        phoneNumberID: "106540352242922",
        wabaID: "102290129340398",
        portfolio: "506914307656634",
        displayPhoneNumber: "+1 555 078 3881",
        displayName: "Lucky Shrub",
        role: .master,
        duty: .active,
        weight: 1,
        enabled: true,
        workspace: "default",
        messagesPerSecond: 80,
        link: .registered,
        quality: .green,
        health: .ready,
        marketingShare: 100
    )
}

/// Names one configured number.
package struct AccountReference: Described {
    package var phoneNumberID: PhoneNumberID

    package static let fields: Fields = [
        "phoneNumberID": "Meta's id of the configured number."
    ]

    package init(_ id: PhoneNumberID) { phoneNumberID = id }
}
