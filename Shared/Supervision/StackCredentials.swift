import Foundation
import Vocabulary

/// The secrets in a folder of `linda up`.
///
/// For the sandbox they are made up. Meta would refuse such, and only when the first message goes out: without the sandbox they
/// must be there.
package struct StackCredentials {
    let folder: String

    /// - Parameter directory: the folder that `linda up` uses.
    package init(in directory: String) { folder = "\(directory)/credentials" }

    /// What Meta and we both must know, and where it comes from.
    private static let metas: [(name: String, source: String)] = [
        ("meta-app-secret", "the app's secret: App settings, Basic"),
        ("meta-verify-token", "any text of yours, the same as in the app's webhook settings"),
        ("graph-token", "a system user's token with whatsapp_business_messaging and whatsapp_business_management"),
    ]

    /// Which were made up, with a hash of each: replaced by hand they are real ones.
    private var mark: String { "\(folder)/made-up-for-the-sandbox" }

    /// Whether all of them are there and none was made up: the folder's data is of messages that went to Meta.
    package var areReal: Bool {
        let files = FileManager.default
        return !files.fileExists(atPath: mark) && Self.metas.allSatisfy { files.fileExists(atPath: "\(folder)/\($0.name)") }
    }

    func prepare(isSandbox: Bool) throws {
        try make("admin-key")
        guard isSandbox else { return try check() }
        guard !areReal else {
            throw Stack.Failure(
                description:
                    "\(folder): these credentials are Meta's, and the sandbox would play Meta to what belongs to them. Start without --sandbox, or name another folder with --dir.",
                isConfiguration: true)
        }
        for (name, _) in Self.metas {
            guard let value = try make(name) else { continue }
            let known = (try? String(contentsOfFile: mark, encoding: .utf8)) ?? ""  // there is none before the first
            try "\(known)\(name) \(FNV1a.hash(value))\n".write(toFile: mark, atomically: true, encoding: .utf8)
        }
    }

    private func check() throws {
        let made = ((try? String(contentsOfFile: mark, encoding: .utf8)) ?? "").split(separator: "\n")  // nothing was made up
        let missing = Self.metas.filter { name, _ in
            guard let value = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else { return true }
            let text = value.trimmingCharacters(in: .whitespacesAndNewlines)
            return text.isEmpty || made.contains("\(name) \(FNV1a.hash(text))")
        }
        guard !missing.isEmpty else { return }
        let lines = missing.map { "  \(folder)/\($0.name)  \($0.source)" }.joined(separator: "\n")
        throw Stack.Failure(
            description: "without --sandbox Linda talks to Meta, and these credentials are missing or made up for the sandbox:\n\(lines)",
            isConfiguration: true)
    }

    /// The value of a secret that was not there; nil where there is one.
    @discardableResult
    private func make(_ name: String) throws -> String? {
        let path = "\(folder)/\(name)"
        guard !FileManager.default.fileExists(atPath: path) else { return nil }
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<4).map { _ in String(generator.next() as UInt64, radix: 36) }.joined()
        guard FileManager.default.createFile(atPath: path, contents: Data((secret + "\n").utf8), attributes: [.posixPermissions: 0o600])
        else { throw Stack.Failure(description: "\(path): cannot be written") }
        return secret
    }
}
