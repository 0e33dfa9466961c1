package import ServiceKit
import Vocabulary

/// What an operator may set for poster.
package struct PosterSettings: ProcessSettings {
    let allowsPrivate: Bool
    let disableAfter: Milliseconds
    let waiting: Int
    let concurrency: Int
    let timeout: Milliseconds
    let retention: Milliseconds

    package init(_ reader: inout SettingsReader) throws(StartRefusal) {
        allowsPrivate = try reader.flag(
            "endpoints.allowPrivate", false,
            "Whether events may be posted to addresses of this host and of private networks, and without TLS.")
        disableAfter = try reader.span(
            "endpoints.disableAfter", .hours(1) ... .days(30), default: "5d",
            "An endpoint whose every attempt has failed for so long is disabled.")
        waiting = try reader.whole(
            "endpoints.waiting", 100...10_000_000, default: 100_000,
            "Deliveries that may wait for one endpoint, also for a paused one; with more it is disabled, and webhook.recover brings the rest."
        )
        concurrency = try reader.whole("sending.concurrency", 1...256, default: 32, "Requests to one endpoint at once.")
        timeout = try reader.span(
            "sending.timeout", .seconds(1) ... .seconds(60), default: "15s", "How long a receiver has for its whole answer.")
        retention = try reader.span(
            "retention.deliveries", .hours(1) ... .days(3650), default: "30d",
            "How long deliveries and their attempts are kept, also those that wait; webhook.recover looks back no further.")
    }
}
