import Foundation
import HTTPServer
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceKit
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// Files of a certificate that change while it is served.
@Suite(.timeLimit(.minutes(1))) struct CertificateWatchTests {
    private let quiet = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }

    private func inFolder(_ body: (_ folder: String, _ files: TLSFiles) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        try TestCertificate.first.write(into: folder)
        try await body(folder, TLSFiles(certificate: "\(folder)/tls.pem", key: "\(folder)/tls.key"))
    }

    @Test func anotherCertificateIsTakenAMinuteLaterByTheClock() async throws {
        try await inFolder { folder, files in
            let now = MutexBox(GatewayDesk.start)
            let looked = MutexBox(0)
            let clock = WallClock.moved(now) { looked.update { $0 += 1 } }
            let watch = try CertificateWatch(files, clock: clock, logger: quiet)
            let first = watch.served.current.facts
            try TestCertificate.second.write(into: folder)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await watch.run() }
                // It sleeps, and looks at the clock meanwhile.
                try await eventually("the sleep") { looked.value > 1 }
                now.set(GatewayDesk.start + .seconds(59))
                let before = looked.value
                try await eventually("a look at the clock") { looked.value > before + 1 }
                #expect(watch.served.current.facts == first)
                now.set(GatewayDesk.start + .minutes(1))
                try await eventually("the second certificate") { watch.served.current.facts != first }
                group.cancelAll()
            }
            #expect(await watch.health.problem() == nil)
        }
    }

    @Test func aPairThatDoesNotFitKeepsTheOneBeforeAndIsTold() async throws {
        try await inFolder { folder, files in
            let watch = try CertificateWatch(files, clock: .moved(MutexBox(GatewayDesk.start)), logger: quiet)
            let first = watch.served.current.facts
            try TestCertificate(chain: TestCertificate.second.chain, key: TestCertificate.first.key).write(into: folder)
            watch.look()
            #expect(await watch.health.problem() == nil, "it may be half written")
            watch.look()
            #expect(watch.served.current.facts == first)
            #expect(await watch.health.problem()?.contains("is not the key of the first certificate") == true)
            try TestCertificate.second.write(into: folder)
            watch.look()
            #expect(watch.served.current.facts != first)
            #expect(await watch.health.problem() == nil)
        }
    }

    @Test func healthTellsOfTheEnd() async throws {
        try await inFolder { _, files in
            let now = MutexBox(GatewayDesk.start)
            let watch = try CertificateWatch(files, clock: .moved(now), logger: quiet)
            now.set(watch.served.current.facts.end)
            #expect(await watch.health.problem()?.contains("ended on 2126-11-04T23:16:13Z") == true)
        }
    }

    /// Without one that counted before there is nothing to serve.
    @Test func aProcessDoesNotStartWithoutAPair() async throws {
        try await inFolder { folder, files in
            try TestCertificate(chain: TestCertificate.first.chain, key: "").write(into: folder)
            do throws(StartRefusal) {
                _ = try CertificateWatch(files, clock: .moved(MutexBox(GatewayDesk.start)), logger: quiet)
                Issue.record("taken")
            } catch {
                #expect(error.status == .configuration && error.description.contains("\(folder)/tls.key"))
            }
        }
    }

    @Test func oneSettingWithoutTheOtherIsRefused() {
        func read(_ settings: [String]) -> (isTLS: Bool?, refusal: String?) {
            do throws(StartRefusal) {
                let own = try Configuration(process: "gateway", file: nil, overrides: settings).settings(GatewaySettings.self).own
                return (own.tls != nil, nil)
            } catch { return (nil, error.description) }
        }
        #expect(read([]).isTLS == false)
        #expect(read(["tls.certificate=/c", "tls.key=/k"]).isTLS == true)
        #expect(read(["tls.certificate=/c"]).refusal?.contains("tls.certificate needs tls.key beside it") == true)
        #expect(read(["tls.key=/k"]).refusal?.contains("tls.key needs tls.certificate beside it") == true)
        #expect(read(["tls.certificate=c", "tls.key=/k"]).refusal?.contains("must be an absolute path") == true)
    }

    @Test func aRequestOverTheGatewaysOwnTLSIsSecure() {
        func isSecure(_ scheme: String, _ forwarded: String? = nil) -> Bool {
            var head = HTTPRequest(method: .get, scheme: scheme, authority: "t", path: "/")
            if let forwarded, let name = HTTPField.Name("X-Forwarded-Proto") { head.headerFields[name] = forwarded }
            return GatewayContext.isSecure(Request(head: head, body: RequestBody(buffer: ByteBuffer())))
        }
        #expect(isSecure("https") && isSecure("http", "https") && isSecure("https", "http"))
        #expect(!isSecure("http") && !isSecure("http", "http"))
    }
}
