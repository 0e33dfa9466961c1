package import ServiceKit
import Vocabulary

/// What an operator may set for intelligence-service.
package struct IntelligenceSettings: ProcessSettings {
    let replyConcurrency: Int
    let replyAttempts: Int
    let conversations: Milliseconds

    package init(_ reader: inout SettingsReader) throws(StartRefusal) {
        replyConcurrency = try reader.whole("reply.concurrency", 1...512, default: 32, "Answers handed to account-router at once.")
        conversations = try reader.span(
            "retention.conversations", .days(31) ... .days(3650), default: "365d", "How long messages of conversations are kept.")
        replyAttempts = try reader.whole("reply.attempts", 1...100, default: 8, "Attempts after which an answer is given up.")
    }
}
