package import ServiceKit

/// What an operator may set for intelligence-service.
package struct IntelligenceSettings: ProcessSettings {
    let replyConcurrency: Int
    let replyAttempts: Int

    package init(_ reader: inout SettingsReader) throws(StartRefusal) {
        replyConcurrency = try reader.whole("reply.concurrency", 1...512, default: 32, "Answers handed to account-router at once.")
        replyAttempts = try reader.whole("reply.attempts", 1...100, default: 8, "Attempts after which an answer is given up.")
    }
}
