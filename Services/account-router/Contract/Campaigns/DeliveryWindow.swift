package import RPCContract
import Vocabulary

/// When a campaign's messages are to arrive.
package struct DeliveryWindow: Codable, Sendable, Equatable {
    /// Hours in which nobody is written to, in the recipient's own time.
    package struct QuietHours: Codable, Sendable, Equatable {
        /// `HH:MM`.
        package var from: String
        package var to: String

        package init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    package var id: String
    package var name: String
    /// Five fields: minute, hour, day of month, month, day of week; such as `0 6 * * MON-FRI`.
    package var cron: String
    /// Such as `Asia/Kolkata`, or `recipient` for each one's own.
    package var timeZone: String
    /// Seconds around the moment over which messages are spread: -30 to 270 where nothing else was said.
    package var spreadFrom: Int
    package var spreadTo: Int
    /// Seconds after the moment by which all should be with Meta.
    package var deadline: Int
    /// Seconds before the moment at which the campaign is planned.
    package var stage: Int
    /// Of the messages that should be with Meta by the deadline, in percent.
    package var target: Double
    package var quietHours: QuietHours?

    package init(
        id: String,
        name: String,
        cron: String,
        timeZone: String,
        spreadFrom: Int,
        spreadTo: Int,
        deadline: Int,
        stage: Int,
        target: Double,
        quietHours: QuietHours? = nil
    ) {
        self.id = id
        self.name = name
        self.cron = cron
        self.timeZone = timeZone
        self.spreadFrom = spreadFrom
        self.spreadTo = spreadTo
        self.deadline = deadline
        self.stage = stage
        self.target = target
        self.quietHours = quietHours
    }

    package static let example = DeliveryWindow(
        id: "01JW0000000000000000000000", name: "Morning", cron: "0 6 * * *", timeZone: "Asia/Kolkata", spreadFrom: -30, spreadTo: 270,
        deadline: 300, stage: 600, target: 99, quietHours: QuietHours(from: "21:00", to: "05:30"))
}

package enum CreateWindow: RPCMethod {
    package static let name = "window.create"
    package static let summary = "Defines a delivery window by cron line and time zone; the same name again changes it."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.windowInvalid]

    package struct Params: Codable, Sendable {
        package var name: String
        package var cron: String
        /// A zone's name, or `recipient`.
        package var timeZone: String
        /// -30 where absent.
        package var spreadFrom: Int?
        /// 270 where absent.
        package var spreadTo: Int?
        /// 300 where absent.
        package var deadline: Int?
        /// 600 where absent.
        package var stage: Int?
        /// 99 where absent.
        package var target: Double?
        package var quietHours: DeliveryWindow.QuietHours?

        package init(
            name: String,
            cron: String,
            timeZone: String,
            spreadFrom: Int? = nil,
            spreadTo: Int? = nil,
            deadline: Int? = nil,
            stage: Int? = nil,
            target: Double? = nil,
            quietHours: DeliveryWindow.QuietHours? = nil
        ) {
            self.name = name
            self.cron = cron
            self.timeZone = timeZone
            self.spreadFrom = spreadFrom
            self.spreadTo = spreadTo
            self.deadline = deadline
            self.stage = stage
            self.target = target
            self.quietHours = quietHours
        }
    }

    package struct Reply: Codable, Sendable {
        package var window: DeliveryWindow
        /// The next openings, Unix milliseconds; in the recipients' own zone those of the earliest.
        package var next: [Int64]

        package init(window: DeliveryWindow, next: [Int64]) {
            self.window = window
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(
            name: "Morning", cron: "0 6 * * *", timeZone: "Asia/Kolkata", spreadFrom: -30, spreadTo: 270, deadline: 300, stage: 600,
            target: 99, quietHours: DeliveryWindow.QuietHours(from: "21:00", to: "05:30")),
        Reply(window: .example, next: [1_790_000_000_000])
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...128).contains(params.name.count) else { throw Fault(.params, "name has 1 to 128 characters.", path: "name") }
        let (from, to, deadline) = (params.spreadFrom ?? -30, params.spreadTo ?? 270, params.deadline ?? 300)
        guard (-86_400...86_400).contains(from), (from...86_400).contains(to) else {
            throw Fault(.params, "spreadFrom and spreadTo are seconds, in order, within a day.", path: "spreadFrom")
        }
        guard (to...172_800).contains(deadline) else {
            throw Fault(.params, "deadline lies at spreadTo or after it, up to 172,800 seconds.", path: "deadline")
        }
        guard (0...86_400).contains(params.stage ?? 600), (params.stage ?? 600) >= -from else {
            throw Fault(.params, "stage is 0 to 86,400 seconds and not after spreadFrom.", path: "stage")
        }
        guard (1...100).contains(params.target ?? 99) else { throw Fault(.params, "target is 1 to 100 percent.", path: "target") }
    }
}

/// Names one window.
package struct WindowReference: Codable, Sendable {
    package var id: String

    package init(_ id: String) { self.id = id }
}

package enum ListWindows: RPCMethod {
    package static let name = "window.list"
    package static let summary = "Lists the delivery windows with their next openings, and the campaigns that recur in them."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Codable, Sendable {
        package var window: DeliveryWindow
        package var next: [Int64]
        /// Names of the campaigns that recur in it.
        package var recurring: [String]

        package init(window: DeliveryWindow, next: [Int64], recurring: [String]) {
            self.window = window
            self.next = next
            self.recurring = recurring
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Nothing(), Reply(items: [Item(window: .example, next: [1_790_000_000_000], recurring: ["Diwali offer"])]))
}

package enum DeleteWindow: RPCMethod {
    package static let name = "window.delete"
    package static let summary = "Deletes a window and what recurs in it; campaigns that are planned keep their times."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.windowUnknown]
    package static let example = RPCExample(WindowReference(DeliveryWindow.example.id), Nothing())
}
