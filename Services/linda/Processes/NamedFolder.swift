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

    /// That it is none, in a sentence; nil where it is one, or can be made.
    var problem: String? {
        // What stands in the way may be any part of the path.
        var part = URL(fileURLWithPath: path)
        var isFolder: ObjCBool = false
        while part.path != "/", !FileManager.default.fileExists(atPath: part.path, isDirectory: &isFolder) {
            part.deleteLastPathComponent()
        }
        guard part.path != "/", !isFolder.boolValue else { return nil }
        let isWhole = part.path == URL(fileURLWithPath: path).path
        let what = isWhole ? "is a file, not a folder" : "cannot be a folder: \(part.path) is a file"
        return "\(path), which \(source) names, \(what). Name the folder that `linda up` uses."
    }

    /// The folder of `linda up` within this one, where that is what was meant; nil where there is none.
    var usualBeneath: String? {
        let beneath = URL(fileURLWithPath: path).appendingPathComponent(Self.usual).path
        let files = FileManager.default
        return !files.fileExists(atPath: "\(path)/run") && files.fileExists(atPath: "\(beneath)/run") ? beneath : nil
    }

    /// Where `linda up` puts everything unless a folder is named.
    static let usual = "linda-data"
}
