/// The OpenRPC document of a contract, built from the method types.
package enum OpenRPC {
    package static func document(of contract: any Contract.Type) throws -> JSONValue {
        [
            "openrpc": "1.3.2",
            "info": [
                "title": .string("linda-\(contract.process)"),
                "version": .string(contract.version),
            ],
            "methods": .array(try contract.allMethods.map { try describe($0) }),
        ]
    }

    private static func describe<M: RPCMethod>(_ method: M.Type) throws -> JSONValue {
        let params = try Schema.of([M.example.params] + M.alternatives)
        let required = Set((params["required"]?.array ?? []).compactMap(\.string))
        let properties = params["properties"]?.object ?? [:]
        return [
            "name": .string(M.name),
            "summary": .string(M.summary),
            "paramStructure": "by-name",
            "params": .array(
                properties.sorted { $0.key < $1.key }.map { name, schema in
                    ["name": .string(name), "required": .bool(required.contains(name)), "schema": schema]
                }
            ),
            "result": ["name": "reply", "schema": try Schema.of(M.example.reply)],
            "errors": .array(
                M.faults.map { ["code": .integer(Int64($0.number)), "message": .string($0.reason), "data": .string($0.meaning)] }
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
            "x-callers": .array(M.callers.map(\.rawValue).sorted().map { .string($0) }),
        ]
    }
}
