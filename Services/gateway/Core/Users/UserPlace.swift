import RPCContract
import RPCTransport

/// Which user a call is about, and where whoever asks looks for them: what is elsewhere does not exist there.
struct UserPlace: Sendable {
    let id: String
    /// The member of the params that names the user.
    let member: String
    /// nil for the whole host.
    let workspace: String?
    /// Whether they ask for themselves, wherever they belong to.
    let isSelf: Bool
    /// For whom a password is hashed on the way.
    let applicant: Applicant

    init(_ id: String, member: String = "id", ofHost: Bool?, _ call: RPCCall) {
        self.id = id
        self.member = member
        workspace = ofHost == true ? nil : call.workspace
        isSelf = call.meta.actor == Self.actor(id)
        applicant = Applicant(actor: call.meta.actor)
    }

    /// How processes are told that a user asks; of whoever comes over HTTP the gateway says it.
    static func actor(_ user: String) -> String { "user:\(user)" }
}
