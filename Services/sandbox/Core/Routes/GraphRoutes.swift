import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract
import ServiceKit
import Vocabulary

/// Meta's Graph API as the sandbox speaks it.
struct GraphRoutes: Sendable {
    let world: MetaWorld
    let token: @Sendable () -> Secret
    /// Whether a text is the token that counts next: whoever has it sends it a moment before it does here.
    var isNext: @Sendable (String) -> Bool = { _ in false }
    /// What the ids of traces are drawn from.
    let chance: Chance

    /// With a version in the path and without, where Meta takes the app's own.
    func add(to router: Router<BasicRequestContext>) {
        router.middlewares.add(
            UnknownPaths { request in
                await tokenProblem(request)
                    ?? refuse(
                        MetaError(
                            code: 2500,
                            details: "Unknown path components: \(request.uri.path). The sandbox does not play this part of Meta."))
            })
        for base in [":version/:id", ":version"] { add(to: router, base) }
        router.get("media/:id") { request, context in await download(request, context) }
    }

    private func add(to router: Router<BasicRequestContext>, _ base: String) {
        for edge in ["messages", "marketing_messages"] {
            router.post(RouterPath("\(base)/\(edge)")) { request, context in
                await answer(request, context, as: .messaging) { world, id, body in world.send(body, from: PhoneNumberID(id), edge: edge) }
            }
        }
        for step in ["request_code", "verify_code", "register", "deregister"] {
            router.post(RouterPath("\(base)/\(step)")) { request, context in
                await answer(request, context) { world, id, body in world.link(step, body, PhoneNumberID(id)) }
            }
        }
        router.post(RouterPath("\(base)/message_templates")) { request, context in
            await answer(request, context) { world, id, body in
                guard world.account(WABAID(id)) != nil else { return .refused(.noObject(id)) }
                do throws(MetaError) { return .ok(try world.createTemplate(body, in: WABAID(id))) } catch { return .refused(error) }
            }
        }
        router.get(RouterPath("\(base)/message_templates")) { request, context in
            await read(request, context) { world, id in world.templates(of: WABAID(id)) }
        }
        router.get(RouterPath("\(base)/phone_numbers")) { request, context in
            await read(request, context) { world, id in world.numbers(of: WABAID(id)) }
        }
        router.get(RouterPath(base)) { request, context in
            await read(request, context) { world, id in
                world.number(PhoneNumberID(id)) ?? world.account(WABAID(id)) ?? world.mediaDetails(id) ?? world.template(id)
            }
        }
        router.delete(RouterPath(base)) { request, context in
            await read(request, context) { world, id in world.removeMedia(id) }
        }
        router.delete(RouterPath("\(base)/message_templates")) { request, context in
            let name = request.uri.queryParameters["name"].map(String.init) ?? ""
            return await read(request, context) { world, id in world.deleteTemplates(name, in: WABAID(id)) }
        }
        router.post(RouterPath("\(base)/media")) { request, context in await upload(request, context) }
    }

    /// Without a version the id stands in its place.
    private static func id(_ context: BasicRequestContext) -> String {
        context.parameters.get("id") ?? context.parameters.get("version") ?? ""
    }

    private func read(_ request: Request, _ context: BasicRequestContext, _ find: @Sendable (isolated MetaWorld, String) -> JSONValue?)
        async -> Response
    {
        if let refusal = await tokenProblem(request) { return refusal }
        let id = Self.id(context)
        let (outcome, usage) = await world.call(.management, id) { world in
            find(world, id).map { .ok($0) } ?? .refused(.noObject(id))
        }
        return respond(outcome, usage)
    }

    private func answer(
        _ request: Request,
        _ context: BasicRequestContext,
        as kind: MetaWorld.CallKind = .management,
        _ act: @Sendable (isolated MetaWorld, String, JSONValue) -> MetaWorld.Answer
    ) async -> Response {
        if let refusal = await tokenProblem(request) { return refusal }
        let bytes: ByteBuffer
        do { bytes = try await request.body.collect(upTo: 1 << 20) } catch {
            return refuse(MetaError(code: 100, details: "The body could not be read or has more than 1 MiB."))
        }
        let body: JSONValue
        do {
            let data = bytes.withUnsafeReadableBytes { Data($0) }
            let isForm = request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true
            // Some edges take a request without a body; what stands in a query or a form counts as much as JSON.
            let given = data.isEmpty || isForm ? .object([:]) : try JSON.decode(JSONValue.self, from: data)
            body = GraphBody.merged(given, query: request.uri.query ?? "", form: isForm ? String(decoding: data, as: UTF8.self) : "")
        } catch {
            return refuse(MetaError(code: 100, details: "The body is \(error)."))
        }
        let id = Self.id(context)
        let (outcome, usage) = await world.call(kind, id) { world in act(world, id, body) }
        return respond(outcome, usage)
    }

    private func upload(_ request: Request, _ context: BasicRequestContext) async -> Response {
        if let refusal = await tokenProblem(request) { return refusal }
        let form: MultipartForm?
        do {
            let bytes = try await request.body.collect(upTo: 17 << 20)
            form = MultipartForm(Data(bytes.readableBytesView), contentType: request.headers[.contentType] ?? "")
        } catch {
            return refuse(MetaError(code: 100, details: "The body could not be read or has more than 17 MiB."))
        }
        guard let form else { return refuse(MetaError(code: 100, details: "The body is not multipart/form-data.")) }
        let id = Self.id(context)
        let (outcome, usage) = await world.call(.management, id) { world in world.upload(form, to: PhoneNumberID(id)) }
        return respond(outcome, usage)
    }

    /// Meta gives files to who has the token only, even at an address that it has told.
    private func download(_ request: Request, _ context: BasicRequestContext) async -> Response {
        if let refusal = await tokenProblem(request) { return refusal }
        let parameters = request.uri.queryParameters
        let id = context.parameters.get("id") ?? ""
        let file = await world.download(
            id, until: parameters["until"].map(String.init) ?? "", sign: parameters["sign"].map(String.init) ?? "")
        guard let file else { return refuse(.noObject(id)) }
        return Response(
            status: .ok, headers: [.contentType: file.mimeType], body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.data)))
    }

    private func respond(_ answer: MetaWorld.Answer, _ usage: String) -> Response {
        switch answer {
        case .ok(let value): return respond(.ok, value, usage: usage)
        case .refused(let error), .ambiguous(let error): return respond(error.status, error.body(trace: trace()), usage: usage)
        case .lost:
            // The head promises a body that never comes.
            return Response(status: .ok, headers: [.contentLength: "100"], body: ResponseBody { _ in throw CancellationError() })
        }
    }

    private func tokenProblem(_ request: Request) async -> Response? {
        if await world.faults.isTokenExpired {
            return refuse(MetaError(code: 190, details: "Error validating access token: it has expired."))
        }
        // The scheme's case does not matter (RFC 9110, 11.1); Meta takes the token as a parameter, too.
        let words = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        let given = words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : nil
        let text = given ?? request.uri.queryParameters["access_token"].map(String.init) ?? ""
        guard text != token().reveal(), !isNext(text) else { return nil }
        return refuse(MetaError(code: 190, details: "Invalid OAuth access token."))
    }

    private func refuse(_ error: MetaError) -> Response { respond(error.status, error.body(trace: trace())) }

    private func trace() -> String { "A" + String(chance.next(), radix: 36) }

    private func respond(_ status: HTTPResponse.Status, _ value: JSONValue, usage: String? = nil) -> Response {
        var headers: HTTPFields = [.contentType: "application/json; charset=UTF-8"]
        for (name, text) in [("facebook-api-version", "v24.0"), ("x-fb-trace-id", trace()), ("x-business-use-case-usage", usage)] {
            if let name = HTTPField.Name(name), let text { headers[name] = text }
        }
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: JSON.text(value))))
    }
}

/// Answers what no route is for as Meta does.
private struct UnknownPaths: RouterMiddleware {
    let answer: @Sendable (Request) async -> Response

    func handle(
        _ request: Request, context: BasicRequestContext, next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let error as HTTPError where error.status == .notFound {
            return await answer(request)
        }
    }
}
