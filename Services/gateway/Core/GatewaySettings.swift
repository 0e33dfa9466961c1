import HTTPServer
package import ServiceKit
import Vocabulary

/// The settings that an operator may change for the gateway.
package struct GatewaySettings: ProcessSettings {
    let connections: Int
    /// Where the certificate is; nil where HTTP is plain.
    let tls: TLSFiles?
    let keyRate: Int
    let sessionIdle: Milliseconds
    let sessionLongest: Milliseconds
    let heartbeat: Milliseconds
    let waitingDeliveries: Int
    let webhookBytes: Int
    let webhookSilence: Milliseconds
    let inboxRetention: Milliseconds
    let keyLifetime: Milliseconds
    let dispatchConcurrency: Int
    let dispatchAttempts: Int

    package init(_ reader: inout SettingsReader) throws(StartRefusal) {
        connections = try reader.whole("http.connections", 1...100_000, default: 4096, "HTTP connections served at once; more wait.")
        tls = try Self.tls(&reader)
        keyRate = try reader.whole(
            "api.keyRate", 1...100_000, default: 5000,
            "Requests a second that one key or session of the HTTP API may make; more are answered 429.")
        sessionIdle = try reader.span(
            "session.idle", .minutes(1) ... .days(90), default: "12h", "How long after its last use a user's session ends.")
        sessionLongest = try reader.span(
            "session.longest", .minutes(1) ... .days(365), default: "7d", "How long a user's session lasts however often it is used.")
        heartbeat = try reader.span(
            "events.heartbeat", Milliseconds(500) ... .minutes(1), default: "15s",
            "Silence after which whoever listens to `/v1/events` is sent a heartbeat; a WebSocket that leaves two unanswered is closed.")
        waitingDeliveries = try reader.whole(
            "inbox.waiting", 1...1_000_000, default: 8192, "Deliveries that may wait for the disk; more are answered 503.")
        webhookBytes = try reader.whole(
            "webhook.bytes", 4_194_304...4_294_967_296, default: 67_108_864,
            "Bytes of deliveries that may be received or wait for the disk at once; more are answered 503.")
        webhookSilence = try reader.span(
            "webhook.silence", .seconds(10) ... .days(1), default: "5m",
            "Silence of Meta's after which deliveries may be missing, where they are rare: three times the longest pause of late counts as well, from 15 seconds on. Unknown messages of that time are not sent again for hours."
        )
        inboxRetention = try reader.span(
            "inbox.retention", .hours(1) ... .days(3650), default: "30d", "How long handled events and payloads are kept.")
        keyLifetime = try reader.span(
            "inbox.keyLifetime", .days(7) ... .days(365), default: "14d", "How long a repeated delivery is recognised.")
        dispatchConcurrency = try reader.whole(
            "dispatch.concurrency", 1...1024, default: 64, "Customers whose messages are handled at once.")
        dispatchAttempts = try reader.whole(
            "dispatch.attempts", 1...100, default: 8, "Attempts after which an event becomes a dead letter.")
    }

    private static func tls(_ reader: inout SettingsReader) throws(StartRefusal) -> TLSFiles? {
        let (certificateName, keyName) = ("tls.certificate", "tls.key")
        let certificate = try reader.path(
            certificateName, "",
            "PEM file with the certificate that HTTP is served with over TLS, the host's own first and then its chain; read again when it changes. Plain HTTP where it is empty."
        )
        let key = try reader.path(
            keyName, "", "PEM file with the private key of `tls.certificate`, without a passphrase; read again when it changes.")
        switch (certificate.isEmpty, key.isEmpty) {
        case (true, true): return nil
        case (false, false): return TLSFiles(certificate: certificate, key: key)
        case (false, true): reader.refuse(certificateName, "needs \(keyName) beside it: TLS takes a certificate and its key")
        case (true, false): reader.refuse(keyName, "needs \(certificateName) beside it: TLS takes a certificate and its key")
        }
        return nil
    }
}
