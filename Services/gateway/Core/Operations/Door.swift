import Foundation
import GatewayContract
import HTTPTypes
import Hummingbird
import RPCContract
import Vocabulary

/// The way in to the status page: its form, and what whoever stays outside is answered.
struct Door: Sendable {
    private let admission: Admission
    private let users: Users
    private let sessions: Sessions
    private let logins: Logins

    init(admission: Admission, users: Users, sessions: Sessions, logins: Logins) {
        self.admission = admission
        self.users = users
        self.sessions = sessions
        self.logins = logins
    }

    func add(to router: Router<GatewayContext>) {
        router.get("/") { request, context in page(request, context) }
        router.post("/") { request, context in
            do throws(Fault) { return try await logIn(request, context) } catch { return refused(error) }
        }
        router.post("logout") { request, _ in
            do throws(Fault) { return try await logOut(request) } catch { return refused(error) }
        }
    }

    /// What a program or a script is answered that may not see it; nil for whoever may.
    func refusal(_ request: Request, _ context: GatewayContext) -> Response? {
        switch admission.outcome(of: request, from: context.address(of: request)) {
        case .open: nil
        case .foreign: Response.text(.forbidden, "\(Self.foreign)\n")
        case .wrong: Self.locked
        case .tooMany(let wait): Self.crowded(.text(.tooManyRequests, "too many wrong keys were shown\n"), wait.duration)
        }
    }

    private static let foreign = "This shows the whole host: it takes a user of the whole host, and yours belongs to a workspace."
    private static let wrongKey = "This is not the admin key."
    private static let tooMany = "Too many wrong keys were tried. Try again in a quarter of an hour."

    private static func crowded(_ response: Response, _ wait: Duration) -> Response {
        var response = response
        response.headers[.retryAfter] = "\(max(1, (wait.milliseconds + 999) / 1000))"
        return response
    }

    private static var locked: Response {
        var response = Response.text(
            .unauthorized, "log in on / first, or give the admin key or the token of a session as `Authorization: Bearer KEY`\n")
        response.headers[.wwwAuthenticate] = "Bearer"
        return response
    }

    private func page(_ request: Request, _ context: GatewayContext) -> Response {
        switch admission.outcome(of: request, from: context.address(of: request)) {
        case .open: Self.page(.ok, StatusPage.html)
        case .foreign: door(.forbidden, Self.foreign)
        case .wrong: door(.unauthorized)
        case .tooMany(let wait): Self.crowded(door(.tooManyRequests, Self.tooMany), wait.duration)
        }
    }

    private func door(_ status: HTTPResponse.Status, _ trouble: String = "") -> Response {
        Self.page(status, StatusPage.door(isFirst: admission.takesKeyInForm, trouble: trouble))
    }

    private func refused(_ fault: Fault) -> Response {
        let response = door(HTTPResponse.Status(code: fault.code.http), fault.message)
        guard case .after(let wait) = fault.retry else { return response }
        return Self.crowded(response, wait)
    }

    private static func page(_ status: HTTPResponse.Status, _ html: String) -> Response {
        var response = Response.text(status, html, type: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] = StatusPage.policy
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// Key and password come in a form, never in an address: those are kept in logs and histories.
    private func logIn(_ request: Request, _ context: GatewayContext) async throws(Fault) -> Response {
        // Nobody is to be logged in as somebody else by a page of another site.
        try SameSite.checkOrigin(request)
        let form: LoginForm
        do { form = LoginForm(String(buffer: try await request.body.collect(upTo: LoginForm.limit))) } catch { return door(.unauthorized) }
        let (address, isSecure) = (context.address(of: request), GatewayContext.isSecure(request))
        if admission.takesKeyInForm {
            switch admission.attempt(form.key, from: address) {
            case .open: break
            case .tooMany(let wait): return Self.crowded(door(.tooManyRequests, Self.tooMany), wait.duration)
            case .wrong, .foreign: return door(.unauthorized, Self.wrongKey)
            }
            guard !form.email.isEmpty || !form.password.isEmpty else {
                return Self.opened(admission.session(with: form.key, isSecure: isSecure))
            }
            try await makeFirstOwner(form, from: address)
        }
        let wish: [String: JSONValue] = ["email": .string(form.email), "password": .string(form.password)]
        let reply = try await faults { try await logins.begin(try Self.login.decode(JSON.encode(.object(wish))), from: address) }
        guard reply.user.workspace == nil else {
            _ = try await faults { try await sessions.end(reply.session.id, of: reply.user.id) }
            return door(.forbidden, Self.foreign)
        }
        return Self.opened(SessionCookie.header(reply.token ?? "", isSecure: isSecure))
    }

    private static func opened(_ cookie: String) -> Response { Response(status: .seeOther, headers: [.location: "/", .setCookie: cookie]) }

    /// Whoever has the admin key makes the first owner of the host with it; then it opens no page any more.
    private func makeFirstOwner(_ form: LoginForm, from address: String) async throws(Fault) {
        let name = String(form.email.prefix { $0 != "@" }.prefix(128))
        let wish: [String: JSONValue] = [
            "email": .string(form.email), "password": .string(form.password), "name": .string(name), "role": "owner", "ofHost": true,
        ]
        _ = try await faults {
            try await users.create(
                try Self.owner.decode(JSON.encode(.object(wish))), workspace: "default",
                for: Applicant(address: address, email: form.email), onlyFirst: true)
        }
    }

    private static let owner = ParamsDecoder<CreateUser>()
    private static let login = ParamsDecoder<CreateSession>()

    private static let mostTokens = 4

    private func logOut(_ request: Request) async throws(Fault) -> Response {
        try SameSite.checkOrigin(request)
        // Of several, which a neighbour may have slipped in, none is left.
        for token in SessionCookie.tokens(in: request).prefix(Self.mostTokens) { try await faults { try await sessions.end(with: token) } }
        return Self.opened(SessionCookie.taken(isSecure: GatewayContext.isSecure(request)))
    }

    /// Faults as they are; what else fails is the database.
    private func faults<T: Sendable>(_ work: () async throws -> T) async throws(Fault) -> T {
        do { return try await work() } catch {
            throw error as? Fault
                ?? Fault(
                    .internal, "It could not be done, as the database does not answer: /readyz says whether it can be written.",
                    cause: error)
        }
    }
}
