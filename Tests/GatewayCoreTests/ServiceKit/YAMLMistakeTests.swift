import Foundation
import ServiceKit
import Testing

@testable import GatewayCore

/// A settings file that is not YAML: told with its place, in the words of whoever writes it, and with what to do.
@Suite struct YAMLMistakeTests {
    private func refusal(_ bytes: Data) throws -> String? {
        let file = FileManager.default.temporaryDirectory.appending(path: "linda-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }  // what is left of it is the machine's to clean
        try bytes.write(to: file)
        do throws(StartRefusal) {
            _ = try Configuration(process: "gateway", file: file.path)
            return nil
        } catch { return error.description.replacing(file.path, with: "f") }
    }

    @Test(arguments: [
        ("common:\n\tlog: 1\n", "f:2:1: is not YAML: a tab stands where only spaces may; indent with spaces"),
        ("common:\n  log: level: debug\n", "f:2:13: is not YAML: a second colon stands in one line; put the value in quotes"),
        (
            "common:\n  log\n  x: 1\n",
            "f:3:4: is not YAML: a name stands beneath a line that opens no section; end the line above with a colon"
        ),
        ("common: x\n  y: 1\n", "f:2:4: is not YAML: a name stands beneath a line that opens no section"),
        ("gateway: [1\n", "f:1:10: is not YAML: what this bracket opens does not end, or lacks a comma; close it with ]"),
        ("gateway: {a: 1\ncommon: {}\n", "f:1:10: is not YAML: what this bracket opens does not end, or lacks a comma; close it with }"),
        ("common:\n  log: \"debug\n", "f:2:8: is not YAML: the text that this quote opens does not end; close it with the same quote"),
        (
            "common:\n  log:\n    level: debug\n   x: 1\n",
            "f:4:4: is not YAML: the line is indented like none above it; begin it in the same"
        ),
        ("  common:\n    x: 1\ngateway:\n", "f:3:1: is not YAML: the line is indented like none above it"),
        ("common:\n  x: \"a\" b\n", "f:2:10: is not YAML: something stands behind a value that has ended; put the whole value in quotes"),
        ("common:\n  a: 1\n  : 2\n", "f:3:3: is not YAML: a name is missing before the colon"),
        ("common:\n  log:\n    a: 1\n  b\nnext: 1\n", "f:4:3: is not YAML: a name stands here without a colon; write it as `name: value`"),
        ("common:\n  x: %y\n", "f:2:6: is not YAML: a value cannot begin with %; put it in quotes"),
        ("common:\n  x: *y\n", "f:2:6: is not YAML: a value that begins with &, * or ! has a meaning of its own in YAML; put it in quotes"),
        ("common:\n  x: ]\n", "f:2:6: is not YAML: ] stands where a value should be"),
        ("common:\n  x: \"a\\q\"\n", "f:2:8: is not YAML: a \\ in double quotes begins a special character, and this is none"),
        ("common:\n  - a\n  b: 1\n", "f:3:3: is not YAML: a list and settings are mixed"),
        ("common: {}\n---\ngateway: {}\n", "f:2:1: is not YAML: a file of settings is one document; take away lines that begin with ---"),
        ("common:\n  x: \u{1}\n", "f:2:6: is not YAML: an invisible control character stands here; take it away"),
        ("common: {}\ncommon: {}\n", "is not YAML: common stands twice in one section; keep one of them"),
    ])
    func aMistakeIsToldWithItsPlaceAndWhatToDo(text: String, expected: String) throws {
        let told = try refusal(Data(text.utf8))
        #expect(told?.contains(expected) == true, "\(told ?? "taken")")
        #expect(told?.contains("\n") == false, "one line")
    }

    @Test func textInAnotherEncodingIsToldWithItsLine() throws {
        let told = try refusal(Data("common:\n  log:\n    level: ".utf8) + Data([0xE9, 0x0A]))
        #expect(told == "f:3: is not text in UTF-8; save the file in UTF-8")
    }
}
