package import Foundation
import Synchronization

/// Turns the text of a method's params into its type: parsed, held against the schema, decoded, validated.
package final class ParamsDecoder<M: RPCMethod>: Sendable {
    /// Compiled with the first call, as a process starts with dozens of methods that it may never serve.
    private let schema = Mutex<Schema?>(nil)
    /// What the method's examples hold, read with the first member that is missing.
    private let shown = Mutex<[JSONValue]?>(nil)

    /// Rules beside the schema, asked where that is broken: all is told at once.
    private let rules: (@Sendable (M.Params) -> [Mistake])?

    /// - Parameter rules: what else is wrong with params of sound types, whose bounds may be broken.
    package init(rules: (@Sendable (M.Params) -> [Mistake])? = nil) { self.rules = rules }

    /// Reads the params; what is wrong with them is a fault that names every mistake.
    package func decode(_ data: Data) throws -> M.Params {
        let value: JSONValue
        do { value = try JSON.decode(JSONValue.self, from: data) } catch { throw error.fault }
        return try decode(value)
    }

    func decode(_ value: JSONValue) throws -> M.Params {
        let schema = try compiled()
        do throws(Violation) { try schema.check(params: value) } catch { throw fault(error, of: value, schema) }
        let params: M.Params
        do { params = try JSONValueDecoder.decode(M.Params.self, from: value) } catch let error as DecodingError {
            let (path, problem) = error.place
            throw Fault(.params, "\(path.isEmpty ? "params" : path) \(problem).", path: path.isEmpty ? nil : path)
        }
        try M.validate(params)
        return params
    }

    /// All that is wrong with params that the schema refuses.
    private func fault(_ first: Violation, of value: JSONValue, _ schema: Schema) -> Fault {
        var violations = schema.violations(params: value, atMost: Mistake.most + 1)
        if violations.isEmpty { violations = [first] }
        var mistakes = violations.map { Mistake(path: $0.path, words: fault($0).message) }
        // What cannot be read at all has been told.
        if let rules, let params = try? JSONValueDecoder.decode(M.Params.self, from: value) {
            mistakes += rules(params)
        }
        return mistakes.count == 1 ? fault(first) : Mistake.fault(mistakes)
    }

    /// Of a member that is missing, the method's examples show what would do.
    private func fault(_ violation: Violation) -> Fault {
        var fault = violation.fault
        guard violation.isMissing, let sample = examples().lazy.compactMap({ Self.sample($0, at: violation.path) }).first else {
            return fault
        }
        fault.message += " For example: \(sample)."
        return fault
    }

    private func examples() -> [JSONValue] {
        shown.withLock { known in
            if let known { return known }
            // One that cannot be encoded is a contract test's to find; the fault says enough without it.
            let values = ([M.example.params] + M.alternatives).compactMap { params in
                (try? JSON.encode(params)).flatMap { try? JSON.decode(JSONValue.self, from: $0) }
            }
            known = values
            return values
        }
    }

    /// A short value that an example has in a place; nil where it has none.
    private static func sample(_ example: JSONValue, at path: String) -> String? {
        var value = example
        for step in path.split(whereSeparator: { ".[".contains($0) }) {
            // Whichever item of a list lacks it, the example's first one has it.
            guard let inner = step.hasSuffix("]") ? value[0] : value[String(step)] else { return nil }
            value = inner
        }
        switch value {
        case .null, .array, .object: return nil
        case .bool, .integer, .number, .string:
            let text = JSON.text(value)
            return text.utf8.count <= 80 ? text : nil
        }
    }

    private func compiled() throws(Fault) -> Schema {
        do {
            return try schema.withLock { known in
                if let known { return known }
                var gaps: [String] = []
                let schema = try Schema.params(of: M.self, gaps: &gaps)
                known = schema
                return schema
            }
        } catch {
            throw Fault(.internal, "The params of \(M.name) cannot be checked: its examples are not true to its types.", cause: error)
        }
    }
}
