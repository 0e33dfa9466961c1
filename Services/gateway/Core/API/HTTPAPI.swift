import Foundation
import GatewayContract
import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract
import RPCTransport
import Vocabulary

/// Every method that has a route, over HTTP: checks who asks, hands the call to the process that owns the method, gives its answer.
///
/// No method is named here. What one may be asked, and by whom, stands in its contract.
struct HTTPAPI: Sendable {
    let askers: Askers
    /// By process name.
    let peers: [String: RPCClient]
    /// For pages of events, which may wait: they take no place of other calls.
    private let listing: RPCClient
    let table: RouteTable
    let codes: Problem.Codes
    private let pace: KeyPace
    private let clock: WallClock
    private let bodies = BodyRoom(bytes: 48 << 20)
    /// Of whoever shows no key: what they take, nobody lacks who shows one.
    private let loginBodies = BodyRoom(bytes: 16 << 20)
    private let document: OpenAPIDocument
    private let page: ReferencePage
    private let stream: EventStream

    /// As large as a call may be.
    private static let bodyLimit = 8 << 20
    private static let workspaceField = HTTPField.Name("Linda-Workspace")
    private static let idempotencyField = HTTPField.Name("Idempotency-Key")
    private static let traceField = HTTPField.Name("traceparent")

    init(
        askers: Askers, pace: KeyPace, peers: [String: RPCClient], listing: RPCClient, stream: EventStream,
        contracts: [any Contract.Type], clock: WallClock
    ) {
        self.listing = listing
        self.stream = stream
        self.askers = askers
        self.pace = pace
        self.peers = peers
        self.clock = clock
        table = RouteTable(contracts)
        codes = Problem.Codes(contracts)
        document = OpenAPIDocument(table, version: GatewayContract.version)
        page = ReferencePage(table, version: GatewayContract.version)
    }

    func add(to router: Router<GatewayContext>) {
        router.add(middleware: EveryVerb(api: self))
        // The document is no secret; the data behind it takes a key.
        router.get("openapi.json") { _, _ in
            do { return Response.json(try document.text()) } catch {
                return Problem.response(Fault(.internal, "The contracts cannot be described.", cause: error), codes: codes)
            }
        }
        router.get("docs") { _, _ in
            do {
                var response = Response.text(.ok, try page.text(), type: "text/html; charset=utf-8")
                response.headers[.contentSecurityPolicy] = ReferencePage.policy
                return response
            } catch {
                return Problem.response(Fault(.internal, "The contracts cannot be described.", cause: error), codes: codes)
            }
        }
    }

    /// Every path under `/v1` with any verb: an unknown verb is refused like one that is not taken.
    private struct EveryVerb: RouterMiddleware {
        let api: HTTPAPI

        func handle(
            _ request: Request, context: GatewayContext, next: (Request, GatewayContext) async throws -> Response
        ) async throws -> Response {
            guard request.uri.path.hasPrefix("/v1/") || request.uri.path == "/v1" else { return try await next(request, context) }
            let answer = await api.answer(request, context)
            return request.method == .head ? answer.createHeadResponse() : answer
        }
    }

    private func answer(_ request: Request, _ context: GatewayContext) async -> Response {
        var left: Int?
        var answer: Response
        let target = Target(request, in: table)
        do throws(Fault) {
            let asker = try asker(of: request, target, from: context.address(of: request))
            if let id = asker.id {
                left = 0
                left = try pace.take(id, at: clock.now)
            }
            answer = try await serve(request, target, of: asker)
            // Who has logged out by it, or has another password now.
            if asker.isBrowser, !askers.isInForce(asker) {
                answer.headers[.setCookie] = SessionCookie.taken(isSecure: GatewayContext.isSecure(request))
            }
        } catch { answer = Problem.response(error, codes: codes) }
        // Source: RFC 6455 §4.4.
        if answer.status == .badRequest, WebSocketHandshake.isWished(request.head) {
            answer.headers.append(contentsOf: WebSocketHandshake.versions)
        }
        answer.headers.append(contentsOf: pace.fields(left: left))
        return answer
    }

    /// What a request is for, by its path and its verb.
    private struct Target {
        let match: RouteTable.Match
        let query: Substring

        init(_ request: Request, in table: RouteTable) {
            let parts = (request.head.path ?? "/").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            // Source: RFC 9110 §9.3.2: as GET, and without the content.
            let verb = request.method == .head ? .get : HTTPRoute.Verb(rawValue: request.method.rawValue)
            match = table.match(verb, parts[0])
            query = parts.count == 2 ? parts[1] : ""
        }
    }

    private func asker(of request: Request, _ target: Target, from address: String) throws(Fault) -> Asker {
        guard case .found(let entry, _) = target.match, entry.route.opensSession else {
            return try askers.asker(of: request, from: address)
        }
        // A key or a session that is over keeps nobody from logging in.
        return .anybody(from: address)
    }

    private func serve(_ request: Request, _ target: Target, of asker: Asker) async throws(Fault) -> Response {
        let entry: RouteTable.Entry
        let captures: [String: String]
        switch target.match {
        case .found(let found, let members): (entry, captures) = (found, asker.named(members, in: found.route))
        case .otherVerbs(let verbs):
            let allowed = verbs.map { $0 == .get ? "GET, HEAD" : $0.rawValue }.joined(separator: ", ")
            let fault = Fault(.verbNotAllowed, "\(request.method.rawValue.prefix(16)) is not taken here, but \(allowed).")
            // Source: RFC 9110 §15.5.6.
            var refusal = Problem.response(fault, codes: codes)
            refusal.headers[.allow] = allowed
            return refusal
        case .nothing: throw Fault(.routeUnknown, "There is nothing under this path; /docs and /openapi.json list what there is.")
        }
        guard asker.may(entry.route, captures) else { throw asker.tooLow(entry) }
        guard !entry.route.isOfHost || asker.isOfHost else {
            throw Fault(
                .workspaceForeign,
                "\(entry.method.name) shows what belongs to no workspace: it takes a key or a user of the whole host.")
        }
        let (bodies, limit) = entry.route.opensSession ? (loginBodies, LoginForm.limit) : (bodies, Self.bodyLimit)
        let room = try bodies.take(Self.length(of: request), atMost: limit)
        defer { bodies.giveBack(room) }
        let body = try await Self.body(of: request, atMost: limit)
        let params = try params(request, entry, captures, query: target.query, body: body)
        let scope = KeyScope(asker)
        let scoped = try scope.narrowed(params, entry)
        if entry.route.streams, request.method != .head, let form = try form(of: request) {
            return try await events(scoped, as: form, of: asker, request)
        }
        let opened = entry.route.opensSession ? try OpenedSession(scoped, request) : nil
        guard let peer = entry.route.streams ? listing : peers[entry.process] else {
            throw Fault(.unavailable, "\(entry.process) is not known here.")
        }
        let reply = try await peer.call(entry.method.name, scoped, meta: try meta(request, asker), deadline: entry.method.deadline)
        try scope.check(reply, of: entry)
        return try opened?.response(reply) ?? Response.json(reply)
    }

    /// How a client wishes to hear of what happens as it happens; nil where it asks for a page.
    private func form(of request: Request) throws(Fault) -> EventForm? {
        guard !WebSocketHandshake.isWished(request.head) else {
            do throws(WebSocketHandshake.Flaw) { return .messages(try WebSocketHandshake.fields(answering: request.head)) } catch {
                throw Fault(.request, error.message)
            }
        }
        return request.headers[values: .accept].contains { $0.contains("text/event-stream") } ? .lines : nil
    }

    /// What happens, as it happens, until the client goes or its key ends.
    private func events(
        _ params: Data, as form: EventForm, of asker: Asker, _ request: Request
    ) async throws(Fault) -> Response {
        var wanted = params
        // A browser comes again with the last event that it had.
        if let last = Self.lastEventField.flatMap({ request.headers[$0] }), !last.isEmpty,
            let value = try? JSON.decode(JSONValue.self, from: params), case .object(var members) = value  // it is: it was narrowed
        {
            members["cursor"] = .string(last)
            members["atEnd"] = nil
            wanted = JSON.encode(.object(members))
        }
        let found: ListEvents.Params
        do { found = try Self.eventParams.decode(wanted) } catch {
            throw error as? Fault ?? Fault(.internal, "The params cannot be read.", cause: error)
        }
        try EventTypes.check(found.types)
        let workspace = try meta(request, asker).workspace ?? ""
        let wish = EventLogs.Wish(workspace: workspace, types: Set(found.types ?? []))
        return try await stream.response(wish, as: form, from: try found.position, of: asker.id ?? "") { [askers] in
            askers.isInForce(asker)
        }
    }

    private static let eventParams = ParamsDecoder<ListEvents>()
    private static let lastEventField = HTTPField.Name("Last-Event-ID")

    /// How long a body will be, as far as its head tells; one that comes in chunks may have the most.
    private static func length(of request: Request) -> Int {
        if let length = request.headers[.contentLength] { return Int(length) ?? bodyLimit }
        return request.headers[.transferEncoding] == nil ? 0 : bodyLimit
    }

    private func meta(_ request: Request, _ asker: Asker) throws(Fault) -> CallMeta {
        let asked = Self.workspaceField.flatMap { request.headers[$0] }
        if let own = asker.workspace, let asked, asked != own {
            throw Fault(.workspaceForeign, "The key or the user belongs to another workspace than the header Linda-Workspace says.")
        }
        let workspace = asker.workspace ?? asked ?? "default"
        if let problem = Rule.workspace.problem(with: workspace) {
            throw Fault(.params, "The header Linda-Workspace \(problem).", path: "Linda-Workspace")
        }
        return CallMeta(
            workspace: workspace, actor: asker.actor,
            traceparent: Self.traceField.flatMap { request.headers[$0] }.flatMap { $0.utf8.count <= 512 ? $0 : nil })
    }

    private static func body(of request: Request, atMost limit: Int) async throws(Fault) -> Data {
        do { return Data(try await request.body.collect(upTo: limit).readableBytesView) } catch is NIOTooManyBytesError {
            throw Fault(.frame, "The body has more than \(limit) bytes.", path: "body")
        } catch { throw Fault(.request, "The body did not come whole.", cause: error) }
    }

    private func params(
        _ request: Request, _ entry: RouteTable.Entry, _ captures: [String: String], query: Substring, body: Data
    ) throws(Fault) -> Data {
        let schema: Schema
        do { schema = try entry.schema() } catch {
            throw Fault(
                .internal, "The params of \(entry.method.name) cannot be read: its examples are not true to its types.", cause: error)
        }
        var members = try RequestParams.members(captures: captures, query: query, schema: schema)
        if let header = Self.idempotencyField.flatMap({ request.headers[$0] }) {
            guard schema.members.contains(where: { $0.name == "requestKey" }) else {
                throw Fault(
                    .params,
                    "The header Idempotency-Key is \"\(String(header.prefix(40)))\", and \(entry.method.name) takes none; leave the header out.",
                    path: "Idempotency-Key")
            }
            members["requestKey"] = .string(header)
        }
        return try RequestParams.json(
            members, body: body, isKeyed: schema.members.contains { $0.name == "requestKey" && $0.isRequired })
    }
}

extension Response {
    /// An answer that is never kept on the way: it is for the holder of a key only.
    static func json(_ data: Data) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json", .xContentTypeOptions: "nosniff", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}
