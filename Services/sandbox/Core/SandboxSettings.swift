package import ServiceKit
import Vocabulary

/// What may be set for the sandbox.
package struct SandboxSettings: ProcessSettings {
    let seed: Int
    let retryFirst: Milliseconds
    let retryMost: Milliseconds

    package init(_ reader: inout SettingsReader) throws(StartRefusal) {
        seed = try reader.whole("seed", 0...Int.max, default: 1, "What chance begins from; the same seed, the same people and faults.")
        retryFirst = try reader.span(
            "webhook.retryFirst", Milliseconds(10) ... .minutes(10), default: "1s",
            "How soon a webhook that was not answered 200 is posted again; each time after twice as long.")
        retryMost = try reader.span(
            "webhook.retryMost", Milliseconds(10) ... .days(1), default: "1h", "The longest time between two posts of a webhook.")
    }
}
