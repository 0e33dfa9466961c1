import Foundation
import GRDB
import GatewayContract
import RPCContract
import RPCTransport
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// Who may be made, changed and removed; called as the gateway's socket is.
@Suite(.timeLimit(.minutes(1))) struct UsersTests {
    /// Calls of one workspace, by one asker.
    private struct Caller {
        let client: RPCClient
        var workspace = "w"
        var actor: String? = "cli:t"

        func call<M: RPCMethod>(_ method: M.Type, _ params: M.Params) async throws(Fault) -> M.Reply {
            try await client.call(method, params, meta: CallMeta(workspace: workspace, actor: actor))
        }

        /// Why it is refused; nil where it is not.
        func fault<M: RPCMethod>(_ method: M.Type, _ params: M.Params) async -> Fault? {
            do throws(Fault) {
                _ = try await call(method, params)
                return nil
            } catch { return error }
        }

        /// Which member is told when a user has this one in it; nil where they are made.
        func refusal(_ member: String, _ value: JSONValue) async -> String? {
            var params: [String: JSONValue] = [
                "email": "a@b.example", "name": "A", "role": "viewer", "password": .string(GatewayDesk.password),
            ]
            params[member] = value
            let meta = CallMeta(workspace: workspace)
            do throws(Fault) {
                _ = try await client.call(CreateUser.name, JSON.encode(.object(params)), meta: meta, deadline: .seconds(5))
                return nil
            } catch {
                #expect(error.code == .params && !error.message.contains("xxxx"), "\(member): \(error)")
                return error.path
            }
        }

        func `as`(_ user: User) -> Caller { Caller(client: client, workspace: user.workspace ?? "default", actor: "user:\(user.id)") }
    }

    private func run(_ body: (GatewayDesk, Caller) async throws -> Void) async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in try await body(desk, Caller(client: desk.client(GatewayContract.self))) }
    }

    private let password = GatewayDesk.password

    @Test func aUserIsMadeListedAndRemoved() async throws {
        try await run { desk, w in
            let user = try await w.call(CreateUser.self, .init(email: "Asha@Example.COM", name: "Asha", role: .owner, password: password))
            #expect(user.email == "asha@example.com" && user.workspace == "w" && user.state == .active && user.lastLoginAt == nil)
            let ofHost = try await w.call(
                CreateUser.self, .init(email: "root@example.com", name: "Root", role: .owner, password: password, ofHost: true))
            #expect(ofHost.workspace == nil)
            #expect(try await w.call(ListUsers.self, .init()).items == [user])
            #expect(try await w.call(ListUsers.self, .init(ofHost: true)).items == [ofHost])
            let taken = await w.fault(CreateUser.self, .init(email: "ASHA@example.com", name: "A", role: .viewer, password: password))
            #expect(taken?.code == .userTaken && taken?.path == "email")
            #expect(try await w.call(DeleteUser.self, .init(user.id)) == user)
            #expect(try await w.call(ListUsers.self, .init()).items == [])
            #expect(await w.fault(GetUser.self, .init(user.id))?.code == .userUnknown)
            #expect(desk.people.users.user(user.id) == nil)
            let types = try await desk.pool.read { try String.fetchAll($0, sql: "SELECT type FROM event ORDER BY cursor") }
            #expect(types == ["user.created", "user.deleted"] && types.allSatisfy(EventTypes.known.contains))
        }
    }

    /// One workspace takes the room of no other, and all together not that of the host's own.
    @Test func aWorkspaceHasSoManyUsers() async throws {
        try await run { desk, w in
            func fill(_ workspace: String, _ count: Int) async throws {
                try await desk.pool.write { db in
                    try db.execute(
                        sql: """
                            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                            INSERT INTO apiUser (id, workspace, email, name, role, hash, state, createdAt)
                              SELECT ?2 || i, ?2, ?2 || i, 'a', 'viewer', '', 'active', 0 FROM n
                            """, arguments: [count, workspace])
                }
            }
            func params(_ name: String, ofHost: Bool = false) -> CreateUser.Params {
                CreateUser.Params(email: "\(name)@b.example", name: "A", role: .viewer, password: password, ofHost: ofHost)
            }
            try await fill("w", Users.mostOfWorkspace - 1)
            #expect(await w.fault(CreateUser.self, params("last")) == nil)
            #expect(await w.fault(CreateUser.self, params("more"))?.code == .usersFull)
            let other = Caller(client: w.client, workspace: "other")
            #expect(await other.fault(CreateUser.self, params("other")) == nil)
            for n in 1...3 { try await fill("x\(n)", Users.mostOfWorkspace) }
            try await fill("y", Users.most - Users.keptForHost - 4 * Users.mostOfWorkspace - 2)
            #expect(await other.fault(CreateUser.self, params("fills")) == nil)
            #expect(await other.fault(CreateUser.self, params("none"))?.code == .usersFull)
            #expect(await other.fault(CreateUser.self, params("host", ofHost: true)) == nil, "the host's own have room")
        }
    }

    /// Whoever comes second finds a user, however early they began.
    @Test func thereIsOneFirst() async throws {
        try await run { desk, _ in
            func first(_ name: String) async -> FaultCode? {
                let params = CreateUser.Params(email: "\(name)@b.example", name: "A", role: .owner, password: password, ofHost: true)
                do {
                    _ = try await desk.people.users.create(params, workspace: "w", for: .host, onlyFirst: true)
                    return nil
                } catch { return (error as? Fault)?.code }
            }
            _ = try await desk.user(.owner)
            #expect(await first("a") == nil, "one of a workspace is none of the host")
            #expect(await first("b") == .userTaken)
        }
    }

    @Test(arguments: [1, 2, 5, 6]) func everyUserIsOnOnePage(limit: Int) async throws {
        try await run { desk, w in
            for n in 0..<5 {
                desk.now.update { $0 = $0 + 1 }
                _ = try await desk.user(.viewer, email: "u\(n)@example.com")
            }
            _ = try await desk.user(.viewer, workspace: "other")
            var (params, emails) = (ListUsers.Params(limit: limit), [String]())
            repeat {
                let page = try await w.call(ListUsers.self, params)
                #expect(page.items.count <= limit)
                emails += page.items.map(\.email)
                params.cursor = page.next
            } while params.cursor != nil
            #expect(emails == (0..<5).map { "u\($0)@example.com" })
        }
    }

    /// What is wrong with a user is told, and no password is quoted.
    @Test func whatNobodyCanBeIsRefused() async throws {
        try await run { _, w in
            let long = String(repeating: "x", count: 1 << 20)
            for (member, values) in [
                "email": ["", "a", "a@", "a b@c", .string("\(long)@b")], "name": ["", "a\u{0}b", .string(long)],
                "role": ["ingest", "root", ""], "password": ["", "short", .string(long), 7, .null],
            ] as [String: [JSONValue]] {
                for value in values {
                    let path = await w.refusal(member, value)
                    #expect(path == member, "\(member): \(JSON.text(value).prefix(40))")
                }
            }
            let made = try await w.call(ListUsers.self, .init()).items
            #expect(made == [])
        }
    }

    @Test func whatIsElsewhereDoesNotExist() async throws {
        try await run { desk, w in
            let (own, ofHost) = (try await desk.user(.owner), try await desk.user(.owner, ofHost: true))
            let token = try await desk.token(own)
            let session = try #require(desk.people.sessions.session(with: token))
            let other = Caller(client: w.client, workspace: "other")
            for (caller, id, flag) in [(other, own.id, nil), (other, own.id, true), (w, ofHost.id, nil), (w, own.id, true)]
                as [(Caller, String, Bool?)]
            {
                #expect(await caller.fault(GetUser.self, .init(id, ofHost: flag))?.code == .userUnknown)
                #expect(await caller.fault(UpdateUser.self, .init(id: id, name: "x", ofHost: flag))?.code == .userUnknown)
                #expect(await caller.fault(SetPassword.self, .init(id: id, password: password, ofHost: flag))?.code == .userUnknown)
                #expect(await caller.fault(DeleteUser.self, .init(id, ofHost: flag))?.code == .userUnknown)
                #expect(await caller.fault(ListSessions.self, .init(user: id, ofHost: flag))?.path == "user")
                #expect(await caller.fault(EndSession.self, .init(user: id, id: session.id, ofHost: flag))?.code == .userUnknown)
            }
            #expect(desk.people.sessions.isOpen(session.id))
            // Whoever asks for themselves need not know where they belong to.
            #expect(try await w.as(ofHost).call(GetUser.self, .init(ofHost.id)) == ofHost)
            #expect(try await w.as(own).call(ListSessions.self, .init(user: own.id)).items == [session])
        }
    }

    /// Each place keeps somebody who can make others.
    @Test func theLastOwnerStays() async throws {
        try await run { desk, w in
            let (root, own) = (try await desk.user(.owner, ofHost: true), try await desk.user(.owner))
            for change in [UpdateUser.Params(id: root.id, role: .admin, ofHost: true), .init(id: root.id, state: .disabled, ofHost: true)] {
                #expect(await w.fault(UpdateUser.self, change)?.code == .userLast)
            }
            #expect(await w.fault(DeleteUser.self, .init(root.id, ofHost: true))?.code == .userLast)
            #expect(desk.people.users.user(root.id) == root, "nothing of it was done")
            #expect(try await w.call(GetUser.self, .init(root.id, ofHost: true)) == root)
            // The owners of the host can make another for the workspace.
            #expect(try await w.call(DeleteUser.self, .init(own.id)).id == own.id)
            let second = try await desk.user(.owner, ofHost: true, email: "second@example.com")
            #expect(try await w.call(UpdateUser.self, .init(id: root.id, role: .viewer, ofHost: true)).role == .viewer)
            #expect(await w.fault(DeleteUser.self, .init(second.id, ofHost: true))?.code == .userLast)
            #expect(try await w.call(DeleteUser.self, .init(root.id, ofHost: true)).id == root.id, "who is no owner goes")
        }
    }

    @Test func aWorkspaceWithoutOwnersOfTheHostKeepsItsLast() async throws {
        try await run { desk, w in
            let own = try await desk.user(.owner)
            #expect(await w.fault(UpdateUser.self, .init(id: own.id, state: .disabled))?.code == .userLast)
            let other = try await desk.user(.owner, email: "other@example.com")
            #expect(try await w.call(UpdateUser.self, .init(id: other.id, state: .disabled)).state == .disabled)
            #expect(await w.fault(DeleteUser.self, .init(own.id))?.code == .userLast, "one who is disabled makes nobody")
        }
    }

    /// A password that is set, a user who is disabled or removed: all their sessions end, and no other's.
    @Test func whatChangesAUsersRightsEndsTheirSessions() async throws {
        try await run { desk, w in
            let (sessions, stays) = (desk.people.sessions, try await desk.token(try await desk.user(.agent)))
            for (n, change) in ["password", "disabled", "removed", "name"].enumerated() {
                let user = try await desk.user(.viewer, email: "\(n)@example.com")
                let token = try await desk.token(user)
                switch change {
                case "password": _ = try await w.call(SetPassword.self, .init(id: user.id, password: "another password"))
                case "disabled": _ = try await w.call(UpdateUser.self, .init(id: user.id, state: .disabled))
                case "removed": _ = try await w.call(DeleteUser.self, .init(user.id))
                default: _ = try await w.call(UpdateUser.self, .init(id: user.id, name: "Other", role: .agent))
                }
                #expect((sessions.session(with: token) == nil) == (change != "name"), "\(change)")
                #expect(sessions.session(with: stays) != nil)
            }
        }
    }

    @Test func theOwnPasswordIsChangedByWhoeverKnowsIt() async throws {
        try await run { desk, w in
            let user = try await desk.user(.viewer)
            let own = w.as(user)
            let new = "another password"
            for old in [nil, "wrong", new] {
                let fault = await own.fault(SetPassword.self, .init(id: user.id, password: new, old: old))
                #expect(fault?.code == .params && fault?.path == "old", "\(old ?? "none")")
            }
            #expect(try await own.call(SetPassword.self, .init(id: user.id, password: new, old: password)) == user)
            await #expect(throws: Fault.self) { _ = try await desk.token(user) }
            _ = try await desk.people.logins.begin(.init(email: user.email, password: new), from: nil)
        }
    }

    /// Whoever has come by a session tries no passwords with it.
    @Test func aHundredWrongOldPasswordsAreEnough() async throws {
        try await run { desk, w in
            let user = try await desk.user(.viewer)
            let own = w.as(user)
            for _ in 0..<WrongKeys.tries {
                #expect(await own.fault(SetPassword.self, .init(id: user.id, password: password, old: "wrong"))?.path == "old")
            }
            let last = await own.fault(SetPassword.self, .init(id: user.id, password: password, old: password))
            #expect(last?.code == .overloaded && last?.retry == .after(.seconds(900)))
            #expect(try await w.call(SetPassword.self, .init(id: user.id, password: password)) == user, "an owner waits for nothing")
        }
    }
}
