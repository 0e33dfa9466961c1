import Foundation
import RPCContract

/// A method's params out of a request's path, query and body; what is wrong with a value the method itself says.
enum RequestParams {
    /// The members that stand in the path and in the query.
    ///
    /// A member of an object is written `filter.lane=message`; a list is repeated, `types=a&types=b`.
    ///
    /// - Throws: where the query cannot be read, or gives a member twice.
    static func members(captures: [String: String], query: Substring, schema: Schema) throws(Fault) -> [String: JSONValue] {
        var given: [String: [String]] = captures.mapValues { [$0] }
        var order: [String] = Array(captures.keys)
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(parts[0]), let text = parts.count == 2 ? decoded(parts[1]) : "" else {
                let shown = String(parts[0].prefix(64))
                throw Fault(
                    .params, "The query's \(shown) is \"\(parts.last?.prefix(64) ?? "")\", which is not percent-encoded UTF-8.", path: shown
                )
            }
            let path = name.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
            guard !path.contains(""), path[0] != "_meta" else {
                throw Fault(.params, "The query names no member of the params: \(name.prefix(64)).", path: String(name.prefix(64)))
            }
            guard captures[String(path[0])] == nil else {
                throw Fault(.params, "\(name.prefix(64)) stands in the path already.", path: String(name.prefix(64)))
            }
            if given[name] == nil { order.append(name) }
            given[name, default: []].append(text)
        }
        var members: [String: JSONValue] = [:]
        for name in order { try put(given[name] ?? [], at: name.split(separator: ".", maxSplits: 4)[...], name, schema, into: &members) }
        return members
    }

    private static func put(
        _ texts: [String], at path: ArraySlice<Substring>, _ name: String, _ schema: Schema, into members: inout [String: JSONValue]
    ) throws(Fault) {
        guard let first = path.first.map(String.init) else { return }
        let member = schema.members.first { $0.name == first }?.schema
        guard path.count > 1 else {
            guard members[first] == nil else { throw Fault(.params, "\(first.prefix(64)) is given as a value and in parts.", path: first) }
            members[first] = try value(texts, member, name)
            return
        }
        guard members[first] == nil || members[first]?.object != nil else {
            throw Fault(.params, "\(first.prefix(64)) is given as a value and in parts.", path: first)
        }
        var inner = members[first]?.object ?? [:]
        try put(texts, at: path.dropFirst(), name, member ?? Schema(.any), into: &inner)
        members[first] = .object(inner)
    }

    private static func value(_ texts: [String], _ schema: Schema?, _ name: String) throws(Fault) -> JSONValue {
        if case .list(_, let item) = schema?.kind { return .array(texts.map { one($0, item) }) }
        guard texts.count <= 1 else {
            throw Fault(.params, "\(name.prefix(64)) is given \(texts.count) times.", path: String(name.prefix(64)))
        }
        return one(texts.first ?? "", schema)
    }

    /// A text that is no number where one is wanted stays a text, and is refused as one.
    private static func one(_ text: String, _ schema: Schema?) -> JSONValue {
        switch schema?.kind {
        case .whole: Int64(text).map { .integer($0) } ?? .string(text)
        case .number: Double(text).flatMap { $0.isFinite ? .number($0) : nil } ?? .string(text)
        case .flag: text == "true" ? true : text == "false" ? false : .string(text)
        default: .string(text)
        }
    }

    private static func decoded(_ text: Substring) -> String? {
        let spaced = String(text.replacing("+", with: " "))
        return spaced.contains("%") ? spaced.removingPercentEncoding : spaced
    }

    /// No params of ours are nested as deep, and a call has its own levels around them.
    private static let depthLimit = 64

    private static func isDeep(_ body: Data) -> Bool {
        var (depth, isText, isEscaped) = (0, false, false)
        for byte in body {
            if isEscaped {
                isEscaped = false
            } else if isText {
                if byte == 0x5C { isEscaped = true } else if byte == 0x22 { isText = false }
            } else if byte == 0x22 {
                isText = true
            } else if byte == 0x7B || byte == 0x5B {
                depth += 1
                if depth > depthLimit { return true }
            } else if byte == 0x7D || byte == 0x5D {
                depth -= 1
            }
        }
        return false
    }

    /// The whole params: the members that are known already, and those of the body as they came.
    ///
    /// - Parameter isKeyed: whether the method needs the key under which it has its effect once.
    /// - Throws: where the body is no JSON object, gives a member twice, or one that only the gateway gives; and without the key.
    static func json(_ members: [String: JSONValue], body: Data, isKeyed: Bool = false) throws(Fault) -> Data {
        var json = JSON.encode(.object(members))
        guard !body.isEmpty else {
            try checkKey(Set(members.keys), isKeyed)
            return json
        }
        guard !isDeep(body) else { throw Fault(.parse, "The body is nested deeper than \(depthLimit) levels.", path: "body") }
        let found: JSONMembers
        do { found = try JSONMembers(object: body) } catch {
            throw Fault(.parse, "The body is not one JSON object.", path: "body")
        }
        var names = Set(members.keys)
        json.removeLast()
        for (key, value) in found.members {
            // A letter may be written as an escape; it is the same name.
            let name = key.contains("\\") ? (try? JSON.decode(String.self, from: "\"\(key)\"")) ?? key : key  // it is a string
            guard name != "_meta" else { throw Fault(.params, "_meta is not given by callers over HTTP.", path: "_meta") }
            guard names.insert(name).inserted else {
                throw Fault(.params, "\(name.prefix(64)) is given twice.", path: String(name.prefix(64)))
            }
            if json.count > 1 { json.append(0x2C) }
            json.append(0x22)
            json.append(contentsOf: key.utf8)
            json.append(contentsOf: [0x22, 0x3A])
            // A call is one line. Within texts there is no line break, as they would be no JSON with one.
            json.append(contentsOf: value.lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
        }
        try checkKey(names, isKeyed)
        json.append(0x7D)
        return json
    }

    /// Callers over HTTP give the key in a header, so they are told of that.
    private static func checkKey(_ names: Set<String>, _ isKeyed: Bool) throws(Fault) {
        guard isKeyed, !names.contains("requestKey") else { return }
        throw Fault(
            .params,
            "The header Idempotency-Key is missing: give each new request a key of its own, and the same key again when you repeat it, such as `Idempotency-Key: order-4711`. The member requestKey of the body is the same.",
            path: "requestKey")
    }
}
