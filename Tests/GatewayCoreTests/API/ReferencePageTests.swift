import AccountContract
import Foundation
import GatewayContract
import IntelligenceContract
import RPCContract
import TemplateContract
import Testing

@testable import GatewayCore

/// The reference for people.
@Suite struct ReferencePageTests {
    private let table = RouteTable([GatewayContract.self, AccountContract.self, IntelligenceContract.self, TemplateContract.self])

    /// The tags of a page in their order, with what stands between `<` and `>`.
    private func tags(_ html: String) -> [Substring] {
        html.split(separator: "<", omittingEmptySubsequences: false).dropFirst().map { $0.prefix { $0 != ">" } }
    }

    @Test func everyOperationIsThereWithAllThatIsKnownOfIt() throws {
        let page = ReferencePage(table, version: "1.2.3")
        let html = try page.text()
        #expect(try page.text() == html && html.contains("1.2.3"))
        #expect(table.entries.count > 50)
        let articles = html.components(separatedBy: "<article id=\"").dropFirst().map { $0.components(separatedBy: "</article>")[0] }
        let named = Dictionary(grouping: articles) { String($0.prefix { $0 != "\"" }) }
        let links = Set(html.components(separatedBy: "href=\"#").dropFirst().map { String($0.prefix { $0 != "\"" }) })
        for entry in table.entries {
            let name = entry.method.name
            let article = try #require(named[name]?.first, "\(name)")
            #expect(named[name]?.count == 1 && links.contains(name), "\(name)")
            #expect(article.contains("<code>\(entry.route.verb.rawValue) \(entry.route.path.html)</code>"), "\(name)")
            let who = entry.route.opensSession ? "Anybody, without a key." : "<code>\(entry.route.least.rawValue)</code>"
            #expect(article.contains(who) && article.contains("$KEY") != entry.route.opensSession, "\(name)")
            #expect(article.contains("or the user whom the path names") == entry.route.isOfSelf, "\(name)")
            #expect(article.contains("No key may that ends by itself.") == entry.route.givesWithoutEnd, "\(name)")
            #expect(article.contains("-d @-") == (try entry.schema().members.contains { $0.name == "password" }), "\(name)")
            #expect(article.contains(entry.method.summary.htmlWithCode) && article.contains("curl "), "\(name)")
            for row in FieldRows(try entry.schema()).rows {
                #expect(
                    article.contains("<code>\(row.name.html)</code></td><td>\(row.bounds.htmlWithCode)</td><td>"), "\(name) \(row.name)")
                #expect(article.contains(row.meaning.htmlWithCode), "\(name) \(row.name)")
            }
            for fault in entry.method.faults { #expect(article.contains("<code>\(fault.reason)</code>"), "\(name)") }
        }
        for fault in FaultCode.transport + FaultCode.ofKeys { #expect(html.contains("<code>\(fault.reason)</code>")) }
    }

    @Test func thePageIsWellFormed() throws {
        var open: [Substring] = []
        for tag in tags(try ReferencePage.html(table, version: "1")) where !tag.hasPrefix("!") {
            let name = tag.drop { $0 == "/" }.prefix { !$0.isWhitespace }
            guard !["meta", "input"].contains(name) else { continue }
            if tag.hasPrefix("/") { #expect(open.popLast() == name, "\(tag)") } else { open.append(name) }
        }
        #expect(open.isEmpty, "\(open)")
    }

    /// A filter that finds nothing says so; without the script nothing does.
    @Test func aFilterThatFindsNothingSaysSo() throws {
        let html = try ReferencePage.html(table, version: "1")
        #expect(html.contains("<p id=\"nothing\" role=\"status\" hidden>Nothing matches."))
        #expect(html.contains("document.getElementById('nothing').hidden=all.some(([one])=>!one.hidden)"))
    }

    /// Nothing leaves the host, and nothing runs or shows but what is meant to.
    @Test func nothingIsLoadedFromAnywhere() throws {
        let html = try ReferencePage.html(table, version: "1")
        let all = tags(html)
        for tag in all {
            #expect(!tag.contains("src=") && !tag.contains(" on") && !tag.contains("style=") && !tag.hasPrefix("link"), "\(tag)")
            guard let target = tag.split(separator: "href=\"").dropFirst().first else { continue }
            #expect(target.hasPrefix("#") || target.hasPrefix("/openapi.json"), "\(tag)")
        }
        for name in ["style", "script"] {
            #expect(all.count { $0 == name } == 1)
            let text = html.components(separatedBy: "<\(name)>")[1].components(separatedBy: "</\(name)>")[0]
            #expect(ReferencePage.policy.contains("\(name)-src '\(ReferencePage.hash(text))'"))
            #expect(!text.contains("http") && !text.contains("url(") && !text.contains("@import"))
        }
        #expect(ReferencePage.policy.hasPrefix("default-src 'none'") && !ReferencePage.policy.contains("unsafe"))
    }

    @Test func whatATextHoldsIsNoMarkup() {
        #expect(#"<b a="1">&"#.html == "&lt;b a=&quot;1&quot;&gt;&amp;")
        #expect("a `b<` c".htmlWithCode == "a <code>b&lt;</code> c" && "a ` b".htmlWithCode == "a ` b")
    }

    @Test func anExampleIsACallThatAShellTakes() {
        let get = ReferenceSection.request(
            .get("/v1/x/{id}", .viewer), ["id": "a b", "filter": ["lane": "x&y"], "types": ["1", "2"], "all": true])
        #expect(get.hasSuffix("\"http://127.0.0.1:8080/v1/x/a%20b?all=true&filter.lane=x%26y&types=1&types=2\""))
        let post = ReferenceSection.request(.post("/v1/x", .agent), ["text": "it's"])
        #expect(post.contains("-X POST") && post.contains(#"it'\''s"#))
        let secret = ReferenceSection.request(.post("/v1/x", .agent), ["password": "it's"])
        #expect(secret.contains("/v1/x -d @- <<'END'\n{") && secret.hasSuffix("}\nEND") && secret.contains("it's"))
        #expect(ReferenceSection.request(.delete("/v1/x/{id}", .agent), ["id": "1"]).hasPrefix("curl -X DELETE "))
    }
}
