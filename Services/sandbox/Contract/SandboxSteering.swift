package import RPCContract
package import Vocabulary

package enum SandboxSetPortfolio: RPCMethod {
    package static let name = "portfolio.set"
    package static let summary =
        "Sets how many people a portfolio may write to first in 24 hours, and tells it by business_capability_update."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil

    package struct Params: Described {
        package var id: String
        @Nullable package var messagingLimit: Int?
        package var event: Bool?

        package static let fields: Fields = [
            "id": .text(
                "The business portfolio to change. It is the account's own id for numbers that were added without a portfolio.", 1...64),
            "messagingLimit": .whole(
                "How many people the portfolio may write to first in 24 hours.", 0...1_000_000, unit: "people", null: "Lifts the limit."),
            "event": "Whether Meta's side sends a business_capability_update; true if absent.",
        ]

        package init(id: String, messagingLimit: Int?, event: Bool? = nil) {
            self.id = id
            self.messagingLimit = messagingLimit
            self.event = event
        }
    }

    package static let example = RPCExample(Params(id: "506914307656634", messagingLimit: 250, event: true), Nothing())
}

package enum SandboxSetQuality: RPCMethod {
    package static let name = "quality.set"
    package static let summary = "Changes a number's rating; Meta tells it when the number is asked for, and older apps by an event."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.numberUnknown]

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var quality: String
        package var event: Bool?

        package static let fields: Fields = [
            "phoneNumberID": "The number whose rating changes.",
            "quality": .words("Meta's new rating of the number.", ["GREEN", "YELLOW", "RED", "UNKNOWN"]),
            "event": "Whether Meta's side sends FLAGGED for RED and UNFLAGGED for any other rating; false if absent.",
        ]

        package init(phoneNumberID: PhoneNumberID, quality: String, event: Bool? = nil) {
            self.phoneNumberID = phoneNumberID
            self.quality = quality
            self.event = event
        }
    }

    package static let example = RPCExample(Params(phoneNumberID: "106540352242922", quality: "RED", event: false), Nothing())
}

/// Names a number on Meta's side.
package struct SandboxNumberReference: Described {
    package var phoneNumberID: PhoneNumberID

    package static let fields: Fields = [
        "phoneNumberID": "The number on Meta's side to act on."
    ]

    package init(_ id: PhoneNumberID) { phoneNumberID = id }
}

package enum SandboxUpgrade: RPCMethod {
    package static let name = "number.upgrade"
    package static let summary = "Upgrades a number to 1,000 messages a second: up to a minute of 131057, then THROUGHPUT_UPGRADE."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.numberUnknown]
    package static let example = RPCExample(SandboxNumberReference("106540352242922"), Nothing())
}

package enum SandboxBan: RPCMethod {
    package static let name = "account.ban"
    package static let summary = "Disables or reinstates an account: its sends are refused with 131031, and account_update tells it."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil

    package struct Params: Described {
        package var wabaID: WABAID
        package var banned: Bool

        package static let fields: Fields = [
            "wabaID": "The WhatsApp Business account to disable or reinstate.",
            "banned": "Whether the account is disabled; false reinstates it.",
        ]

        package init(wabaID: WABAID, banned: Bool) {
            self.wabaID = wabaID
            self.banned = banned
        }
    }

    package static let example = RPCExample(Params(wabaID: "102290129340398", banned: true), Nothing())
}

package enum SandboxSetTemplate: RPCMethod {
    package static let name = "template.set"
    package static let summary = "Changes a template on Meta's side: its status, such as PAUSED, its category or its quality; and tells it."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.templateNotThere]

    package struct Params: Described {
        package var wabaID: WABAID
        package var name: String
        package var language: String
        package var status: String?
        package var category: String?
        package var quality: String?

        package static let fields: Fields = [
            "wabaID": "The WhatsApp Business account that has the template.",
            "name": .text("The name of the template to change.", 1...512),
            "language": .language("The language of the template to change."),
            "status": .words("Meta's new status of the template; unchanged if absent.", ["APPROVED", "REJECTED", "PAUSED", "DISABLED"]),
            "category": .words(
                "Meta's new category of the template; unchanged if absent.", ["AUTHENTICATION", "MARKETING", "UTILITY"]),
            "quality": .words("Meta's new rating of the template; unchanged if absent.", ["GREEN", "YELLOW", "RED", "UNKNOWN"]),
        ]

        package init(
            wabaID: WABAID, name: String, language: String, status: String? = nil, category: String? = nil, quality: String? = nil
        ) {
            self.wabaID = wabaID
            self.name = name
            self.language = language
            self.status = status
            self.category = category
            self.quality = quality
        }
    }

    package static let example = RPCExample(
        Params(
            wabaID: "102290129340398", name: "order_update", language: "en", status: "PAUSED", category: "MARKETING", quality: "YELLOW"),
        Nothing())
}

package enum SandboxSetCalls: RPCMethod {
    package static let name = "calls.set"
    package static let summary = "Sets how many Graph calls an account may make in a rolling hour; more are refused with 80007."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil

    package struct Params: Described {
        package var wabaID: WABAID
        package var management: Int?
        package var messaging: Int?

        package static let fields: Fields = [
            "wabaID": "The WhatsApp Business account whose calls are limited.",
            "management": .whole(
                "How many questions and changes the account may make in a rolling hour, unchanged if absent. It is 5,000 with a registered number and 200 without, until it is set.",
                0...1_000_000, unit: "calls an hour"),
            "messaging": .whole(
                "How many sends the account may make in a rolling hour, unchanged if absent. Sends are not counted until it is set.",
                0...1_000_000, unit: "calls an hour"),
        ]

        package init(wabaID: WABAID, management: Int? = nil, messaging: Int? = nil) {
            self.wabaID = wabaID
            self.management = management
            self.messaging = messaging
        }
    }

    package static let example = RPCExample(Params(wabaID: "102290129340398", management: 200, messaging: 5000), Nothing())
}

package enum SandboxPreference: RPCMethod {
    package static let name = "customer.prefer"
    package static let summary = "A customer stops or resumes marketing in the app itself, which user_preferences tells."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.numberUnknown]

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var contact: ContactID
        package var marketing: Bool

        package static let fields: Fields = [
            "phoneNumberID": "The business number from which the customer stops or resumes marketing.",
            "contact": "The customer who stops or resumes marketing.",
            "marketing": "Whether the customer wants marketing; false stops it and true resumes it.",
        ]

        package init(phoneNumberID: PhoneNumberID, contact: ContactID, marketing: Bool) {
            self.phoneNumberID = phoneNumberID
            self.contact = contact
            self.marketing = marketing
        }
    }

    package static let example = RPCExample(
        Params(phoneNumberID: "106540352242922", contact: "919876543210", marketing: false), Nothing())
}

package enum SandboxSetClock: RPCMethod {
    package static let name = "clock.set"
    package static let summary = "Lets time pass faster, or jump ahead, for every process of a trial that was started with a virtual clock."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.noVirtualClock]

    package struct Params: Described {
        package var speed: Double?
        package var advance: Milliseconds?
        package var to: Timestamp?

        package static let fields: Fields = [
            "speed": .number("How many virtual milliseconds pass in a real one; unchanged if absent.", 0.001...10_000),
            "advance": .whole("How far the virtual time jumps ahead.", 0...315_360_000_000, unit: "ms", absent: 0),
            "to": "The virtual time to jump to, before advance is added. A time in the past changes nothing.",
        ]

        package init(speed: Double? = nil, advance: Milliseconds? = nil, to: Timestamp? = nil) {
            self.speed = speed
            self.advance = advance
            self.to = to
        }
    }

    package struct Reply: Described {
        package var now: Timestamp
        package var speed: Double

        package static let fields: Fields = [
            "now": "The virtual time after the change.",
            "speed": .number("How many virtual milliseconds pass in a real one from now on.", 0.001...10_000),
        ]

        package init(now: Timestamp, speed: Double) {
            self.now = now
            self.speed = speed
        }
    }

    package static let example = RPCExample(
        Params(speed: 60, advance: 86_400_000, to: Timestamp(milliseconds: 1_790_000_000_000)),
        Reply(now: Timestamp(milliseconds: 1_790_000_000_000), speed: 60))
}

package enum SandboxCode: RPCMethod {
    package static let name = "number.code"
    package static let summary = "Tells the code that was sent to a number, as its owner would read it."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.numberUnknown]

    package struct Reply: Described {
        package var code: String?

        package static let fields: Fields = [
            "code": .text(
                "The code that was sent to the number. It is absent if none was asked for or it has been used.", 6...6, of: .digits)
        ]

        package init(code: String?) { self.code = code }
    }

    package static let example = RPCExample(SandboxNumberReference("106540352242922"), Reply(code: "123456"))
}

extension FaultCode {
    package static let templateNotThere = FaultCode(
        number: 6102, reason: "template_not_there", http: 404, meaning: "Meta's side has no such template.")
    package static let noVirtualClock = FaultCode(
        number: 6103, reason: "no_virtual_clock", http: 409, meaning: "The trial was started without a virtual clock.")
}

package enum SandboxChangeNumber: RPCMethod {
    package static let name = "customer.changeNumber"
    package static let summary = "A customer takes another phone number, which Meta tells in a system message; the BSUID changes with it."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.numberUnknown]

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var from: ContactID
        package var to: ContactID

        package static let fields: Fields = [
            "phoneNumberID": "The business number to which it is told.",
            "from": "The customer's phone number until now.",
            "to": "The customer's phone number from now on.",
        ]

        package init(phoneNumberID: PhoneNumberID, from: ContactID, to: ContactID) {
            self.phoneNumberID = phoneNumberID
            self.from = from
            self.to = to
        }
    }

    package static let example = RPCExample(
        Params(phoneNumberID: "106540352242922", from: "919876543210", to: "919876543211"), Nothing())
}
