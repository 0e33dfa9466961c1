import Foundation
import RPCContract
import Testing
import Vocabulary

@testable import SandboxCore

/// The sandbox's reading of Meta's schemas against requests known to be right or wrong.
@Suite struct SchemaDocumentTests {
    @Test func everySampleComesOutAsItShould() throws {
        let url = try #require(Bundle.module.url(forResource: "samples", withExtension: "json"))
        let samples = try JSON.decode([JSONValue].self, from: Data(contentsOf: url))
        let document = try SchemaDocument.embedded()
        let paths = ["POST /{Version}/{Phone-Number-ID}/messages", "POST /{Version}/{WABA-ID}/message_templates"]
        var checked = (valid: 0, invalid: 0)
        for sample in samples where sample["part"] == "request" {
            guard let operation = sample["operation"]?.integer, operation < 2, let body = sample["body"],
                let isValid = sample["valid"]?.bool
            else { continue }
            let parts = paths[Int(operation)].split(separator: " ")
            let violations = document.violations(String(parts[0]), String(parts[1]), body)
            #expect(violations.isEmpty == isValid, "\(sample["name"]?.string ?? ""): \(violations.prefix(2))")
            if isValid { checked.valid += 1 } else { checked.invalid += 1 }
        }
        #expect(checked.valid > 50)
        #expect(checked.invalid > 100)
    }

    @Test func violationsNameTheirPlace() throws {
        let document = try SchemaDocument.embedded()
        let body: JSONValue = ["messaging_product": "whatsapp", "to": "919876543210", "type": "text", "text": ["preview_url": true]]
        let violations = document.violations("POST", "/{Version}/{Phone-Number-ID}/messages", body)
        #expect(violations.contains { $0.path == "text.body" && $0.problem == "is required" }, "\(violations)")
    }

    @Test func dueThingsComeInOrder() {
        var queue = DueQueue<Int>()
        var generator = SeededGenerator(seed: 3)
        let dues = (0..<500).map { _ in Double(generator.next() % 100) }
        for (index, due) in dues.enumerated() { queue.insert(index, due: due) }
        var last = -1.0
        while let next = queue.nextDue {
            #expect(next >= last)
            last = next
            let early = queue.take(at: next - 0.5)
            let due = queue.take(at: next)
            #expect(early == nil)
            #expect(due != nil)
        }
        #expect(queue.count == 0)
    }
}
