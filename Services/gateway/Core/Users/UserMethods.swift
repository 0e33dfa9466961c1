import GatewayContract
import RPCContract
import RPCTransport

/// The methods of users and sessions.
struct UserMethods: Sendable {
    let users: Users
    let sessions: Sessions
    let logins: Logins

    func bind(to router: inout RPCRouter) {
        router.on(CreateUser.self) { params, call in
            try await users.create(params, workspace: call.workspace, for: Applicant(actor: call.meta.actor))
        }
        router.on(ListUsers.self) { params, call in
            try await users.list(params, of: params.ofHost == true ? nil : call.workspace)
        }
        router.on(GetUser.self) { params, call in try await users.get(UserPlace(params.id, ofHost: params.ofHost, call)) }
        router.on(UpdateUser.self) { params, call in
            try await users.update(params, UserPlace(params.id, ofHost: params.ofHost, call))
        }
        router.on(SetPassword.self) { params, call in
            try await users.setPassword(params, UserPlace(params.id, ofHost: params.ofHost, call))
        }
        router.on(DeleteUser.self) { params, call in try await users.delete(UserPlace(params.id, ofHost: params.ofHost, call)) }
        router.on(CreateSession.self) { params, call in
            try await logins.begin(params, from: AnybodysAddress.of(call.meta.actor))
        }
        router.on(ListSessions.self) { params, call in
            let user = try await users.get(UserPlace(params.user, member: "user", ofHost: params.ofHost, call))
            return ListSessions.Reply(items: sessions.list(of: user.id))
        }
        router.on(EndSession.self) { params, call in
            let user = try await users.get(UserPlace(params.user, member: "user", ofHost: params.ofHost, call))
            return try await sessions.end(params.id, of: user.id)
        }
    }
}
