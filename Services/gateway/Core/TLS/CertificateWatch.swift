import Foundation
import HTTPServer
import Logging
import ServiceKit
import ServiceLifecycle
import Synchronization
import Vocabulary

/// Serves the certificate that its files hold, also once they hold another.
///
/// It looks at them once a minute. Gone, half written or of two pairs, they change nothing: the certificate before is served, and
/// what is wrong is told.
final class CertificateWatch: Service, Sendable {
    /// What connections are served with.
    let served: ServedCertificate
    private let files: TLSFiles
    private let clock: WallClock
    private let logger: Logger
    private let state: Mutex<FollowedCertificate>

    init(_ files: TLSFiles, clock: WallClock, logger: Logger) throws(StartRefusal) {
        do throws(TLSProblem) {
            let first = try files.read()
            served = ServedCertificate(first)
            state = Mutex(FollowedCertificate(first.facts))
        } catch {
            throw StartRefusal(.configuration, "tls: \(files.text(of: error))")
        }
        self.files = files
        self.clock = clock
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                do { try await clock.sleep(for: .minutes(1)) } catch { return }
                look()
            }
        }
    }

    /// Takes what the files hold now.
    ///
    /// - Parameter isCertain: whoever asks has written both files.
    func look(isCertain: Bool = false) {
        let (step, end) = state.withLock { state in
            // Within the lock, so that of two looks the later counts.
            let read = Result { () throws(TLSProblem) in try files.read() }
            let step = state.look(read.map(\.facts), isCertain: isCertain)
            if step == .replaced, case .success(let new) = read { served.replace(with: new) }
            return (step, state.facts.end)
        }
        switch step {
        case .same: break
        case .replaced:
            logger.notice("a new certificate is taken from its files", metadata: ["until": "\(Date(end).formatted(.iso8601))"])
        case .refused(let problem):
            logger.error(
                "a certificate cannot be taken from its files, keeping the one before", metadata: ["problem": "\(files.text(of: problem))"])
        }
    }

    /// What is wrong with the files or the certificate's time, as long as it is; nil where all is well.
    var health: HealthCheck {
        HealthCheck("certificate") { [self] in state.withLock { $0 }.trouble(at: clock.now, files) }
    }
}
