import Foundation

/// Secrets from files that the service manager has placed; never from the environment or argv.
package struct Credentials: Sendable {
    private let directory: String?

    package init(directory: String?) {
        self.directory = directory
    }

    /// Reads a credential; surrounding white space is not part of it.
    package func require(_ name: String) throws(StartRefusal) -> Secret {
        guard let directory else {
            throw StartRefusal(
                .missingCredential, "credential \(name) is missing: no credentials folder was given (LoadCredential= or --credentials)")
        }
        let path = "\(directory)/\(name)"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StartRefusal(.missingCredential, "credential \(name) is missing: \(path) cannot be read")
        }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw StartRefusal(.missingCredential, "credential \(name) is empty: \(path)") }
        return Secret(text)
    }
}

extension Credentials {
    /// A credential that is changed while the old one still counts: each line is one, four at most.
    package func requireEach(_ name: String) throws(StartRefusal) -> [Secret] {
        let lines = try require(name).reveal().split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        guard lines.count <= 4 else {
            throw StartRefusal(
                .configuration, "credential \(name) has \(lines.count) lines; each is a secret that counts, and four are enough")
        }
        return lines.map { Secret($0) }
    }
}

/// A text that never prints itself.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The text, for the one place that needs it.
    package func reveal() -> String { text }
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
}

extension Secret: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: []) }
}
