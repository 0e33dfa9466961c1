package import Vocabulary

/// What Meta answered instead of success, and what to do about it.
///
/// Source: Meta, Cloud API error codes. Logic builds on `code`; titles and
/// subcodes are unreliable by Meta's own word.
package struct GraphError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Whether the same request may be made again.
    package enum Class: String, Codable, Sendable {
        /// Refused before processing: repeating it after a pause is safe.
        case retry
        /// It may have been carried out: repeating it may send twice.
        case ambiguous
        /// Not before a longer time has passed.
        case delay
        /// Not without a change.
        case never
    }

    /// What else the fault stops besides this message.
    package enum Scope: Sendable {
        /// This message, its recipient or its text.
        case message
        /// Every message of the template.
        case template
        /// Every message of the number: its registration, its reputation.
        case number
        /// Every message of the account (WABA): its policy state, its bill.
        case account
        /// Everything that uses the token.
        case token
    }

    /// Meta's code; 0 is itself a code (invalid token), nil means there was none.
    package var code: Int?
    package var status: Int
    package var details: String
    package var fbtraceID: String?
    package var isTransient: Bool

    package init(code: Int?, status: Int, details: String, fbtraceID: String? = nil, isTransient: Bool = false) {
        self.code = code
        self.status = status
        self.details = details
        self.fbtraceID = fbtraceID
        self.isTransient = isTransient
    }

    package var description: String {
        "Meta answered \(status)\(code.map { ", code \($0)" } ?? ""): \(details)"
    }

    package var errorClass: Class {
        guard let code else {
            // No word of Meta's own: a success that cannot be read, a proxy's error. It may have been carried out.
            if status == 429 { return .retry }
            if status == 401 { return .never }
            return status >= 500 || status < 300 || status == 408 ? .ambiguous : .never
        }
        return entry?.errorClass ?? ((200...299).contains(code) ? .never : isTransient ? .ambiguous : .never)
    }

    package var scope: Scope {
        if let entry { return entry.scope }
        if let code, (200...299).contains(code) { return .token }
        return code == nil && status == 401 ? .token : .message
    }

    /// Whether the same message may go through another time: the fault passes by itself, or somebody may have acted on it.
    package var maySucceedLater: Bool {
        switch errorClass {
        case .retry, .ambiguous, .delay: true
        // A new token, a mended bill, an approved template.
        case .never: scope != .message
        }
    }

    /// Milliseconds before it makes sense to try again, where Meta gives a time.
    package var pause: Milliseconds? { entry?.pause }

    /// What it means, for people.
    package var meaning: String { entry?.meaning ?? details }

    /// What to do next, for people.
    package var nextStep: String {
        entry?.nextStep ?? (errorClass == .never ? "Look at Meta's explanation: \(details)" : "Linda tries it again by itself.")
    }

    /// Meaning and next step together; what Meta said itself where that tells more.
    package var explanation: String {
        guard let entry else { return details }
        return entry.wantsDetails ? "\(entry.meaning) (\(details)) \(entry.nextStep)" : "\(entry.meaning) \(entry.nextStep)"
    }

    private var entry: GraphErrorCode? { code.flatMap { GraphErrorCode.known[$0] } }
}
