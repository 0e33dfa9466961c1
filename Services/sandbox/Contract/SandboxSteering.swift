package import RPCContract
package import Vocabulary

package enum SandboxSetPortfolio: RPCMethod {
    package static let name = "portfolio.set"
    package static let summary =
        "Sets how many people a portfolio may write to first in 24 hours, and tells it by business_capability_update."
    package static let effect = RPCEffect.idempotentWrite

    package struct Params: Codable, Sendable {
        package var id: String
        /// Absent where the limit is lifted.
        package var messagingLimit: Int?
        /// Whether the event is sent; true where absent.
        package var event: Bool?

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
    package static let faults: [FaultCode] = [.numberUnknown]

    package struct Params: Codable, Sendable {
        package var phoneNumberID: PhoneNumberID
        /// GREEN, YELLOW, RED or UNKNOWN.
        package var quality: String
        /// Whether FLAGGED or UNFLAGGED is sent; false where absent, as since 2025.
        package var event: Bool?

        package init(phoneNumberID: PhoneNumberID, quality: String, event: Bool? = nil) {
            self.phoneNumberID = phoneNumberID
            self.quality = quality
            self.event = event
        }
    }

    package static let example = RPCExample(Params(phoneNumberID: "106540352242922", quality: "RED", event: false), Nothing())

    package static func validate(_ params: Params) throws(Fault) {
        guard ["GREEN", "YELLOW", "RED", "UNKNOWN"].contains(params.quality) else {
            throw Fault(.params, "quality is GREEN, YELLOW, RED or UNKNOWN.", path: "quality")
        }
    }
}

/// Names a number on Meta's side.
package struct SandboxNumberReference: Codable, Sendable {
    package var phoneNumberID: PhoneNumberID

    package init(_ id: PhoneNumberID) { phoneNumberID = id }
}

package enum SandboxUpgrade: RPCMethod {
    package static let name = "number.upgrade"
    package static let summary = "Upgrades a number to 1,000 messages a second: up to a minute of 131057, then THROUGHPUT_UPGRADE."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.numberUnknown]
    package static let example = RPCExample(SandboxNumberReference("106540352242922"), Nothing())
}

package enum SandboxBan: RPCMethod {
    package static let name = "account.ban"
    package static let summary = "Disables or reinstates an account: its sends are refused with 131031, and account_update tells it."
    package static let effect = RPCEffect.idempotentWrite

    package struct Params: Codable, Sendable {
        package var wabaID: WABAID
        package var banned: Bool

        package init(wabaID: WABAID, banned: Bool) {
            self.wabaID = wabaID
            self.banned = banned
        }
    }

    package static let example = RPCExample(Params(wabaID: "102290129340398", banned: true), Nothing())
}

package enum SandboxSetTemplate: RPCMethod {
    package static let name = "template.set"
    package static let summary = "Changes a template's status on Meta's side, such as PAUSED for low quality, and tells it."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.templateNotThere]

    package struct Params: Codable, Sendable {
        package var wabaID: WABAID
        package var name: String
        package var language: String
        /// APPROVED, REJECTED, PAUSED or DISABLED.
        package var status: String

        package init(wabaID: WABAID, name: String, language: String, status: String) {
            self.wabaID = wabaID
            self.name = name
            self.language = language
            self.status = status
        }
    }

    package static let example = RPCExample(
        Params(wabaID: "102290129340398", name: "order_update", language: "en", status: "PAUSED"), Nothing())

    package static func validate(_ params: Params) throws(Fault) {
        guard ["APPROVED", "REJECTED", "PAUSED", "DISABLED"].contains(params.status) else {
            throw Fault(.params, "status is APPROVED, REJECTED, PAUSED or DISABLED.", path: "status")
        }
    }
}

package enum SandboxSetCalls: RPCMethod {
    package static let name = "calls.set"
    package static let summary = "Sets how many Graph calls an account may make in a rolling hour; more are refused with 80007."
    package static let effect = RPCEffect.idempotentWrite

    package struct Params: Codable, Sendable {
        package var wabaID: WABAID
        /// Questions and changes; 5,000 with a registered number and 200 without, where it was never set.
        package var management: Int?
        /// Sends; not counted where it was never set.
        package var messaging: Int?

        package init(wabaID: WABAID, management: Int? = nil, messaging: Int? = nil) {
            self.wabaID = wabaID
            self.management = management
            self.messaging = messaging
        }
    }

    package static let example = RPCExample(Params(wabaID: "102290129340398", management: 200, messaging: 5000), Nothing())

    package static func validate(_ params: Params) throws(Fault) {
        guard (0...1_000_000).contains(params.management ?? 0) else {
            throw Fault(.params, "management is 0 to 1,000,000.", path: "management")
        }
        guard (0...1_000_000).contains(params.messaging ?? 0) else {
            throw Fault(.params, "messaging is 0 to 1,000,000.", path: "messaging")
        }
    }
}

package enum SandboxPreference: RPCMethod {
    package static let name = "customer.prefer"
    package static let summary = "A customer stops or resumes marketing in the app itself, which user_preferences tells."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.numberUnknown]

    package struct Params: Codable, Sendable {
        package var phoneNumberID: PhoneNumberID
        package var contact: ContactID
        package var marketing: Bool

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
    package static let faults: [FaultCode] = [.noVirtualClock]

    package struct Params: Codable, Sendable {
        /// Virtual milliseconds in a real one, 0.001 to 10,000; stays as it is where absent.
        package var speed: Double?
        /// Milliseconds to jump ahead.
        package var advance: Int64?
        /// The virtual time to jump to, Unix milliseconds.
        package var to: Int64?

        package init(speed: Double? = nil, advance: Int64? = nil, to: Int64? = nil) {
            self.speed = speed
            self.advance = advance
            self.to = to
        }
    }

    package struct Reply: Codable, Sendable {
        /// Unix milliseconds.
        package var now: Int64
        package var speed: Double

        package init(now: Int64, speed: Double) {
            self.now = now
            self.speed = speed
        }
    }

    package static let example = RPCExample(
        Params(speed: 60, advance: 86_400_000, to: 1_790_000_000_000), Reply(now: 1_790_000_000_000, speed: 60))

    package static func validate(_ params: Params) throws(Fault) {
        guard (0.001...10_000).contains(params.speed ?? 1) else { throw Fault(.params, "speed is 0.001 to 10,000.", path: "speed") }
        guard (0...Int64(10 * 365) * 86_400_000).contains(params.advance ?? 0) else {
            throw Fault(.params, "advance is 0 to ten years in milliseconds.", path: "advance")
        }
    }
}

package enum SandboxCode: RPCMethod {
    package static let name = "number.code"
    package static let summary = "Tells the code that was sent to a number, as its owner would read it."
    package static let effect = RPCEffect.read
    package static let faults: [FaultCode] = [.numberUnknown]

    package struct Reply: Codable, Sendable {
        /// Absent where none was asked for.
        package var code: String?

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
