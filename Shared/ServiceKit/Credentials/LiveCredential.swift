import Logging
import ServiceLifecycle
import Synchronization

/// A credential as its file has it now.
///
/// While it runs it looks at the file once a second, so that whoever replaces it is told what came of it, even if nothing needs it.
/// Emptied, gone or of several words, the file changes nothing: the credential counts as it was, and the problem is told.
package final class LiveCredential: Service, Sendable {
    private struct State {
        var credential: FollowedCredential
        var at: ContinuousClock.Instant
        var listeners: [@Sendable () -> Void] = []
    }

    private let credentials: Credentials
    package let name: String
    private let logger: Logger?
    private let state: Mutex<State>

    init(_ credentials: Credentials, _ name: String, _ first: Secret, logger: Logger?) {
        self.credentials = credentials
        self.name = name
        self.logger = logger
        state = Mutex(State(credential: FollowedCredential(first), at: .now))
    }

    /// Has a listener called each time that another text counts.
    package func whenReplaced(_ listener: @escaping @Sendable () -> Void) { state.withLock { $0.listeners.append(listener) } }

    /// The secret; looks at the file first unless that was done within this second.
    package func callAsFunction() -> Secret {
        let (credential, step, listeners) = state.withLock { state in
            guard .now - state.at >= Self.pause else { return (state.credential, FollowedCredential.Step.same, [@Sendable () -> Void]()) }
            state.at = .now
            let step = state.credential.look(try? credentials.require(name))  // unreadable is told as such
            return (state.credential, step, state.listeners)
        }
        switch step {
        case .same: break
        case .replaced:
            logger?.notice("a new credential is taken from its file", metadata: ["credential": "\(name)"])
            for listener in listeners { listener() }
        case .refused:
            logger?.warning(
                "a credential cannot be taken from its file, keeping the one before",
                metadata: ["credential": "\(name)", "problem": "\(credential.problem?.text ?? "")"])
        }
        return credential.secret
    }

    /// Whether the file holds a text already that may not count yet.
    package func isNext(_ text: String) -> Bool {
        let inFile = try? credentials.require(name)  // unreadable, it holds none
        return inFile?.reveal() == text
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                _ = self()
                try? await Task.sleep(for: Self.pause)  // cut short by the shutdown
            }
        }
    }

    /// What is wrong with the file, as long as it is; nil where all is well.
    package var problem: String? {
        state.withLock { $0.credential.problem }.map { "\($0.text); the one before still counts, until a restart" }
    }

    private static let pause = Duration.seconds(1)
}
