import Foundation
import RPCContract
import Support
import Testing
import Vocabulary

@Suite struct JSONParserTests {
    private static let texts: [(String, JSONValue)] = [
        ("0", JSONValue.integer(0)), ("-12", .integer(-12)), ("9223372036854775807", .integer(.max)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5e3", .integer(1500)),
        ("-0.25", .number(-0.25)), ("1E-2", .number(0.01)), (#" [ true , false , null ] "#, [true, false, .null]), ("{}", [:]), ("[]", []),
        (#""\u00e9\n\/\\\"\ud83d\ude00""#, "é\n/\\\"😀"), (#""नमस्ते""#, "नमस्ते"), (#""a\u0000b""#, "a\u{0}b"),
        (#"{"a":1,"a":{"b":[2]}}"#, ["a": ["b": [2]]]),
    ]

    @Test(arguments: texts)
    func textIsRead(_ text: String, _ expected: JSONValue) throws {
        #expect(try JSON.decode(JSONValue.self, from: text) == expected)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "[1,]", "[1 2]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", "01", "-", "1.", ".5", "1e", "+1", "1e999",
        "tru",
        "nul", "truex", #"""#, #""\x""#, #""\u12""#, #""\u12g4""#, "\"a\u{1}\"", "\"\n\"", "1 1", "[1]]", "'a'", "NaN",
    ])
    func whatIsNotJSONIsRefused(_ text: String) {
        #expect(throws: NotJSON.self) { try JSON.decode(JSONValue.self, from: text) }
    }

    /// Text cut in the middle of an emoji: refused, but read where somebody else wrote it.
    @Test(arguments: [
        (#""x\ud83d""#, 2, "x\u{FFFD}"), (#""\ud83dx""#, 1, "\u{FFFD}x"), (#""\ude00""#, 1, "\u{FFFD}"),
        (#""\ud83d\u0041""#, 1, "\u{FFFD}A"),
        (#""\ud83d\ud83d\ude00""#, 1, "\u{FFFD}😀"), (#""\ude00\ud83d""#, 1, "\u{FFFD}\u{FFFD}"), (#""\ud800\n""#, 1, "\u{FFFD}\n"),
    ])
    func halfOfAPairIsRefused(_ text: String, offset: Int, read: String) throws {
        let error = #expect(throws: NotJSON.self) { try JSON.decode(JSONValue.self, from: text) }
        #expect(error?.offset == offset)
        #expect(error?.fault.code == .params)
        #expect(try JSON.decode(foreign: Data(text.utf8)) == .string(read))
    }

    @Test(
        arguments: [
            (
                #"{"a":{"b":["x","\uDC00"]}}"#, "a.b[1]",
                "a.b[1] has \\udc00 alone; a character beyond U+FFFF is written as two such escapes."
            ),
            (#"{"a":[{"\ud800":1}]}"#, "a[0]", "a[0] has \\ud800 alone; a character beyond U+FFFF is written as two such escapes."),
            (#"{"\ud800":1}"#, nil, "params has \\ud800 alone; a character beyond U+FFFF is written as two such escapes."),
        ] as [(String, String?, String)])
    func halfOfAPairIsToldWithItsPlace(_ text: String, path: String?, message: String) {
        let fault = #expect(throws: NotJSON.self) { try JSON.decode(JSONValue.self, from: text) }?.fault
        #expect(fault?.path == path)
        #expect(fault?.message == message)
    }

    @Test func brokenUTF8AndBottomlessNestingAreRefused() {
        for bytes in [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0x5C, 0x6E, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]] {
            #expect(throws: NotJSON.self) { try JSON.decode(JSONValue.self, from: Data(bytes)) }
        }
        let deepest = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(throws: Never.self) { try JSON.decode(JSONValue.self, from: deepest) }
        for deep in ["[\(deepest)]", String(repeating: #"{"a":"#, count: 100_000)] {
            #expect(throws: NotJSON.self) { try JSON.decode(JSONValue.self, from: deep) }
        }
    }

    /// What one writes the other reads, and Foundation agrees with both.
    @Test func writingAndReadingAgreeWithFoundation() throws {
        let seed = Seed.current
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let value = Self.value(&random, depth: 0)
            let text = JSON.encode(value)
            #expect(try JSON.decode(JSONValue.self, from: text) == value, "seed \(seed)")
            #expect(try JSONDecoder().decode(JSONValue.self, from: text) == value, "seed \(seed)")
            #expect(try JSON.decode(JSONValue.self, from: try JSONEncoder().encode(value)) == value, "seed \(seed)")
            #expect(
                JSON.encode(value, sorted: true) == JSON.encode(try JSON.decode(JSONValue.self, from: text), sorted: true), "seed \(seed)")
        }
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 4 ? 5 : 7), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .integer(Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0..<63, using: &random))
        case 3: .number(Double.random(in: -1e6...1e6, using: &random).rounded(.down) + 0.5)
        case 4: .string(string(&random))
        case 5: .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default:
            .object(
                Dictionary(
                    (0..<Int.random(in: 0..<5, using: &random)).map { _ in (string(&random), value(&random, depth: depth + 1)) },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        }
    }

    private static func string(_ random: inout SeededGenerator) -> String {
        let characters: [Character] = [
            "a", "Z", "\"", "\\", "/", "\n", "\r", "\t", "\u{0}", "\u{1F}", "\u{7F}", "é", "न", "😀", "\u{2028}", " ",
        ]
        return String((0..<Int.random(in: 0..<12, using: &random)).map { _ in characters.randomElement(using: &random) ?? "a" })
    }
}
