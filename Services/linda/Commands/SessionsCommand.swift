import ArgumentParser
import GatewayContract
import RPCContract
import Vocabulary

/// Where people are logged in.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "Where a user is logged in: list, end.",
        discussion: "linda sessions list asha@example.com",
        subcommands: [List.self, End.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List where a user is logged in, the latest login first.")
        @OptionGroup var connection: Connection
        @Argument(help: "The user's e-mail address or id.") var user: String
        @Flag(help: "It is a user of the whole host.") var host = false

        func run() async throws {
            let user = try await connection.user(user, host)
            let reply = try await connection.call(
                GatewayContract.self, ListSessions.self, .init(user: user.id, ofHost: host ? true : nil))
            try connection.show(reply) { List.table(reply.items).print() }
        }

        static func table(_ sessions: [UserSession]) -> Table {
            var table = Table("ID", "LOGGED IN", "FROM", "LAST USED", "ENDS")
            table.spare = ["LOGGED IN"]
            for session in sessions {
                table.add(
                    session.id, session.createdAt.asTime, session.address ?? "the host", session.lastUsedAt.asTime, session.endsAt.asTime)
            }
            return table
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Log a user out of one session, or out of all.")
        @OptionGroup var connection: Connection
        @Argument(help: "The user's e-mail address or id.") var user: String
        @Argument(help: "The session's id.") var session: String?
        @Flag(help: "All sessions of the user.") var all = false
        @Flag(help: "It is a user of the whole host.") var host = false

        func validate() throws {
            guard (session != nil) != all else { throw ValidationError("Say the id of one session, or --all.") }
        }

        func run() async throws {
            let (user, ofHost) = (try await connection.user(user, host), host ? true : nil)
            var ids = session.map { [$0] } ?? []
            if all {
                ids = try await connection.call(GatewayContract.self, ListSessions.self, .init(user: user.id, ofHost: ofHost)).items.map(
                    \.id)
            }
            var ended: [UserSession] = []
            for id in ids {
                ended.append(try await connection.call(GatewayContract.self, EndSession.self, .init(user: user.id, id: id, ofHost: ofHost)))
            }
            try connection.show(ended) { print("\(user.name) is logged out of \(Spoken.count(ended.count, "session"))") }
        }
    }
}
