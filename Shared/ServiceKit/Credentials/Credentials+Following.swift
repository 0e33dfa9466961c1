import Foundation
package import Logging
import Synchronization

extension Credentials {
    /// A credential whose file is read again while the process runs: whoever replaces it need restart nothing.
    ///
    /// The file is looked at once a second at most, and only when the credential is wanted. Another text counts once two looks
    /// agree on it, as the first may have met a file that was half written. Emptied or gone for a moment, or of several words, it
    /// counts as it was. Under systemd a process has a copy of its own, which changes with its restart only.
    ///
    /// - Parameters:
    ///   - logger: is told of a text that is not taken.
    ///   - replaced: called each time another text counts.
    package func follow(
        _ name: String, logger: Logger? = nil, replaced: @escaping @Sendable () -> Void = {}
    ) throws(StartRefusal) -> @Sendable () -> Secret {
        let first = try require(name)
        guard FollowedCredential.isOneWord(first) else {
            throw StartRefusal(
                .configuration, "credential \(name) has white space or control characters inside: its file holds one secret, on one line")
        }
        let known = Mutex((credential: FollowedCredential(first), at: ContinuousClock.now))
        @Sendable func current() -> Secret {
            let (secret, step): (Secret, FollowedCredential.Step) = known.withLock { known in
                guard .now - known.at >= Self.pause else { return (known.credential.secret, .same) }
                known.at = .now
                let step = known.credential.look(try? require(name))  // unreadable, it is being replaced
                return (known.credential.secret, step)
            }
            switch step {
            case .same: break
            case .replaced: replaced()
            case .refused:
                logger?.warning(
                    "a credential has white space or control characters inside, keeping the one before; write one secret on one line",
                    metadata: ["credential": "\(name)"])
            }
            return secret
        }
        return current
    }

    private static let pause = Duration.seconds(1)
}

/// What counts of a credential's file, look by look.
struct FollowedCredential: Sendable {
    /// What a look has changed.
    enum Step: Sendable {
        case same
        case replaced
        /// The file has a text that cannot be one; told once.
        case refused
    }

    private(set) var secret: Secret
    /// What the last look has found, where it is another.
    private var found: Secret?
    private var isRefused = false

    init(_ first: Secret) { secret = first }

    /// - Parameter text: nil where nothing could be read.
    mutating func look(_ text: Secret?) -> Step {
        guard let text, text.reveal() != secret.reveal() else {
            found = nil
            if text != nil { isRefused = false }
            return .same
        }
        guard text.reveal() == found?.reveal() else {
            (found, isRefused) = (text, false)
            return .same
        }
        guard Self.isOneWord(text) else {
            defer { isRefused = true }
            return isRefused ? .same : .refused
        }
        (secret, found) = (text, nil)
        return .replaced
    }

    /// Whether a text stays one word of a header.
    static func isOneWord(_ secret: Secret) -> Bool {
        let refused = CharacterSet.whitespacesAndNewlines.union(.controlCharacters)
        return !secret.reveal().unicodeScalars.contains(where: refused.contains)
    }
}
