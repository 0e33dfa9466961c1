package import RPCContract
package import Vocabulary

/// When a campaign's messages are to arrive.
package struct DeliveryWindow: Described, Equatable {
    /// Hours in which nobody is written to, in the recipient's own time.
    package struct QuietHours: Described, Equatable {
        package var from: String
        package var to: String

        package static let fields: Fields = [
            "from": .text("When the quiet begins, as HH:MM in the recipient's own time.", 1...8),
            "to": .text("When the quiet ends, as HH:MM in the recipient's own time. It may lie on the next day.", 1...8),
        ]

        package init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    package var id: WindowID
    package var name: String
    package var cron: String
    package var timeZone: String
    package var spreadFrom: Seconds
    package var spreadTo: Seconds
    package var deadline: Seconds
    package var stage: Seconds
    package var target: Double
    package var quietHours: QuietHours?

    package static let fields: Fields = [
        "id": "The delivery window.",
        "name": .text("Name of the window, shown to people.", 1...128),
        "cron": .text("When the window opens, in five fields: minute, hour, day of month, month, day of week.", 1...512),
        "timeZone": .timeZone("Time zone of the cron line, such as Asia/Kolkata, or the word recipient for each person's own."),
        "spreadFrom": .whole(
            "When the first messages go out, counted from the opening. Negative values come before it.", -86_400...86_400, unit: "seconds"),
        "spreadTo": .whole("When the last messages go out, counted from the opening.", -86_400...86_400, unit: "seconds"),
        "deadline": .whole("By when all messages should be with Meta, counted from the opening.", -86_400...172_800, unit: "seconds"),
        "stage": .whole("How long before the opening a recurring campaign is planned.", 0...86_400, unit: "seconds"),
        "target": .number("Share of the messages that should be with Meta by the deadline.", 1...100, unit: "percent"),
        "quietHours": "Hours in which nobody is written to. Messages that fall into them wait until they end. There are none if absent.",
    ]

    package init(
        id: WindowID,
        name: String,
        cron: String,
        timeZone: String,
        spreadFrom: Seconds,
        spreadTo: Seconds,
        deadline: Seconds,
        stage: Seconds,
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
    package static let http: HTTPRoute? = .post("/v1/windows", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.windowInvalid, .windowBusy]

    package struct Params: Described {
        package var name: String
        package var cron: String
        package var timeZone: String
        package var spreadFrom: Seconds?
        package var spreadTo: Seconds?
        package var deadline: Seconds?
        package var stage: Seconds?
        package var target: Double?
        package var quietHours: DeliveryWindow.QuietHours?

        package static let fields: Fields = [
            "name": .text("Name of the window. A name that is taken changes the window that has it.", 1...128, of: .line),
            "cron": .text("When the window opens, in five fields: minute, hour, day of month, month, day of week.", 1...512),
            "timeZone": .timeZone("Time zone of the cron line, such as Asia/Kolkata, or the word recipient for each person's own."),
            "spreadFrom": .whole(
                "When the first messages go out, counted from the opening. Negative values come before it.", -86_400...86_400,
                unit: "seconds", absent: -30),
            "spreadTo": .whole("When the last messages go out, counted from the opening.", -86_400...86_400, unit: "seconds", absent: 270),
            "deadline": .whole(
                "By when all messages should be with Meta, counted from the opening.", -86_400...172_800, unit: "seconds", absent: 300),
            "stage": .whole("How long before the opening a recurring campaign is planned.", 0...86_400, unit: "seconds", absent: 600),
            "target": .number("Share of the messages that should be with Meta by the deadline.", 1...100, unit: "percent", absent: 99),
            "quietHours":
                "Hours in which nobody is written to. Messages that fall into them wait until they end. There are none if absent.",
        ]

        package init(
            name: String,
            cron: String,
            timeZone: String,
            spreadFrom: Seconds? = nil,
            spreadTo: Seconds? = nil,
            deadline: Seconds? = nil,
            stage: Seconds? = nil,
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

    package struct Reply: Described {
        package var window: DeliveryWindow
        package var next: [Timestamp]
        package var warnings: [String]

        package static let fields: Fields = [
            "window": "The window as it is now.",
            "next": .list(
                "The next openings. In everybody's own zone an opening is no moment: in UTC it reads as everybody's own clocks do then.",
                1...5,
                of: Timestamp.rule),
            "warnings": .list("What is worth knowing before the window is used, in plain words.", 0...16, of: .text(1...4096)),
        ]

        package init(window: DeliveryWindow, next: [Timestamp], warnings: [String]) {
            self.window = window
            self.next = next
            self.warnings = warnings
        }
    }

    package static let example = RPCExample(
        Params(
            name: "Morning", cron: "0 6 * * *", timeZone: "Asia/Kolkata", spreadFrom: -30, spreadTo: 270, deadline: 300, stage: 600,
            target: 99, quietHours: DeliveryWindow.QuietHours(from: "21:00", to: "05:30")),
        Reply(
            window: .example, next: [Timestamp(milliseconds: 1_790_000_000_000)],
            warnings: ["it opens within its own quiet hours, from 21:00 to 05:30: nobody is written to before they end, at 05:30"])
    )

    package static func validate(_ params: Params) throws(Fault) {
        let (from, to, deadline) = (params.spreadFrom ?? -30, params.spreadTo ?? 270, params.deadline ?? 300)
        guard from <= to else {
            throw Fault(
                .params, "spreadFrom is \(from) and spreadTo is \(to): messages are spread from the earlier time to the later.",
                path: "spreadFrom")
        }
        guard to <= deadline else {
            throw Fault(
                .params, "deadline is \(deadline) and spreadTo is \(to): the last messages would go out after the deadline.",
                path: "deadline")
        }
        guard params.stage ?? 600 >= -from else {
            throw Fault(
                .params,
                "stage is \(params.stage ?? 600) and spreadFrom is \(from): what recurs is planned before its first message, so stage is at least \(-from).",
                path: "stage")
        }
    }
}

/// Names one window.
package struct WindowReference: Described {
    package var id: String

    package static let fields: Fields = [
        "id": .text("Id or name of the window that is meant.", 1...128, of: .line)
    ]

    package init(_ reference: String) { id = reference }
    package init(_ id: WindowID) { self.id = id.rawValue }
}

package enum ListWindows: RPCMethod {
    package static let name = "window.list"
    package static let summary = "Lists the delivery windows with their next openings, and the campaigns that recur in them."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/windows", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Described {
        package var window: DeliveryWindow
        package var next: [Timestamp]
        package var recurring: [String]

        package static let fields: Fields = [
            "window": "The delivery window.",
            "next": .list(
                "The next openings. In everybody's own zone an opening is no moment: in UTC it reads as everybody's own clocks do then.",
                0...3,
                of: Timestamp.rule),
            "recurring": .list("Names of the campaigns that recur in the window.", 0...10_000, of: .text(1...128)),
        ]

        package init(window: DeliveryWindow, next: [Timestamp], recurring: [String]) {
            self.window = window
            self.next = next
            self.recurring = recurring
        }
    }

    package struct Reply: Described {
        package var items: [Item]

        package static let fields: Fields = [
            "items": .list("The delivery windows, by name.", 0...1000)
        ]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Nothing(), Reply(items: [Item(window: .example, next: [Timestamp(milliseconds: 1_790_000_000_000)], recurring: ["Diwali offer"])]))
}

package enum DeleteWindow: RPCMethod {
    package static let name = "window.delete"
    package static let summary = "Deletes a window and what recurs in it; campaigns that are planned keep their times."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .delete("/v1/windows/{id}", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.windowUnknown]
    package static let example = RPCExample(WindowReference(DeliveryWindow.example.id), Nothing())
}
