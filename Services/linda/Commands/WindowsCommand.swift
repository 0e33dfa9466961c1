import AccountContract
import ArgumentParser
import Foundation
import RPCContract
import Vocabulary

/// Delivery windows.
struct WindowsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "windows",
        abstract: "Delivery windows: list, create, delete.",
        subcommands: [List.self, Create.self, Delete.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the windows with their next openings.",
            discussion: "On a narrow terminal long texts are cut and ids left out.")
        @OptionGroup var connection: Connection
        @Flag(help: "Show the ids on a narrow terminal, too.") var ids = false

        func run() async throws {
            let reply = try await connection.call(AccountContract.self, ListWindows.self, Nothing())
            // What recurs may leave out the opening that comes, or be planned for it already and have its own next after it.
            var (recurrences, scheduled, resting): ([Recurrence], [Campaign], Set<CampaignID>) = ([], [], [])
            if !connection.json, reply.items.contains(where: { !$0.recurring.isEmpty }) {
                recurrences = try await connection.call(AccountContract.self, ListRecurrences.self, Nothing()).items
                let wanted = ListCampaigns.Params(state: .scheduled, limit: 500)
                scheduled = try await connection.call(AccountContract.self, ListCampaigns.self, wanted).items
                resting = try await CampaignsCommand.Recurring.unstarted(connection)
            }
            let (all, planned, unstarted) = (recurrences, scheduled, resting)
            try connection.show(reply) {
                List.table(reply.items, ids: ids) { WindowsCommand.recurring(in: $0, all, planned: planned, unstarted: unstarted) }.print()
            }
        }

        /// - Parameter recurring: what recurs in a window.
        static func table(_ items: [ListWindows.Item], ids: Bool, recurring: (ListWindows.Item) -> String) -> Table {
            var table = Table("NAME", "CRON", "ZONE", "OPENS", "RECURRING", "ID")
            (table.cuttable, table.spare) = (["NAME", "CRON", "RECURRING"], (ids ? [] : ["ID"]) + ["RECURRING", "CRON", "ZONE"])
            for item in items {
                table.add(
                    item.window.name, item.window.cron + (item.window.quietHours.map { ", quiet \($0.from)-\($0.to)" } ?? ""),
                    item.window.timeZone,
                    // In everybody's own zone, as the column before it says, it is the hour that all of their clocks show.
                    item.next.first.map { WindowsCommand.moment($0, in: item.window.timeZone) } ?? "never",
                    recurring(item), item.window.id.rawValue)
            }
            return table
        }
    }

    /// What recurs in a window by name; with its own next opening where it does not go out at the window's.
    static func recurring(in item: ListWindows.Item, _ all: [Recurrence], planned: [Campaign], unstarted: Set<CampaignID> = []) -> String {
        all.filter { $0.window == item.window.name }.map { recurrence in
            if unstarted.contains(recurrence.id) { return "\(recurrence.name) (not started)" }
            let isPlanned = planned.contains { $0.name == recurrence.name && isForAny(of: item.next.prefix(1), in: item.window, $0) }
            guard recurrence.next != item.next.first, !isPlanned else { return recurrence.name }
            return "\(recurrence.name) (not before \(time(recurrence.next, in: item.window.timeZone)))"
        }
        .joined(separator: ", ")
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Define a window; the same name again changes it.",
            discussion: "linda windows create Morning --cron \"0 6 * * MON-FRI\" --zone Asia/Kolkata --quiet 21:00-05:30"
        )
        @OptionGroup var connection: Connection
        @Argument(help: "The window's name.") var name: String
        @Option(help: ArgumentHelp("Minute, hour, day of month, month, day of week.", valueName: "line")) var cron: String
        @Option(
            help: ArgumentHelp("A time zone's name such as Asia/Kolkata, or the word recipient for each person's own.", valueName: "zone"))
        var zone: String
        @Option(
            parsing: .unconditional, help: ArgumentHelp("Seconds around the moment over which messages are spread.", valueName: "from:to"))
        var spread = "-30:270"
        @Option(parsing: .unconditional, help: ArgumentHelp("Seconds by which all should be with Meta.", valueName: "n")) var deadline = 300
        @Option(
            parsing: .unconditional, help: ArgumentHelp("Seconds before the opening at which what recurs is planned.", valueName: "n"))
        var stage = 600
        @Option(parsing: .unconditional, help: ArgumentHelp("Percent that should be with Meta by then.", valueName: "n"))
        var target: FiniteNumber = 99.0
        @Option(help: ArgumentHelp("Hours without messages, in the recipient's time.", valueName: "HH:MM-HH:MM")) var quiet: String?

        func run() async throws {
            let ends = spread.split(separator: ":").map { Int($0) }
            guard ends.count == 2, let from = ends[0], let to = ends[1] else {
                throw Trouble("--spread \(spread): expected seconds such as -30:270")
            }
            let hours = quiet?.split(separator: "-").map(String.init)
            if let hours, hours.count != 2 { throw Trouble("--quiet \(quiet ?? ""): expected hours such as 21:00-08:00") }
            let params = CreateWindow.Params(
                name: name, cron: cron, timeZone: zone, spreadFrom: Seconds(from), spreadTo: Seconds(to), deadline: Seconds(deadline),
                stage: Seconds(stage), target: target.value,
                quietHours: hours.map { DeliveryWindow.QuietHours(from: $0[0], to: $0[1]) })
            let former = try await connection.call(AccountContract.self, ListWindows.self, Nothing()).items.first { $0.window.name == name }
            let reply = try await connection.call(AccountContract.self, CreateWindow.self, params)
            let campaigns = former == nil ? [] : try await GoingOn.campaigns(connection)
            try connection.show(reply) {
                print(WindowsCommand.openings(reply))
                if let former { for line in WindowsCommand.changes(from: former.window, to: reply.window, campaigns) { print(line) } }
                for warning in reply.warnings { print("note: \(Spoken.text(warning))") }
            }
        }
    }

    /// What a window of a known name has no longer, and what was planned by its former rules and keeps them.
    static func changes(from former: DeliveryWindow, to window: DeliveryWindow, _ campaigns: [Campaign]) -> [String] {
        var lines: [String] = []
        if let hours = former.quietHours, window.quietHours == nil {
            lines.append("note: it has no quiet hours any more; they were \(hours.from)-\(hours.to)")
        }
        var rules = former
        rules.id = window.id
        guard rules != window else { return lines }
        let kept = GoingOn.of(window, among: campaigns).filter { $0.state != .running && $0.state != .paused }
        return lines + kept.map { "by the former rules: \(GoingOn.words($0, in: former.zone))" }
    }

    /// An opening as its window's own zone shows it; in recipients' own zones the time of day that all of their clocks show.
    static func time(_ opening: Timestamp, in zone: String) -> String {
        moment(opening, in: zone) + (TimeZone(identifier: zone) == nil ? " in everybody's own zone" : "")
    }

    private static func moment(_ opening: Timestamp, in zone: String) -> String {
        TimeZone(identifier: zone).map { opening.asTime(in: $0) }
            ?? String(opening.asTime(in: .gmt).prefix(16)).replacing("T", with: " ")
    }

    /// Whether a campaign is planned for one of some openings of a window.
    private static func isForAny(of openings: some Sequence<Timestamp>, in window: DeliveryWindow, _ campaign: Campaign) -> Bool {
        openings.contains { opening in
            guard let local = campaign.localOpening else { return opening == campaign.startAt }
            return TimeZone(identifier: window.timeZone) == nil && moment(opening, in: window.timeZone) == local
        }
    }

    /// When a window that was defined opens, in one sentence.
    static func openings(_ reply: CreateWindow.Reply) -> String {
        let zone = reply.window.timeZone
        let times = reply.next.map { moment($0, in: zone) }
        let later = times.dropFirst().joined(separator: ", ")
        let place = TimeZone(identifier: zone) == nil ? "in everybody's own zone" : "(\(zone))"
        return "\(reply.window.name) opens next at \(times.first ?? "no time")\(later.isEmpty ? "" : ", then at \(later)") \(place)"
    }

    /// What ends with a window, and what goes on although it is gone; nil where there is neither.
    static func loss(of item: ListWindows.Item, campaigns: [Campaign]) -> String? {
        var parts: [String] = []
        if !item.recurring.isEmpty { parts.append("\(item.recurring.joined(separator: ", ")) would no longer recur") }
        parts += GoingOn.of(item.window, among: campaigns).map { GoingOn.words($0, in: item.window.zone) }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a window and what recurs in it.")
        @OptionGroup var connection: Connection
        @Argument(help: "The window's id or name.") var id: String
        @Flag(help: "Delete it even if campaigns recur in it, which then end, or are scheduled or run in it, which still go on.") var yes =
            false

        func run() async throws {
            let item = try await connection.call(AccountContract.self, ListWindows.self, Nothing()).items
                .first { $0.window.id.rawValue == id || $0.window.name == id }
            let campaigns = item == nil ? [] : try await GoingOn.campaigns(connection)
            if let item, !yes, let loss = WindowsCommand.loss(of: item, campaigns: campaigns) {
                throw Trouble("\(loss); say --yes to do it.")
            }
            let reply = try await connection.call(AccountContract.self, DeleteWindow.self, WindowReference(id))
            try connection.show(reply) {
                print("deleted \(id)")
                guard let item else { return }
                for campaign in GoingOn.of(item.window, among: campaigns) { print(GoingOn.words(campaign, in: item.window.zone)) }
            }
        }
    }
}

extension DeliveryWindow {
    /// Whose clocks show its times: its own zone's; this terminal's where each person has their own.
    var zone: TimeZone { TimeZone(identifier: timeZone) ?? .current }
}
