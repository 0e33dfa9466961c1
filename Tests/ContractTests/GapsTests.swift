import RPCContract
import Testing

/// What `make check` looks for in the tables of fields, left out on purpose: `BoundsTests` sees that no contract has such a gap.
@Suite struct GapsTests {
    @Test(arguments: [
        "unsaid: has no meaning", "short: its meaning is no sentence", "count: a whole without bounds", "text: a string without bounds",
        "share: a number without bounds", "names[]: a string without bounds",
        "price: the table says otherwise than the type, which reads a whole", "unread: the type ", "unshown: no example shows it",
    ])
    func everyGapIsNamedWithItsPlace(gap: String) throws {
        let gaps = try OpenRPC.gaps(of: GappedContract.self)
        #expect(gaps.filter { $0.hasPrefix("test.gapped params.\(gap)") }.count == 1, "\(gaps)")
        #expect(gaps.count == 9, "nothing else is one: \(gaps)")
    }
}

/// Whose only method of its own says too little.
private enum GappedContract: Contract {
    static let process = "test"
    static let version = "0.0.0"
    static let methods: [any RPCMethod.Type] = [Gapped.self]
}

private enum Gapped: RPCMethod {
    struct Params: Described {
        var unsaid: Bool
        var short: Bool
        var count: Int
        var text: String
        var share: Double
        var names: [String]
        var price: Int
        var unshown: Int?

        static let fields: Fields = [
            "short": "It is",
            "count": "How many there are.",
            "text": "What is written.",
            "share": "How large a part it is.",
            "names": .list("Who they are.", 0...3),
            "price": .text("What it costs.", 1...3),
            "unread": .text("What no type has.", 1...3),
            "unshown": .whole("What no example has.", 1...3),
        ]
    }
    static let name = "test.gapped"
    static let summary = "Says too little."
    static let effect = RPCEffect.read
    static let http: HTTPRoute? = nil
    static let example = RPCExample(
        Params(unsaid: true, short: true, count: 1, text: "a", share: 0.5, names: ["a"], price: 1), Nothing())
}
