import Foundation

/// What counts of a credential's file, look by look.
struct FollowedCredential: Sendable {
    /// What a look has changed.
    enum Step: Sendable {
        case same
        case replaced
        /// The file holds nothing that could be the credential; told once.
        case refused
    }

    /// What is wrong with a file.
    enum Problem: Sendable, Equatable {
        case missing
        case severalWords

        var text: String {
            switch self {
            case .missing: "its file is empty or cannot be read"
            case .severalWords: "its file has white space or control characters inside, and holds one secret on one line"
            }
        }
    }

    private(set) var secret: Secret
    /// Why the file does not count; nil where it does.
    private(set) var problem: Problem?
    /// What the last look has found, where it is another.
    private var found: Secret?
    /// Whether the last look has found nothing.
    private var isAway = false

    init(_ first: Secret) { secret = first }

    /// Another text counts once two looks agree on it, as the first may have met a file that was half written; so does its absence.
    ///
    /// - Parameter text: nil where nothing could be read.
    mutating func look(_ text: Secret?) -> Step {
        guard let text else {
            defer { (found, isAway) = (nil, true) }
            return isAway ? refuse(.missing) : .same
        }
        isAway = false
        guard text.reveal() != secret.reveal() else {
            (found, problem) = (nil, nil)
            return .same
        }
        guard text.reveal() == found?.reveal() else {
            found = text
            // Of another text it is not known yet; what was wrong stays so until then.
            return .same
        }
        guard Self.isOneWord(text) else { return refuse(.severalWords) }
        (secret, found, problem) = (text, nil, nil)
        return .replaced
    }

    private mutating func refuse(_ new: Problem) -> Step {
        guard problem != new else { return .same }
        problem = new
        return .refused
    }

    /// Whether a text stays one word of a header.
    static func isOneWord(_ secret: Secret) -> Bool {
        let refused = CharacterSet.whitespacesAndNewlines.union(.controlCharacters)
        return !secret.reveal().unicodeScalars.contains(where: refused.contains)
    }
}
