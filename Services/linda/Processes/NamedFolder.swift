import Foundation

/// The folder that somebody named for what runs without systemd: in the command, or once for all commands in LINDA_DIR.
struct NamedFolder: Equatable {
    var path: String
    /// What names it, as the operator wrote it.
    var source: String

    /// Nil where nobody has named one.
    ///
    /// - Parameter option: the value of `--dir`.
    init?(option: String?, environment: [String: String] = ProcessInfo.processInfo.environment) {
        if let option {
            (path, source) = (option, "--dir")
        } else if let variable = environment["LINDA_DIR"], !variable.isEmpty {
            (path, source) = (variable, "LINDA_DIR")
        } else {
            return nil
        }
    }

    /// Where `linda up` puts everything unless a folder is named.
    static let usual = "linda-data"
}
