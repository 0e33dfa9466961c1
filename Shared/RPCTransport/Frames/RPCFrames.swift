import Foundation
import NIOCore
import RPCContract

/// The JSON texts of JSON-RPC 2.0, written and taken apart.
enum RPCFrames {
    static func result(id: Data, _ result: Data) -> Data {
        var frame = Data(capacity: id.count + result.count + 40)
        frame.append(contentsOf: #"{"jsonrpc":"2.0","id":"#.utf8)
        frame.append(id)
        frame.append(contentsOf: #","result":"#.utf8)
        frame.append(result)
        frame.append(contentsOf: "}".utf8)
        return frame
    }

    static func error(id: Data, _ fault: Fault) -> Data {
        let body = JSON.encode(fault.json)
        var frame = Data(capacity: id.count + body.count + 40)
        frame.append(contentsOf: #"{"jsonrpc":"2.0","id":"#.utf8)
        frame.append(id)
        frame.append(contentsOf: #","error":"#.utf8)
        frame.append(body)
        frame.append(contentsOf: "}".utf8)
        return frame
    }

    static func notification(method: String, params: Data) -> Data {
        var frame = Data(#"{"jsonrpc":"2.0","method":""#.utf8)
        frame.append(contentsOf: method.utf8)
        frame.append(contentsOf: #"","params":"#.utf8)
        frame.append(params)
        frame.append(contentsOf: "}".utf8)
        return frame
    }

    /// Puts `_meta` into the encoded params, which must be an object.
    static func request(id: String?, method: String, params: Data, meta: Data) -> Data {
        var frame = Data(capacity: params.count + meta.count + method.utf8.count + 120)
        frame.append(contentsOf: #"{"jsonrpc":"2.0","#.utf8)
        if let id {
            frame.append(contentsOf: #""id":""#.utf8)
            frame.append(contentsOf: id.utf8)
            frame.append(contentsOf: #"","#.utf8)
        }
        frame.append(contentsOf: #""method":""#.utf8)
        frame.append(contentsOf: method.utf8)
        frame.append(contentsOf: #"","params":"#.utf8)
        frame.append(params.dropLast())
        if params.count > 2 { frame.append(0x2C) }
        frame.append(contentsOf: #""_meta":"#.utf8)
        frame.append(meta)
        frame.append(contentsOf: "}}".utf8)
        return frame
    }

    static let nullID = Data("null".utf8)
    static let emptyParams = Data("{}".utf8)
}

/// One request or notification, its params still undecoded.
struct RPCRequest {
    /// Raw JSON of the id; absent in a notification.
    var id: Data?
    var method: String
    var params: Data
    var meta: CallMeta

    /// The id as one text, for nesting and logs.
    var idText: String {
        guard let id else { return "notification" }
        return String(decoding: id.first == 0x22 ? id.dropFirst().dropLast() : id, as: UTF8.self)
    }

    init(_ data: Data) throws(RPCFailure) {
        let members: JSONMembers
        do { members = try JSONMembers(object: data) } catch {
            // Tell broken JSON from JSON that is no request, as the specification asks.
            let isJSON = (try? JSON.decode(JSONValue.self, from: data)) != nil
            throw RPCFailure(
                id: RPCFrames.nullID,
                isJSON
                    ? Fault(.request, "A request is a JSON object with jsonrpc, method and params.")
                    : Fault(.parse, "The frame is not valid JSON; one compact JSON object per line is expected.")
            )
        }
        let id = members["id"]
        let replyID = id.flatMap { Self.isID($0) ? $0 : nil } ?? RPCFrames.nullID
        func invalid(_ message: String) -> RPCFailure { RPCFailure(id: replyID, Fault(.request, message)) }
        guard members["jsonrpc"].map({ $0.elementsEqual(#""2.0""#.utf8) }) == true else {
            throw (try? JSON.decode(JSONValue.self, from: data)) == nil
                ? RPCFailure(id: RPCFrames.nullID, Fault(.parse, "The frame is not valid JSON."))
                : invalid(#"jsonrpc must be "2.0"."#)
        }
        if let id, !Self.isID(id) { throw invalid("id must be a string, a number or null.") }
        guard let method = members["method"].flatMap(Self.string) else {
            throw invalid("method must be a string.")
        }
        self.id = id
        self.method = method
        params = members["params"] ?? RPCFrames.emptyParams
        guard params.first == 0x7B else {
            if params.first == 0x5B, (try? JSON.decode(JSONValue.self, from: params)) != nil {
                throw RPCFailure(id: replyID, Fault(.params, "Params are given by name, as an object."))
            }
            throw invalid("params must be an object.")
        }
        do {
            meta = try JSONMembers(object: params)["_meta"].map { try CallMeta(json: $0) } ?? CallMeta()
        } catch let violation as Violation {
            throw RPCFailure(id: replyID, violation.inside("_meta").fault)
        } catch let error as DecodingError {
            let (path, problem) = error.place
            let place = path.isEmpty ? "_meta" : "_meta.\(path)"
            throw RPCFailure(id: replyID, Fault(.params, "\(place) \(problem).", path: place))
        } catch let error as NotJSON {
            throw RPCFailure(id: replyID, error.inside("_meta").fault)
        } catch {
            throw RPCFailure(id: RPCFrames.nullID, Fault(.parse, "The frame is not valid JSON."))
        }
    }

    /// A JSON string; one without escapes is taken as it stands, which spares a decoder.
    private static func string(_ data: Data) -> String? {
        guard data.count >= 2, data.first == 0x22 else { return nil }
        let inner = data.dropFirst().dropLast()
        guard inner.allSatisfy({ $0 >= 0x20 && $0 != 0x5C && $0 < 0x80 }) else { return try? JSON.decode(String.self, from: data) }
        return String(decoding: inner, as: UTF8.self)
    }

    private static func isID(_ data: Data) -> Bool {
        switch data.first {
        case 0x22: string(data) != nil
        case .some(0x2D), .some(0x30...0x39): true
        default: data.elementsEqual("null".utf8)
        }
    }
}

/// A request that cannot be served, and the id under which to say so.
struct RPCFailure: Error {
    var id: Data
    var fault: Fault

    init(id: Data, _ fault: Fault) {
        self.id = id
        self.fault = fault
    }
}
