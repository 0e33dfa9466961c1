import ArgumentParser
import Foundation
import GatewayContract
import RPCContract
import Vocabulary

/// People who log in.
struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "People who log in: list, add, show, update, password, remove.",
        discussion: """
            linda users add asha@example.com --name "Asha Rao" --role owner --host    (asks for the password, which is not shown)
            With --host a user sees every workspace and the status page; without it only the one that --workspace names, or default.
            """,
        subcommands: [List.self, Add.self, Show.self, Update.self, Password.self, Remove.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the users, in the order in which they were made.",
            discussion: "On a narrow terminal long texts are cut and ids left out.")
        @OptionGroup var connection: Connection
        @Flag(help: "Show the ids on a narrow terminal, too.") var ids = false
        @Flag(help: "Those of the whole host instead of the workspace's.") var host = false

        func run() async throws {
            let reply = ListUsers.Reply(items: try await connection.users(host))
            try connection.show(reply) { List.table(reply.items, ids: ids, connection.shownEmail).print() }
        }

        /// - Parameter shown: how an e-mail address is written.
        static func table(_ users: [User], ids: Bool, _ shown: (String) -> String) -> Table {
            var table = Table("E-MAIL", "NAME", "ROLE", "STATE", "MADE", "LAST LOGIN", "ID")
            (table.cuttable, table.spare) = (["E-MAIL", "NAME"], (ids ? [] : ["ID"]) + ["MADE", "LAST LOGIN"])
            for user in users {
                table.add(
                    shown(user.email), user.name, user.role.rawValue, user.state.rawValue, user.createdAt.asTime,
                    user.lastLoginAt?.asTime ?? "never", user.id)
            }
            return table
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a user. The password is asked for, or is one line of standard input.")
        @OptionGroup var connection: Connection
        @Argument(help: "The e-mail address to log in with.") var email: String
        @Option(help: ArgumentHelp("viewer, agent, admin or owner.", valueName: "role")) var role: String
        @Option(help: ArgumentHelp("What the user is called; what stands before the @ if left out.", valueName: "name")) var name: String?
        @Flag(help: "For every workspace and what belongs to none.") var host = false

        func validate() throws { _ = try UsersCommand.role(role) }

        func run() async throws {
            let role = try UsersCommand.role(role)
            try connection.reach(GatewayContract.self)
            let params = CreateUser.Params(
                email: email, name: name ?? String(email.prefix { $0 != "@" }), role: role, password: try UsersCommand.newPassword(),
                ofHost: host ? true : nil)
            let user = try await connection.call(GatewayContract.self, CreateUser.self, params)
            try connection.show(user) { print(UsersCommand.line(user, connection.shownEmail)) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one user.")
        @OptionGroup var connection: Connection
        @Argument(help: "The user's e-mail address or id.") var user: String
        @Flag(help: "It is a user of the whole host.") var host = false

        func run() async throws {
            let user = try await connection.user(user, host)
            try connection.show(user) {
                print(UsersCommand.line(user, connection.shownEmail))
                print("\(user.name), made \(user.createdAt.asTime), last login \(user.lastLoginAt?.asTime ?? "never"), id \(user.id)")
            }
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a user's name or role, or whether they may log in. Who is disabled is logged out at once.")
        @OptionGroup var connection: Connection
        @Argument(help: "The user's e-mail address or id.") var user: String
        @Option(help: ArgumentHelp("What the user is called from now on.", valueName: "name")) var name: String?
        @Option(help: ArgumentHelp("viewer, agent, admin or owner.", valueName: "role")) var role: String?
        @Flag(inversion: .prefixedEnableDisable, help: "Let the user log in, or do not.") var login: Bool?
        @Flag(help: "It is a user of the whole host.") var host = false

        func validate() throws {
            if let role { _ = try UsersCommand.role(role) }
            guard name != nil || role != nil || login != nil else {
                throw ValidationError("Nothing is to change: say --name, --role, --enable-login or --disable-login.")
            }
        }

        func run() async throws {
            let known = try await connection.user(user, host)
            let params = UpdateUser.Params(
                id: known.id, name: name, role: try role.map(UsersCommand.role), state: login.map { $0 ? .active : .disabled },
                ofHost: host ? true : nil)
            let user = try await connection.call(GatewayContract.self, UpdateUser.self, params)
            try connection.show(user) { print(UsersCommand.line(user, connection.shownEmail)) }
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a user another password, and log them out everywhere.",
            discussion: "The password is asked for, or is one line of standard input.")
        @OptionGroup var connection: Connection
        @Argument(help: "The user's e-mail address or id.") var user: String
        @Flag(help: "It is a user of the whole host.") var host = false

        func run() async throws {
            let known = try await connection.user(user, host)
            let params = SetPassword.Params(id: known.id, password: try UsersCommand.newPassword(), ofHost: host ? true : nil)
            let user = try await connection.call(GatewayContract.self, SetPassword.self, params)
            try connection.show(user) { print("\(connection.shownEmail(user.email)) has another password and is logged in nowhere") }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a user, and log them out everywhere.")
        @OptionGroup var connection: Connection
        @Argument(help: "The user's e-mail address or id.") var user: String
        @Flag(help: "It is a user of the whole host.") var host = false
        @Flag(help: "Do it. Without this flag nothing happens.") var yes = false

        func run() async throws {
            let known = try await connection.user(user, host)
            guard yes else { throw Trouble("\(known.name) logs in no more from then on; say --yes to remove the user.") }
            let reply = try await connection.call(
                GatewayContract.self, DeleteUser.self, UserReference(known.id, ofHost: host ? true : nil))
            try connection.show(reply) { print("\(connection.shownEmail(reply.email)) is removed") }
        }
    }

    /// What a user is, in one line.
    static func line(_ user: User, _ shown: (String) -> String) -> String {
        let place = user.workspace.map { "of the workspace \($0)" } ?? "of the whole host"
        return "\(shown(user.email)) is \(user.role.rawValue) \(place)\(user.state == .disabled ? ", and may not log in" : "")"
    }

    static func role(_ text: String) throws -> Role {
        let roles = Role.allCases.filter { $0 != .ingest }
        guard let role = Role(rawValue: text), roles.contains(role) else {
            throw ValidationError("--role \(text) is not one of \(roles.map(\.rawValue).joined(separator: ", ")).")
        }
        return role
    }

    /// From the terminal, twice, or a pipe; never from an argument that others can see.
    private static func newPassword() throws -> String {
        guard let password = Secret.read("password, 12 characters or more: ") else { throw Trouble("no password was given") }
        guard isatty(STDIN_FILENO) == 1 else { return password }
        guard Secret.read("once more: ") == password else { throw Trouble("these are two different passwords; nothing was changed") }
        return password
    }
}

extension Connection {
    /// Every user, read page by page.
    fileprivate func users(_ ofHost: Bool) async throws -> [User] {
        var params = ListUsers.Params(ofHost: ofHost ? true : nil, limit: 1000)
        var users: [User] = []
        repeat {
            let page = try await call(GatewayContract.self, ListUsers.self, params)
            users += page.items
            params.cursor = page.next
        } while params.cursor != nil
        return users
    }

    /// A user by their e-mail address or id.
    func user(_ text: String, _ ofHost: Bool) async throws -> User {
        let users = try await users(ofHost)
        if let user = users.first(where: { $0.id == text || $0.email == text.lowercased() }) { return user }
        let hint = NearestName.of(text, among: users.map(\.email)).map { "; did you mean \(shownEmail($0))?" } ?? ";"
        throw Trouble("No user is \(text)\(hint) linda users lists those of the workspace, linda users --host those of the whole host.")
    }
}
