import Foundation
import HTTPClient
import Supervision
import Support

/// What Prometheus scrapes, read as it reads it.
struct MetricsPage: Sendable {
    /// One line: a name, its labels and a number.
    struct Sample: Sendable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    /// The kind of each metric, by name.
    private(set) var kinds: [String: String] = [:]
    private(set) var samples: [Sample] = []
    /// Lines that no scraper understands.
    private(set) var oddLines: [String] = []

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            if let found = line.wholeMatch(of: /# TYPE (\w+) (counter|gauge|histogram)/) {
                kinds[String(found.1)] = String(found.2)
            } else if let sample = Self.sample(line) {
                samples.append(sample)
            } else {
                oddLines.append(String(line))
            }
        }
    }

    private static func sample(_ line: Substring) -> Sample? {
        guard let found = line.wholeMatch(of: /(\w+)(?:\{(.*)\})? ([-+.\w]+)/), let value = Double(found.3) else { return nil }
        let labels = (found.2 ?? "").matches(of: /(\w+)="([^"]*)"/).map { (String($0.1), String($0.2)) }
        return Sample(name: String(found.1), labels: Dictionary(labels) { first, _ in first }, value: value)
    }

    static func read(_ linda: LindaFixture, with http: HTTPClient) async throws -> MetricsPage {
        let key = try linda.credential("admin-key")
        let address = "\(linda.stack.address)/metrics"
        let answer = try await http.perform(HTTPRequest(.get, address, headers: ["Authorization: Bearer \(key)"]))
        guard answer.status == 200 else { throw LindaFixture.Failure(description: "/metrics answers \(answer.status)") }
        return MetricsPage(String(decoding: answer.body, as: UTF8.self))
    }

    /// The number under a name and at least these labels; nil where there is none.
    func value(_ name: String, _ labels: [String: String]) -> Double? {
        samples.first { sample in sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value } }?.value
    }

    /// The table of metrics in the documents: the kind of each, by name.
    static func documented() throws -> [String: String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/install.md"), encoding: .utf8)
        let rows = text.matches(of: /\| `(linda_\w+)` \| (\w+) \|/).map { (String($0.1), String($0.2)) }
        return Dictionary(rows) { first, _ in first }
    }
}
