/// Params of another method, one of many in a call, kept as they came.
///
/// Each is checked by itself by whoever takes them, so that one that is wrong does not refuse the others.
package struct ParamsOf<M: RPCMethod>: CheckedLater {
    private enum Form: Sendable {
        case made(M.Params)
        case received(JSONValue)
    }

    private let form: Form

    package init(_ params: M.Params) { form = .made(params) }

    package init(from decoder: any Decoder) throws {
        form = .received(try decoder.singleValueContainer().decode(JSONValue.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch form {
        case .made(let params): try container.encode(params)
        case .received(let value): try container.encode(value)
        }
    }

    /// The params, checked as a call of the method would be.
    package func checked(by decoder: ParamsDecoder<M>) throws -> M.Params {
        switch form {
        case .made(let params): try decoder.decode(JSON.encode(params))
        case .received(let value): try decoder.decode(value)
        }
    }

    package static func schema(gaps: inout [String]) throws -> Schema { try Schema.params(of: M.self, gaps: &gaps) }
}
