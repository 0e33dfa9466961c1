import Foundation
import Testing

/// One value, or what only looks like one; by the rules of RFC 8259.
enum JSONSamples {
    struct Sample: Sendable, CustomTestStringConvertible {
        var data: Data
        var isJSON: Bool
        var testDescription: String { "\(isJSON) \(String(decoding: data.prefix(40), as: UTF8.self))" }
    }

    static let all: [Sample] =
        values.map { Sample(data: Data($0.utf8), isJSON: true) } + broken.map { Sample(data: Data($0.utf8), isJSON: false) }
        + bytes.map { Sample(data: Data([0x22] + $0 + [0x22]), isJSON: false) }

    private static let values = [
        // Numbers.
        "0", "-0", "1", "-1", "10", "123456789", "0.0", "-0.5", "1.25", "1e5", "1E5", "1e+5", "1e-5", "-1.5E-10", "0e0", "1E42",
        "9223372036854775807", "-9223372036854775808", "9007199254740993", "123456789012345678901234567890",
        // Strings.
        #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0041""#, #""\u00e9\uD83D\uDE00""#, #""\u0000""#, "\"é€😀\"",
        "\"\u{7F}\"",
        "\"\u{2028}\"", "\"\u{10FFFF}\"", "\"//\"", "\" \"",
        // The three names.
        "true", "false", "null",
        // Lists and objects.
        "[]", "[ ]", "[1]", "[1,2]", "[ 1 , 2 ]", "[[]]", "[[],[[]]]", "[null,true,false]", "{}", "{ }", #"{"a":1}"#,
        #"{ "a" : 1 , "b" : [ ] }"#,
        #"{"":0}"#, #"{"a":{"b":{"c":[]}}}"#, #"{"a":1,"a":2}"#, "[\n1\t,\r2 ]", #"["]",{"}":"["}]"#,
        String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
    ]

    /// JSON by its grammar, but no text: half of a surrogate pair, or its halves the wrong way round.
    static let halves = [
        #""\ud800""#, #""\udfff""#, #""\uD83D\uD83D""#, #""\uDE00\uD83D""#, #""\ud83dx\ude00""#, #""\ud83d\\ude00""#, #""\ud83d\n""#,
        #"["a","\udead"]"#, #"{"\udead":1}"#,
    ]

    private static let broken = [
        "", " ",
        // Numbers.
        "+1", "01", "-01", "00", "-", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1E-", "0x1", "1x", "1_000", "1,]", "--1", "1-1", "1e5.5",
        "NaN", "nan", "Infinity", "-Infinity", "inf", "1\u{0}", "١", "1e1e1", "0.0.0",
        // Strings.
        "\"", "\"a", "a", "'a'", "\"\\\"", #""\a""#, #""\x41""#, #""\u""#, #""\u12""#, #""\u12G4""#, #""\U0041""#, "\"\n\"", "\"\t\"",
        "\"\u{0}\"",
        "\"\u{1F}\"", #""\""#, #""a" "b""#, "\"\\\u{0}\"",
        // Names.
        "True", "TRUE", "nul", "nulll", "tru", "truefalse", "undefined", "None",
        // Lists and objects.
        "[", "]", "[1", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1;2]", "[1]]", "[[1]", "{", "}", "{]", "[}", #"{"a"}"#, #"{"a":}"#,
        #"{"a":1,}"#,
        #"{,"a":1}"#, #"{a:1}"#, #"{'a':1}"#, #"{1:1}"#, #"{null:1}"#, #"{"a" 1}"#, #"{"a"::1}"#, #"{"a":1 "b":2}"#, #"{"a":1}}"#,
        #"{"a":[1}"#,
        #"{"a":1,"b"}"#, "[\u{A0}1]", "[1]\u{FEFF}", "@@", "#", "// c\n1", "/* c */1", "1 // c", "\u{C}1", "[1]x", "[-]", "[\"a\"\"b\"]",
        String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000), String(repeating: "[", count: 100_000),
        String(repeating: #"{"a":"#, count: 100_000),
    ]

    /// Between quotes: what is no UTF-8.
    private static let bytes: [[UInt8]] = [
        [0xFF], [0x80], [0xC0, 0xAF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
        [0x61, 0xC3, 0x28],
    ]
}
