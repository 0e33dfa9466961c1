import RPCContract
import Synchronization

/// What each method promises of its replies, compiled once.
enum ReplySchemas {
    private static let known = Mutex<[String: Schema]>([:])

    static func check<M: RPCMethod>(_ reply: M.Reply, of method: M.Type) throws(Violation) {
        let found: (schema: Schema, value: JSONValue)?
        do {
            let schema = try known.withLock { known in
                if let schema = known[M.name] { return schema }
                let schema = try Schema.reply(of: M.self)
                known[M.name] = schema
                return schema
            }
            found = (schema, try JSON.decode(JSONValue.self, from: JSON.encode(reply)))
        } catch { found = nil }  // a contract test says so of the examples
        if let found { try found.schema.check(reply: found.value) }
    }
}
