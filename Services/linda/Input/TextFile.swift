import Foundation

/// A file of text that the user names.
enum TextFile {
    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Its text without a byte order mark; what is not UTF-8 is refused with the way to convert it.
    static func read(_ file: String) throws -> String {
        guard !isFolder(file) else { throw Trouble("\(file): is a folder, not a file; name a file in it") }
        guard FileManager.default.fileExists(atPath: file) else { throw Trouble("\(file): there is no such file") }
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped) } catch {
            throw Trouble("\(file): cannot be read: \(error.localizedDescription)")
        }
        if data.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw Trouble("\(file): is a spreadsheet's own file (such as .xlsx); save it there as CSV, UTF-8.")
        }
        if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) {
            throw Trouble("\(file): is UTF-16; save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 \(file)")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Trouble("\(file): is not UTF-8; convert it first, such as by iconv -f WINDOWS-1252 -t UTF-8 \(file)")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }
}
