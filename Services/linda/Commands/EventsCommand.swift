import ArgumentParser
import Foundation
import GatewayContract
import Observability
import RPCContract
import Vocabulary

/// What happens in all processes.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "What has happened in all processes, oldest first; --follow goes on with what comes.",
        discussion: "linda events --follow --type message.failed --type order.created")
    @OptionGroup var connection: Connection
    @Option(name: .customLong("type"), help: ArgumentHelp("Only events of this type; repeatable.", valueName: "type"))
    var types: [String] = []
    @Option(help: ArgumentHelp("Only what follows this cursor, which --json shows with each event.", valueName: "cursor"))
    var after: String?
    @Flag(help: "Begin with what comes from now on, or after --after, and go on until interrupted.") var follow = false

    /// Between two questions while nothing comes.
    private static let pause = Duration.milliseconds(500)

    func run() async throws {
        var params = ListEvents.Params(
            cursor: try after.map(Self.cursor), limit: 500, types: types.isEmpty ? nil : types, atEnd: follow && after == nil ? true : nil)
        var line = EventLine(number: \.rawValue)
        if !connection.json { line = EventLine(number: await connection.shownNumbers()) }
        while true {
            let page = try await connection.call(GatewayContract.self, ListEvents.self, params)
            if page.isCut == true { StandardStream.error.write("events after the cursor had been removed for their age\n") }
            for event in page.items { try show(event, line) }
            params = ListEvents.Params(cursor: page.next, limit: 500, types: params.types)
            guard page.items.isEmpty else { continue }
            guard follow else { return }
            try await Task.sleep(for: Self.pause)
        }
    }

    static func cursor(_ text: String) throws(Trouble) -> PageCursor<ListEvents> {
        do { return try JSON.decode(PageCursor<ListEvents>.self, from: JSON.text(.string(text))) } catch {
            throw Trouble(
                "--after \(TerminalText.plain(text)) is no cursor. A cursor is the place behind an event: linda events --json shows it with each, as \"cursor\". Give one as it stands there, or leave --after out."
            )
        }
    }

    private func show(_ event: LiveEvent, _ line: EventLine) throws {
        guard !connection.json else { return StandardStream.output.write(try JSON.text(event, sorted: true) + "\n") }
        for line in text(event, line, width: TerminalWidth.columns) { StandardStream.output.write("\(line)\n") }
    }

    /// In one line, so that other programs read it, too; on a narrow terminal in several.
    func text(_ event: LiveEvent, _ line: EventLine, width: Int?) -> [String] {
        // Subjects and details have numbers in them, as parts of ids.
        let texts = ([line.subject(event)] + line.details(event.data)).map {
            connection.mask ? Redacted.numbers(in: connection.shownName($0)) : $0
        }
        let words = [event.at.asTime, event.type] + texts
        return TerminalText.lines(TerminalText.plain(words.filter { !$0.isEmpty }.joined(separator: "  ")), width: width)
    }
}
