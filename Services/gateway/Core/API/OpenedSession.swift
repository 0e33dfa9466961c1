import Foundation
import GatewayContract
import HTTPTypes
import Hummingbird
import RPCContract

/// How whoever logs in wishes to have the token: in the answer, or as a cookie that no script can read.
struct OpenedSession {
    private let isCookie: Bool
    private let isSecure: Bool

    /// - Throws: where a cookie is asked for by a request that another site may have made: it would log the browser in as somebody else.
    init(_ params: Data, _ request: Request) throws(Fault) {
        let asked = (try? JSONMembers(object: params))?["asCookie"]  // what is no object the method refuses
        isCookie = asked == Data("true".utf8)
        isSecure = GatewayContext.isSecure(request)
        if isCookie { try SameSite.check(request) }
    }

    func response(_ reply: Data) throws(Fault) -> Response {
        guard isCookie else { return .json(reply) }
        do {
            var opened = try JSON.decode(CreateSession.Reply.self, from: reply)
            let token = opened.token ?? ""
            opened.token = nil
            var response = Response.json(try JSON.encode(opened))
            response.headers[.setCookie] = SessionCookie.header(token, isSecure: isSecure)
            return response
        } catch { throw Fault(.internal, "The session that was opened cannot be read.", cause: error) }
    }
}
