/// Metrics of several processes as one text that Prometheus takes.
package enum PrometheusText {
    /// Each sample gets the label `process`; samples of one metric stand together, as the format asks for.
    ///
    /// Source: Prometheus, text-based exposition format.
    package static func merged(_ texts: [(process: String, text: String)]) -> String {
        var heads: [String: [Substring]] = [:]
        var samples: [String: [String]] = [:]
        var order: [String] = []
        for (process, text) in texts {
            // A histogram's samples are called after it: what its TYPE line named stands for them.
            var family = ""
            for line in text.split(separator: "\n") {
                if line.hasPrefix("#") {
                    let words = line.split(separator: " ", maxSplits: 3)
                    guard words.count >= 3 else { continue }
                    family = String(words[2])
                    if samples[family] == nil {
                        order.append(family)
                        samples[family] = []
                    }
                    if heads[family]?.contains(line) != true { heads[family, default: []].append(line) }
                    continue
                }
                let name = String(line.prefix { $0 != "{" && $0 != " " })
                if family.isEmpty || !name.hasPrefix(family) {
                    family = name
                    if samples[family] == nil {
                        order.append(family)
                        samples[family] = []
                    }
                }
                samples[family]?.append(labelled(line, name, process))
            }
        }
        var lines: [String] = []
        for family in order { lines += (heads[family] ?? []).map(String.init) + (samples[family] ?? []) }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func labelled(_ line: Substring, _ name: String, _ process: String) -> String {
        let rest = line.dropFirst(name.count)
        let label = "process=\"\(process)\""
        return rest.hasPrefix("{") ? "\(name){\(label),\(rest.dropFirst())" : "\(name){\(label)}\(rest)"
    }
}
