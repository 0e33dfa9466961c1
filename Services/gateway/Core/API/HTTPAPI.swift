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
    let apiKeys: APIKeys
    /// By process name.
    let peers: [String: RPCClient]
    /// For pages of events, which may wait: they take no place of other calls.
    private let listing: RPCClient
    let table: RouteTable
    let codes: Problem.Codes
    private let pace: KeyPace
    private let wrongKeys = WrongKeys()
    private let clock: WallClock
    private let bodies = BodyRoom(bytes: 48 << 20)
    private let document: OpenAPIDocument
    private let page: ReferencePage
    private let stream: EventStream

    /// As large as a call may be.
    private static let bodyLimit = 8 << 20
    private static let workspaceField = HTTPField.Name("Linda-Workspace")
    private static let idempotencyField = HTTPField.Name("Idempotency-Key")
    private static let traceField = HTTPField.Name("traceparent")

    init(
        apiKeys: APIKeys, pace: KeyPace, peers: [String: RPCClient], listing: RPCClient, stream: EventStream,
        contracts: [any Contract.Type], clock: WallClock
    ) {
        self.listing = listing
        self.stream = stream
        self.apiKeys = apiKeys
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
        do throws(Fault) {
            let key = try authenticated(request, context)
            left = 0
            left = try pace.take(key.id, at: clock.now)
            answer = try await serve(request, of: key)
        } catch { answer = Problem.response(error, codes: codes) }
        // Source: RFC 6455 §4.4.
        if answer.status == .badRequest, WebSocketHandshake.isWished(request.head) {
            answer.headers.append(contentsOf: WebSocketHandshake.versions)
        }
        answer.headers.append(contentsOf: pace.fields(left: left))
        return answer
    }

    private func serve(_ request: Request, of key: APIKey) async throws(Fault) -> Response {
        let target = request.head.path ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let entry: RouteTable.Entry
        let captures: [String: String]
        // Source: RFC 9110 §9.3.2: as GET, and without the content.
        let verb = request.method == .head ? .get : HTTPRoute.Verb(rawValue: request.method.rawValue)
        switch table.match(verb, parts[0]) {
        case .found(let found, let members): (entry, captures) = (found, members)
        case .otherVerbs(let verbs):
            let allowed = verbs.map { $0 == .get ? "GET, HEAD" : $0.rawValue }.joined(separator: ", ")
            let fault = Fault(.verbNotAllowed, "\(request.method.rawValue.prefix(16)) is not taken here, but \(allowed).")
            // Source: RFC 9110 §15.5.6.
            var refusal = Problem.response(fault, codes: codes)
            refusal.headers[.allow] = allowed
            return refusal
        case .nothing: throw Fault(.routeUnknown, "There is nothing under this path; /docs and /openapi.json list what there is.")
        }
        guard key.role.may(entry.route) else {
            throw Self.tooLow(key, entry)
        }
        guard !entry.route.isOfHost || key.workspace == nil else {
            throw Fault(.workspaceForeign, "\(entry.method.name) shows what belongs to no workspace: it takes a key of the whole host.")
        }
        let room = try bodies.take(Self.length(of: request), atMost: Self.bodyLimit)
        defer { bodies.giveBack(room) }
        let params = try await params(request, entry, captures, query: parts.count == 2 ? parts[1] : "")
        let scope = KeyScope(key)
        let scoped = try scope.narrowed(params, entry)
        if entry.route.streams, request.method != .head, let form = try form(of: request) {
            return try await events(scoped, as: form, of: key, request)
        }
        guard let peer = entry.route.streams ? listing : peers[entry.process] else {
            throw Fault(.unavailable, "\(entry.process) is not known here.")
        }
        let reply = try await peer.call(entry.method.name, scoped, meta: try meta(request, key), deadline: entry.method.deadline)
        try scope.check(reply, of: entry)
        return Response.json(reply)
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
        _ params: Data, as form: EventForm, of key: APIKey, _ request: Request
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
        let workspace = try meta(request, key).workspace ?? ""
        let wish = EventLogs.Wish(workspace: workspace, types: Set(found.types ?? []))
        return try await stream.response(wish, as: form, from: try found.position, of: key.id) { [apiKeys] in apiKeys.isInForce(key.id) }
    }

    private static let eventParams = ParamsDecoder<ListEvents>()
    private static let lastEventField = HTTPField.Name("Last-Event-ID")

    private static func tooLow(_ key: APIKey, _ entry: RouteTable.Entry) -> Fault {
        let rank = entry.route.least.rawValue + (entry.route.least == .owner ? "" : " or a higher one")
        let (least, roles) = entry.route.isForIngest ? (Role.ingest.rawValue, "ingest, \(rank)") : (entry.route.least.rawValue, rank)
        return Fault(
            .roleTooLow,
            "\(entry.method.name) needs a key of the role \(roles); the key \(key.name) has the role \(key.role.rawValue). `linda keys create NAME --role \(least)` makes one that may, as does an owner's POST /v1/keys."
        )
    }

    /// How long a body will be, as far as its head tells; one that comes in chunks may have the most.
    private static func length(of request: Request) -> Int {
        if let length = request.headers[.contentLength] { return Int(length) ?? bodyLimit }
        return request.headers[.transferEncoding] == nil ? 0 : bodyLimit
    }

    private func authenticated(_ request: Request, _ context: GatewayContext) throws(Fault) -> APIKey {
        let words = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else {
            throw Fault(.keyMissing, "Show a key: `Authorization: Bearer KEY`. `linda keys create` makes one.")
        }
        let secret = words[1].trimmingCharacters(in: .whitespaces)
        guard let key = apiKeys.key(with: secret) else {
            let (address, now) = (context.address(of: request), clock.now)
            if let wait = wrongKeys.wait(address, at: now) {
                throw Fault(
                    .overloaded,
                    "From this address came \(WrongKeys.tries) different keys that are not in force; a key that is in force is taken at once.",
                    retry: .after(wait.duration))
            }
            wrongKeys.note(address, key: secret, at: now)
            throw Fault(.keyMissing, "The key is not in force: it was never given, was taken back, or has expired.")
        }
        return key
    }

    private func meta(_ request: Request, _ key: APIKey) throws(Fault) -> CallMeta {
        let asked = Self.workspaceField.flatMap { request.headers[$0] }
        if let own = key.workspace, let asked, asked != own {
            throw Fault(.workspaceForeign, "The key belongs to another workspace than the header Linda-Workspace says.")
        }
        let workspace = key.workspace ?? asked ?? "default"
        if let problem = Rule.workspace.problem(with: workspace) {
            throw Fault(.params, "The header Linda-Workspace \(problem).", path: "Linda-Workspace")
        }
        return CallMeta(
            workspace: workspace, actor: key.actor,
            traceparent: Self.traceField.flatMap { request.headers[$0] }.flatMap { $0.utf8.count <= 512 ? $0 : nil })
    }

    private func params(
        _ request: Request, _ entry: RouteTable.Entry, _ captures: [String: String], query: Substring
    ) async throws(Fault) -> Data {
        let schema: Schema
        do { schema = try entry.schema() } catch {
            throw Fault(
                .internal, "The params of \(entry.method.name) cannot be read: its examples are not true to its types.", cause: error)
        }
        var members = try RequestParams.members(captures: captures, query: query, schema: schema)
        let body: Data
        do { body = Data(try await request.body.collect(upTo: Self.bodyLimit).readableBytesView) } catch is NIOTooManyBytesError {
            throw Fault(.frame, "The body has more than \(Self.bodyLimit) bytes.", path: "body")
        } catch { throw Fault(.request, "The body did not come whole.", cause: error) }
        if let header = Self.idempotencyField.flatMap({ request.headers[$0] }) {
            guard schema.members.contains(where: { $0.name == "requestKey" }) else {
                throw Fault(
                    .params,
                    "The header Idempotency-Key is \"\(String(header.prefix(40)))\", and \(entry.method.name) takes none: the same call has its effect once anyway.",
                    path: "Idempotency-Key")
            }
            members["requestKey"] = .string(header)
        }
        return try RequestParams.json(
            members, body: body, isKeyed: schema.members.contains { $0.name == "requestKey" && $0.isRequired })
    }
}

extension APIKey {
    /// The asker's name as processes are told it, in one line: a key may have been named before names were checked.
    var actor: String { "key:\(name.plain)" }
}

extension Response {
    /// An answer that is never kept on the way: it is for the holder of a key only.
    fileprivate static func json(_ data: Data) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json", .xContentTypeOptions: "nosniff", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}
