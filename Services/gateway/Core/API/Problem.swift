import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract

/// A fault as whoever calls over HTTP reads it.
///
/// Source: RFC 9457, problem details.
struct Problem {
    /// Every code with its status: over a socket only number and reason come along.
    struct Codes: Sendable {
        private let byNumber: [Int: FaultCode]

        init(_ contracts: [any Contract.Type]) {
            let codes = FaultCode.transport + contracts.flatMap { contract in contract.allMethods.flatMap { $0.faults } }
            byNumber = Dictionary(codes.map { ($0.number, $0) }) { first, _ in first }
        }

        func known(_ code: FaultCode) -> FaultCode { byNumber[code.number] ?? code }
    }

    static func response(_ fault: Fault, codes: Codes) -> Response {
        let code = codes.known(fault.code)
        var members: [String: JSONValue] = [
            "type": .string("urn:linda:fault:\(code.reason)"), "title": .string(code.meaning), "status": .integer(Int64(code.http)),
            "detail": .string(fault.message), "code": .integer(Int64(code.number)), "reason": .string(code.reason),
        ]
        if let path = fault.path { members["path"] = .string(path) }
        for (name, value) in fault.json["data"]?.object ?? [:] where ["retry", "retryAfterMs", "upstream"].contains(name) {
            members[name] = value
        }
        var headers: HTTPFields = [.contentType: "application/problem+json", .xContentTypeOptions: "nosniff", .cacheControl: "no-store"]
        if case .after(let pause) = fault.retry { headers[.retryAfter] = "\(max(1, (pause.milliseconds + 999) / 1000))" }
        if code.http == 401 { headers[.wwwAuthenticate] = "Bearer" }
        return Response(
            status: HTTPResponse.Status(code: code.http), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSON.encode(.object(members), sorted: true))))
    }
}
