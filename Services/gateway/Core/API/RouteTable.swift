import Foundation
import RPCContract
import Synchronization

/// Which method a request over HTTP means: every route that the contracts declare.
struct RouteTable: Sendable {
    /// One method with its route.
    final class Entry: Sendable {
        let process: String
        let method: any RPCMethod.Type
        let route: HTTPRoute
        fileprivate let segments: [Segment]
        /// Compiled with the first call, as most routes are never asked for.
        private let compiled = Mutex<Schema?>(nil)

        init(_ process: String, _ method: any RPCMethod.Type, _ route: HTTPRoute) {
            self.process = process
            self.method = method
            self.route = route
            segments = route.path.split(separator: "/").map { Segment($0) }
        }

        /// Which params the method takes.
        func schema() throws -> Schema {
            try compiled.withLock { known in
                if let known { return known }
                let schema = try Self.schema(of: method)
                known = schema
                return schema
            }
        }

        private static func schema<M: RPCMethod>(of method: M.Type) throws -> Schema { try Schema.params(of: M.self) }
    }

    fileprivate enum Segment: Sendable, Equatable {
        case literal(String)
        case capture(String)

        init(_ text: Substring) {
            self = text.hasPrefix("{") && text.hasSuffix("}") ? .capture(String(text.dropFirst().dropLast())) : .literal(String(text))
        }

        var isCapture: Bool { if case .capture = self { true } else { false } }
    }

    /// The routes found under a path.
    enum Match {
        /// The method, and the members that stand in the path.
        case found(Entry, captures: [String: String])
        case otherVerbs([HTTPRoute.Verb])
        case nothing
    }

    let entries: [Entry]
    /// By the number of segments; where two fit, the one whose words are literal comes first.
    private let byLength: [Int: [Entry]]

    init(_ contracts: [any Contract.Type]) {
        entries = contracts.flatMap { contract in
            contract.methods.compactMap { method in method.http.map { Entry(contract.process, method, $0) } }
        }
        byLength = Dictionary(grouping: entries, by: \.segments.count).mapValues { entries in
            entries.sorted { left, right in
                for (one, other) in zip(left.segments, right.segments) where one.isCapture != other.isCapture { return other.isCapture }
                return false
            }
        }
    }

    /// - Parameter path: without the query; its segments percent-encoded.
    func match(_ verb: HTTPRoute.Verb?, _ path: Substring) -> Match {
        var parts: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard !part.isEmpty, let text = part.contains("%") ? String(part).removingPercentEncoding : String(part) else {
                return .nothing
            }
            parts.append(text)
        }
        var verbs: [HTTPRoute.Verb] = []
        var segments: [Segment]?
        for entry in byLength[parts.count] ?? [] {
            // A path in a route's own words is that route, whatever the verb.
            guard segments == nil || segments == entry.segments, let captures = Self.captures(entry.segments, parts) else { continue }
            if entry.route.verb == verb { return .found(entry, captures: captures) }
            segments = entry.segments
            verbs.append(entry.route.verb)
        }
        return verbs.isEmpty ? .nothing : .otherVerbs(verbs)
    }

    private static func captures(_ segments: [Segment], _ parts: [String]) -> [String: String]? {
        var captures: [String: String] = [:]
        for (segment, part) in zip(segments, parts) {
            switch segment {
            case .literal(let text): guard text == part else { return nil }
            case .capture(let name): captures[name] = part
            }
        }
        return captures
    }
}
