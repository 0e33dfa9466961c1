package import Logging
package import Vocabulary

/// What every process knows.
package struct CommonSettings: ProcessSettings {
    package let logLevel: Logger.Level
    package let runDirectory: String
    package let clockFile: String
    let connections: Int
    let inFlight: Int
    package let eventsRetention: Milliseconds

    package init(_ reader: inout SettingsReader) throws(StartRefusal) {
        logLevel = try reader.choice("log.level", .info, "Least level that is logged.")
        runDirectory = try reader.path("paths.run", "/run/linda", "Folder of the processes' sockets.")
        clockFile = try reader.path(
            "clock.file", "", "For the sandbox: the file that sets a virtual clock; empty where time passes as it does.")
        connections = try reader.whole("rpc.connections", 1...100_000, default: 16_384, "Connections one process serves at once.")
        inFlight = try reader.whole("rpc.inFlight", 1...10_000, default: 256, "Calls one connection may have in flight.")
        eventsRetention = try reader.span(
            "events.retention", .hours(1) ... .days(3650), default: "30d", "How long the event log keeps an event.")
    }
}
