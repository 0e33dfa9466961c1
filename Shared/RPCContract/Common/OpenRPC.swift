import Vocabulary

/// The OpenRPC document of a contract, built from the method types and their tables.
package enum OpenRPC {
    /// The whole document of a contract: every method with its shapes and its example.
    package static func document(of contract: any Contract.Type) throws -> RPCDiscover.Reply {
        let methods = try contract.allMethods.map { try describe($0) }
        return RPCDiscover.Reply(
            openrpc: "1.3.2",
            info: RPCDiscover.Info(
                title: "linda-\(contract.process)", version: contract.version, hash: hash(of: methods)),
            methods: methods
        )
    }

    /// The same for the same contract on every machine; another as soon as anything that a caller sees has changed.
    package static func hash(of methods: [JSONValue]) -> String {
        let hash = String(FNV1a.hash(JSON.text(.array(methods), sorted: true)), radix: 16)
        return String(repeating: "0", count: 16 - hash.count) + hash
    }

    /// What the tables of a contract leave unsaid: fields without meaning, numbers without bounds, texts without length.
    package static func gaps(of contract: any Contract.Type) throws -> [String] { try contract.allMethods.flatMap { try gaps(of: $0) } }

    private static func gaps<M: RPCMethod>(of method: M.Type) throws -> [String] {
        var (params, reply): ([String], [String]) = ([], [])
        _ = try Schema.params(of: M.self, gaps: &params)
        _ = try Schema.reply(of: M.self, gaps: &reply)
        return params.map { "\(M.name) params.\($0)" } + reply.map { "\(M.name) reply.\($0)" }
    }

    private static func describe<M: RPCMethod>(_ method: M.Type) throws -> JSONValue {
        var gaps: [String] = []
        let params = try Schema.params(of: M.self, gaps: &gaps)
        let reply = try Schema.reply(of: M.self, gaps: &gaps)
        var members: [String: JSONValue] = [
            "name": .string(M.name),
            "summary": .string(M.summary),
            "paramStructure": "by-name",
            "params": .array(
                params.members.map { member in
                    [
                        "name": .string(member.name), "description": .string(member.meaning), "required": .bool(member.isRequired),
                        "schema": member.json(isClosed: true),
                    ]
                }
            ),
            "result": ["name": "reply", "schema": reply.json(isClosed: false)],
            "errors": .array(
                // As a fault has it on the wire: the sentence for people, the word for programs.
                M.faults.map { fault in
                    ["code": .integer(Int64(fault.number)), "message": .string(fault.meaning), "data": ["reason": .string(fault.reason)]]
                }
            ),
            "examples": [
                [
                    "name": .string(M.name),
                    "params": [["name": "params", "value": try JSON.decode(JSONValue.self, from: JSON.encode(M.example.params))]],
                    "result": ["name": "reply", "value": try JSON.decode(JSONValue.self, from: JSON.encode(M.example.reply))],
                ]
            ],
            "x-effect": .string(M.effect.rawValue),
            "x-deadlineMs": .integer(M.deadline.milliseconds),
            "x-callers": .array(M.allowedCallers.map(\.rawValue).sorted().map { .string($0) }),
        ]
        if let route = M.http {
            var place: [String: JSONValue] = [
                "verb": .string(route.verb.rawValue), "path": .string(route.path), "ingest": .bool(route.isForIngest),
                "host": .bool(route.isOfHost),
            ]
            // What is for anybody asks for no role.
            if route.opensSession { place["anybody"] = true } else { place["role"] = .string(route.least.rawValue) }
            // Few methods have these.
            if route.isOfSelf { place["self"] = true }
            if route.givesWithoutEnd { place["withoutEnd"] = true }
            members["x-http"] = .object(place)
        }
        return .object(members)
    }
}
