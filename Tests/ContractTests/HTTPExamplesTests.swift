import Foundation
import RPCContract
import Testing

/// The examples of docs/http.md, as somebody follows them one after the other.
@Suite struct HTTPExamplesTests {
    @Test func theKeyOfTheExamplesMayCallThemAll() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/http.md"), encoding: .utf8)
        let role = try #require(text.firstMatch(of: /linda keys create shop --role (\w+)/).flatMap { Role(rawValue: String($0.1)) })
        let routes = Contracts.all.flatMap { $0.allMethods }.compactMap { $0.http }
        // Of several lines an example is one command; what has a body is posted.
        let commands = text.replacing("\\\n", with: " ").split(separator: "\n").filter { $0.contains("Bearer $KEY") }
        #expect(commands.count >= 5)
        for command in commands {
            let path = try #require(command.firstMatch(of: /127\.0\.0\.1:8080(\/v1\/[^"? ]*)/)?.1)
            let route = try #require(routes.first { Self.isMeant($0, path, command.contains(" -d ") ? .post : .get) }, "\(path)")
            #expect(role.may(route), "\(role) may not call \(path)")
        }
    }

    private static func isMeant(_ route: HTTPRoute, _ path: Substring, _ verb: HTTPRoute.Verb) -> Bool {
        let (parts, given) = (route.path.split(separator: "/"), path.split(separator: "/"))
        return route.verb == verb && parts.count == given.count && zip(parts, given).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
    }
}
