import Crypto
import Foundation
import GatewayContract
import RPCContract
import Synchronization

/// What `/docs` gives: every operation for people to read, built from the contracts as `/openapi.json` is.
///
/// Nothing is loaded from anywhere, and all of it can be read without its script, which only filters.
final class ReferencePage: Sendable {
    private let table: RouteTable
    private let version: String
    private let made = Mutex<String?>(nil)

    init(_ table: RouteTable, version: String) {
        self.table = table
        self.version = version
    }

    /// Made when it is first asked for.
    func text() throws -> String {
        try made.withLock { known in
            if let known { return known }
            let text = try Self.html(table, version: version)
            known = text
            return text
        }
    }

    /// What the page may do: show itself.
    static let policy =
        "default-src 'none'; style-src '\(hash(style))'; script-src '\(hash(script))'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// Source: W3C, Content Security Policy Level 3, hash-source.
    static func hash(_ text: String) -> String { "sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())" }

    static func html(_ table: RouteTable, version: String) throws -> String {
        let groups = Dictionary(grouping: table.entries) { $0.route.path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        let names = groups.keys.sorted()
        let ordered = names.map { name in
            (
                name: name,
                entries: (groups[name] ?? []).sorted { ($0.route.path, $0.route.verb.rawValue) < ($1.route.path, $1.route.verb.rawValue) }
            )
        }
        let index = ordered.map { group in
            let links = group.entries.map { "<a href=\"#\($0.method.name.html)\">\($0.method.name.html)</a>" }
            return "<li><b>\(group.name.html)</b> \(links.joined(separator: " "))</li>"
        }
        let sections = try ordered.map { group in
            let operations = try group.entries.map { try ReferenceSection($0).html }
            return "<section class=\"group\"><h2>\(group.name.html)</h2>\(operations.joined(separator: "\n"))</section>"
        }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Linda's HTTP API \(version.html)</title><style>\(style)</style></head><body><main>
            <h1>Linda’s HTTP API <small>\(version.html)</small></h1>
            \(introduction)
            <p><label hidden>Filter <input id="filter" type="search" autocomplete="off" placeholder="campaign admin"></label></p>
            <p id="nothing" role="status" hidden>Nothing matches. Each word must be somewhere in an operation’s text: try fewer words, or shorter ones.</p>
            <nav><ul>\(index.joined(separator: "\n"))</ul></nav>
            \(sections.joined(separator: "\n"))
            <h2>Faults of every operation</h2>
            \(ReferenceSection.table(of: FaultCode.transport + FaultCode.ofKeys))
            </main><script>\(script)</script></body></html>
            """
    }

    private static let introduction = """
        <p>Show a key as <code>Authorization: Bearer KEY</code>; <code>linda keys create</code> makes one. A key of the whole host names the
        workspace in the header <code>Linda-Workspace</code>. A member marked * is required, and one that is left out is absent: its default is used,
        or what is there stays. In a query a member of an object is written <code>filter.lane=message</code>, and a list is repeated. The
        header <code>Idempotency-Key</code> stands for the member <code>requestKey</code>. A list is read on with <code>next</code> of one page
        as <code>cursor</code> of the following. A fault is a problem of RFC 9457, with <code>reason</code> for programs. Programs
        read the same in <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
        """

    private static let style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:0;background:#f6f7f8;color:#1c2227}main{max-width:1000px;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem}h1 small,h3 small{font-size:.8rem;color:#5a646d;font-weight:400}h2{font-size:1.2rem;margin:2rem 0 .5rem}
        h3{font-size:1rem;margin:0}h4{font-size:.85rem;margin:1rem 0 .25rem;color:#5a646d}[hidden]{display:none}
        article{background:#fff;border:1px solid #dfe3e6;border-radius:8px;padding:1rem;margin:1rem 0;overflow-x:auto}
        table{border-collapse:collapse;width:100%}td,th{padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top;border-top:1px solid #eceff1}
        code,pre{font:13px/1.5 ui-monospace,monospace}pre{background:#f6f7f8;padding:.75rem;border-radius:6px;overflow-x:auto}
        nav ul{padding:0;list-style:none;columns:2 26rem}nav li{break-inside:avoid}a{color:#0b57a4}nav a{margin-right:.4rem}
        input{font:inherit;padding:.4rem .6rem;width:20rem;max-width:100%}summary{cursor:pointer;margin:.5rem 0}
        """

    private static let script = """
        const box=document.getElementById('filter');box.parentElement.hidden=false;
        const all=[...document.querySelectorAll('article')].map(one=>[one,one.textContent.toLowerCase()]);
        box.addEventListener('input',()=>{const words=box.value.toLowerCase().split(' ').filter(word=>word);
        for(const [one,text] of all)one.hidden=!words.every(word=>text.includes(word));
        for(const group of document.querySelectorAll('.group'))group.hidden=!group.querySelector('article:not([hidden])');
        document.querySelector('nav').hidden=words.length>0;
        document.getElementById('nothing').hidden=all.some(([one])=>!one.hidden)});
        """
}
