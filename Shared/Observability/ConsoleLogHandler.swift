import Foundation
package import Logging
import Synchronization

/// One line per record on standard error: priority for journald, level, message, then the facts as `key=value`.
package struct ConsoleLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let isJournal: Bool
    private let write: @Sendable (String) -> Void

    /// - Parameter write: takes each line, without its end; standard error where nothing else is said.
    package init(label: String, isJournal: Bool, write: @escaping @Sendable (String) -> Void = Self.toStandardError) {
        self.label = label
        self.isJournal = isJournal
        self.write = write
    }

    /// Shared by every logger of the process, so that `service.setLogLevel` reaches all.
    package var logLevel: Logger.Level {
        get { LogLevel.current }
        set { _ = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = isJournal ? "<\(event.level.priority)>" : ""
        if !isJournal { line += "\(Date().formatted(.iso8601)) " }
        line += "\(event.level.rawValue) \(label): \(event.message)"
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { own, _ in own } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(Self.quoted("\(value)"))"
        }
        write(line)
    }

    /// One write for each line keeps lines of several threads apart.
    package static let toStandardError: @Sendable (String) -> Void = { StandardStream.error.write($0 + "\n") }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x7F }
        if isPlain { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            default: quoted.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
            }
        }
        return quoted + "\""
    }
}

extension Logger.Level {
    /// syslog(3) priorities, as sd-daemon(3) wants them before a line.
    fileprivate var priority: Int {
        switch self {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }
}

/// The log level of the whole process.
package enum LogLevel {
    private static let level = Mutex(Logger.Level.info)

    package static var current: Logger.Level {
        get { level.withLock { $0 } }
        set { level.withLock { $0 = newValue } }
    }
}
