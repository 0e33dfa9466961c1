import Foundation

/// Whether standard error is read by the journal, or by a supervisor of our own that reads priorities, too.
enum JournalStream {
    static var isConnected: Bool {
        let environment = ProcessInfo.processInfo.environment
        // Source: systemd.exec(5), $JOURNAL_STREAM.
        return environment["JOURNAL_STREAM"] != nil || environment["LINDA_SUPERVISED"] == "1"
    }
}
