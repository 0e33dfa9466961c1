import ArgumentParser
import Foundation
import GatewayContract
import RPCContract
import Vocabulary

/// Keys of the HTTP API.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Keys of the HTTP API: list, create, rotate, revoke.",
        discussion: "linda keys create shop --role ingest --number \"+91 80 4718 1000\"",
        subcommands: [List.self, Create.self, Rotate.self, Revoke.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys, the newest first; never a secret.",
            discussion: "On a narrow terminal long texts are cut and ids left out.")
        @OptionGroup var connection: Connection
        @Flag(help: "Show the ids on a narrow terminal, too.") var ids = false
        @Flag(help: "Those of the whole host instead of the workspace's.") var host = false

        func run() async throws {
            let reply = ListAPIKeys.Reply(items: try await connection.keys(host))
            let shown = await connection.shownNumbers()
            try connection.show(reply) {
                List.table(reply.items, ids: ids, shown).print()
            }
        }

        /// - Parameter shown: how a business number is written.
        static func table(_ keys: [APIKey], ids: Bool, _ shown: (PhoneNumberID) -> String) -> Table {
            var table = Table("NAME", "ROLE", "NUMBERS", "MADE", "LAST USED", "ENDS", "ID")
            (table.cuttable, table.spare) = (["NAME", "NUMBERS", "ENDS"], (ids ? [] : ["ID"]) + ["MADE", "NUMBERS", "LAST USED"])
            for key in keys {
                table.add(
                    key.name, key.role.rawValue, key.numbers?.map(shown).joined(separator: ", ") ?? "all", key.createdAt.asTime,
                    key.lastUsedAt?.asTime ?? "never", key.revokedAt.map { "revoked \($0.asTime)" } ?? key.expiresAt?.asTime ?? "",
                    key.id)
            }
            return table
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key. Its secret is printed only once.")
        @OptionGroup var connection: Connection
        @Argument(help: "What the key is called.") var name: String
        @Option(help: ArgumentHelp("ingest (only sends), viewer, agent, admin or owner.", valueName: "role")) var role: String
        @Option(
            name: .customLong("number"),
            help: ArgumentHelp("Only for this number: its id, digits or name; repeatable.", valueName: "number"))
        var numbers: [String] = []
        @Option(parsing: .unconditional, help: ArgumentHelp("How many days it is valid; for ever if left out.", valueName: "n"))
        var days: Int?
        @Flag(help: "For every workspace and what belongs to none.") var host = false

        func validate() throws {
            guard Role(rawValue: role) != nil else {
                throw ValidationError("--role \(role) is not one of \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            if let days { guard (1...3650).contains(days) else { throw ValidationError("--days is 1 to 3650.") } }
        }

        func run() async throws {
            var ids: [PhoneNumberID] = []
            for number in numbers { ids.append(try await connection.number(number)) }
            let params = CreateAPIKey.Params(
                name: name, role: Role(rawValue: role) ?? .viewer, ofHost: host ? true : nil, numbers: ids.isEmpty ? nil : ids,
                expiresAt: days.map { Date().timestamp + .days($0) })
            let reply = try await connection.call(GatewayContract.self, CreateAPIKey.self, params)
            try connection.show(reply) { KeysCommand.print(reply) }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a key a new secret. The old one still works for a while.")
        @OptionGroup var connection: Connection
        @Argument(help: "The key's name or id.") var key: String
        @Option(parsing: .unconditional, help: ArgumentHelp("How many hours the old secret still works; 0 ends it now.", valueName: "n"))
        var hours = 24
        @Flag(help: "It is a key of the whole host.") var host = false

        func validate() throws { guard (0...720).contains(hours) else { throw ValidationError("--hours is 0 to 720.") } }

        func run() async throws {
            let params = RotateAPIKey.Params(
                id: try await connection.key(key, host), ofHost: host ? true : nil, overlap: .hours(hours))
            let reply = try await connection.call(GatewayContract.self, RotateAPIKey.self, params)
            try connection.show(reply) { KeysCommand.print(reply) }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a key back. From then on it is refused.")
        @OptionGroup var connection: Connection
        @Argument(help: "The key's name or id.") var key: String
        @Flag(help: "It is a key of the whole host.") var host = false
        @Flag(help: "Do it. Without this flag nothing happens.") var yes = false

        func run() async throws {
            let id = try await connection.key(key, host)
            guard yes else { throw Trouble("Programs that use \(key) are refused from then on; say --yes to revoke it.") }
            let params = RevokeAPIKey.Params(id: id, ofHost: host ? true : nil)
            let reply = try await connection.call(GatewayContract.self, RevokeAPIKey.self, params)
            try connection.show(reply) { Swift.print("\(reply.name) is revoked") }
        }
    }

    private static func print(_ new: NewAPIKey) { for line in lines(new) { Swift.print(line) } }

    /// The secret alone on its line, to be copied.
    static func lines(_ new: NewAPIKey) -> [String] {
        let place = new.key.workspace.map { " of the workspace \($0)" } ?? " of the whole host"
        var lines = [
            "\(new.key.name) is \(new.key.role.rawValue)\(place)", new.secret,
            "It is shown only this once. Programs send it as `Authorization: Bearer …`.",
        ]
        // Rotated at a time; one that is new has no former secret.
        guard new.key.rotatedAt != nil else { return lines }
        lines.append(
            new.key.formerUntil.map { "The former secret works until \($0.asTime)." } ?? "The former secret has ended and is refused.")
        return lines
    }
}

extension Connection {
    /// Every key, read page by page.
    fileprivate func keys(_ ofHost: Bool) async throws -> [APIKey] {
        var params = ListAPIKeys.Params(ofHost: ofHost ? true : nil)
        var keys: [APIKey] = []
        repeat {
            let page = try await call(GatewayContract.self, ListAPIKeys.self, params)
            keys += page.items
            params.cursor = page.next
        } while params.cursor != nil
        return keys
    }

    /// A key's id by its name, of those in force the newest.
    fileprivate func key(_ name: String, _ ofHost: Bool) async throws -> String {
        let items = try await keys(ofHost)
        if items.contains(where: { $0.id == name }) { return name }
        guard let key = items.first(where: { $0.name == name && $0.revokedAt == nil }) else {
            let names = items.filter { $0.revokedAt == nil }.map(\.name)
            let hint = NearestName.of(name, among: names).map { "; did you mean \($0)?" } ?? ";"
            throw Trouble(
                "No key is called \(name)\(hint) linda keys lists those of the workspace, linda keys --host those of the whole host.")
        }
        return key.id
    }
}
