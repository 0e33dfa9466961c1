package import ServiceKit
import Vocabulary

/// The settings that an operator may change for account-router.
package struct AccountSettings: ProcessSettings {
    enum Marketing: String, CaseIterable { case required, assumed }
    enum Silence: String, CaseIterable { case resend, hold }

    let graphURL: String
    let graphVersion: String
    let graphTimeout: Milliseconds
    let sendingConcurrency: Int
    let keepsLimits: Bool
    let concurrentBatches: Int
    let qualityPoll: Milliseconds
    let qualityRamp: Milliseconds
    let marketing: Marketing
    let unknownGrace: Milliseconds
    let unknownGapGrace: Milliseconds
    let unknownSilence: Silence
    let contents: Milliseconds
    let deliveries: Milliseconds
    let habits: Milliseconds

    package init(_ reader: inout SettingsReader) throws(StartRefusal) {
        graphURL = try reader.webAddress("graph.url", "https://graph.facebook.com", "Meta's Graph API.")
        graphVersion = try reader.graphVersion("graph.version", "v24.0", "Its version.")
        graphTimeout = try reader.span(
            "graph.timeout", .seconds(1) ... .minutes(5), default: "30s", "How long one request to Meta may take.")
        sendingConcurrency = try reader.whole(
            "sending.concurrency", 1...1024, default: 512,
            "Requests to Meta under way at once, per number: its rate times the seconds that Meta takes to answer.")
        keepsLimits = try reader.flag(
            "sending.limits", true, "Whether Meta's rate limits are kept; false only for measuring against the sandbox.")
        concurrentBatches = try reader.whole(
            "batches.concurrent", 1...1000, default: 3, "Batches that are sent at once; the others wait for their turn.")
        qualityPoll = try reader.span(
            "quality.poll", .seconds(1) ... .days(1), default: "10m", "How often Meta is asked for each number's rating and limits.")
        qualityRamp = try reader.span(
            "quality.ramp", .seconds(1) ... .days(7), default: "2h", "Time between the steps in which a number's marketing comes back.")
        marketing = try reader.choice(
            "consent.marketing", .required,
            "Whether marketing goes only to contacts whose agreement is recorded, or to all who have not stopped it.")
        unknownGrace = try reader.span(
            "unknown.grace", .seconds(1) ... .days(1), default: "10m",
            "How long a status has to tell of a message whose sending was interrupted.")
        unknownGapGrace = try reader.span(
            "unknown.gapGrace", .seconds(1) ... .days(7), default: "6h",
            "How long Meta may still bring the status of a message from a time in which its deliveries failed.")
        unknownSilence = try reader.choice(
            "unknown.silence", .resend,
            "After six times that without any status of the account: send such a message again, or wait for a sign of Meta's.")
        contents = try reader.span(
            "retention.contents", .days(31) ... .days(3650), default: "90d", "How long it is kept what delivered messages said.")
        deliveries = try reader.span(
            "retention.deliveries", .days(62) ... .days(3650), default: "1825d",
            "How long messages, campaigns and the steps of consent are kept; what people have agreed to last is kept always.")
        habits = try reader.span(
            "retention.habits", .days(30) ... .days(3650), default: "730d",
            "How long it is kept from which number somebody is used to being written to.")
    }
}
