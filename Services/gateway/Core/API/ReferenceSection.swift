import Foundation
import RPCContract

/// One operation on the reference page.
struct ReferenceSection {
    let html: String

    init(_ entry: RouteTable.Entry) throws { html = try Self.text(entry, entry.method) }

    private static func text<M: RPCMethod>(_ entry: RouteTable.Entry, _ method: M.Type) throws -> String {
        let (name, route, schema) = (M.name.html, entry.route, try entry.schema())
        let captures = Set(route.captures)
        let hasBody = [.post, .put, .patch].contains(route.verb)
        let example = try JSON.decode(JSONValue.self, from: JSON.encode(M.example.params)).object ?? [:]
        var parts = [
            "<article id=\"\(name)\"><h3><code>\(route.verb.rawValue) \(route.path.html)</code> <small>\(name)</small></h3>",
            "<p>\(M.summary.htmlWithCode)</p><p>\(who(route))</p>",
            fields("In the path", schema.members.filter { captures.contains($0.name) }),
            fields(hasBody ? "In the body" : "In the query", schema.members.filter { !captures.contains($0.name) }),
            "<details><summary>Example</summary><pre>\(request(route, example).html)</pre>",
            "<pre>\(try JSON.pretty(M.example.reply).html)</pre></details>",
        ]
        let reply = fields("In the answer", try Schema.reply(of: M.self).members)
        if !reply.isEmpty { parts.append("<details><summary>Answer</summary>\(reply)</details>") }
        if !M.faults.isEmpty { parts.append("<details><summary>Faults of its own</summary>\(table(of: M.faults))</details>") }
        return (parts + ["</article>"]).joined()
    }

    private static func who(_ route: HTTPRoute) -> String {
        guard !route.opensSession else { return "Anybody, without a key." }
        var text = "A key or a user of the role <code>\(route.least.rawValue)</code>\(route.least == .owner ? "" : " or a higher one")"
        if route.isForIngest { text += ", or of <code>ingest</code>" }
        if route.isOfSelf { text += ", or the user whom the path names" }
        text += route.isOfHost ? ", of the whole host." : "."
        if route.givesWithoutEnd { text += " No key may that ends by itself." }
        return route.streams ? "\(text) As it happens: for whoever accepts <code>text/event-stream</code>, or over a WebSocket." : text
    }

    private static func fields(_ title: String, _ members: [Schema.Member]) -> String {
        let rows = FieldRows(Schema(.object(members))).rows.map { row in
            "<tr><td><code>\(row.name.html)</code></td><td>\(row.bounds.htmlWithCode)</td><td>\(row.meaning.htmlWithCode)</td></tr>"
        }
        return rows.isEmpty ? "" : "<h4>\(title)</h4><table>\(rows.joined())</table>"
    }

    static func table(of codes: [FaultCode]) -> String {
        let rows = codes.sorted { ($0.http, $0.reason) < ($1.http, $1.reason) }.map { code in
            "<tr><td>\(code.http)</td><td><code>\(code.reason.html)</code></td><td>\(code.meaning.htmlWithCode)</td></tr>"
        }
        return "<table>\(rows.joined())</table>"
    }

    /// The call as a shell takes it.
    static func request(_ route: HTTPRoute, _ example: [String: JSONValue]) -> String {
        var (path, rest) = (route.path, example)
        for name in route.captures {
            path = path.replacing("{\(name)}", with: encoded(example[name]?.text ?? name))
            rest[name] = nil
        }
        let key = route.opensSession ? "" : "-H \"Authorization: Bearer $KEY\" "
        guard [.post, .put, .patch].contains(route.verb) else {
            let query = pairs(.object(rest), "").sorted().joined(separator: "&")
            let verb = route.verb == .get ? "" : "-X \(route.verb.rawValue) "
            return "curl \(verb)\(key)\"http://127.0.0.1:8080\(path)\(query.isEmpty ? "" : "?\(query)")\""
        }
        let body = (try? JSON.pretty(JSONValue.object(rest))) ?? "{}"  // a JSON value has a text
        let call = "curl -X \(route.verb.rawValue) \(key)-H \"Content-Type: application/json\" \\\n    http://127.0.0.1:8080\(path)"
        // Whoever lists processes reads their arguments.
        guard rest[Self.password] == nil else { return "\(call) -d @- <<'END'\n\(body)\nEND" }
        return "\(call) -d '\(body.replacing("'", with: "'\\''"))'"
    }

    /// The member that no argument may hold, whatever the method.
    private static let password = "password"

    private static func pairs(_ value: JSONValue, _ name: String) -> [String] {
        switch value {
        case .object(let members): members.flatMap { pairs($1, name.isEmpty ? $0 : "\(name).\($0)") }
        case .array(let items): items.flatMap { pairs($0, name) }
        case .bool(let flag): ["\(name)=\(flag)"]
        case .null: []
        case .integer, .number, .string: ["\(name)=\(encoded(value.text ?? ""))"]
        }
    }

    /// Source: RFC 3986 §2.3.
    private static func encoded(_ text: String) -> String {
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
    }
}
