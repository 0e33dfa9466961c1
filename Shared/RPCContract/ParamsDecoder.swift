package import Foundation
import Synchronization

/// Turns the text of a method's params into its type: parsed, held against the schema, decoded, validated.
package final class ParamsDecoder<M: RPCMethod>: Sendable {
    /// Compiled with the first call, as a process starts with dozens of methods that it may never serve.
    private let schema = Mutex<Schema?>(nil)

    package init() {}

    package func decode(_ data: Data) throws -> M.Params {
        let value: JSONValue
        do { value = try JSON.decode(JSONValue.self, from: data) } catch {
            throw Fault(.parse, "The params are not valid JSON from byte \(error.offset) on.")
        }
        return try decode(value)
    }

    func decode(_ value: JSONValue) throws -> M.Params {
        let schema = try compiled()
        do throws(Violation) { try schema.check(params: value) } catch { throw error.fault }
        let params: M.Params
        do { params = try JSONValueDecoder.decode(M.Params.self, from: value) } catch let error as DecodingError {
            let (path, problem) = error.place
            throw Fault(.params, "\(path.isEmpty ? "params" : path) \(problem).", path: path.isEmpty ? nil : path)
        }
        try M.validate(params)
        return params
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
