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

    /// What Linda does about a fault besides what becomes of the message itself.
    package enum Measure: String, Sendable, CaseIterable {
        /// The number sends a tenth less from now on, and grows again.
        case slowNumber
        /// Nothing goes to this person from this number for a while.
        case holdPair
        /// The number sends nothing for a while.
        case restNumber
        /// The number's messages wait until somebody has acted.
        case holdNumber
        /// Nothing of the account (WABA) is asked for a while.
        case restAccount
        /// Nothing of the whole app is asked for a while.
        case restApp
        /// The number sends no marketing until its quality is better.
        case restrictNumber
        /// The person has stopped marketing.
        case recordOptOut
        /// The template fails for everybody: its campaign waits for somebody to act.
        case pauseCampaign
    }

    /// What becomes of the message that was refused.
    package enum Fate: Sendable {
        /// It waits and is tried again.
        case again
        /// Meta may have it: only its status can tell.
        case awaitsStatus
        case fails
    }

    /// Meta's code; 0 is itself a code (invalid token), nil means there was none.
    package var code: Int?
    /// Of the answer; nil where a status webhook told of the fault.
    package var httpStatus: Int?
    package var details: String
    package var fbtraceID: String?
    package var isTransient: Bool

    /// An answer other than success.
    package init(code: Int?, status: Int, details: String, fbtraceID: String? = nil, isTransient: Bool = false) {
        self.code = code
        httpStatus = status
        self.details = details
        self.fbtraceID = fbtraceID
        self.isTransient = isTransient
    }

    /// The fault that a message's status names.
    package init(inStatus code: Int, details: String) {
        self.code = code
        self.details = details
        isTransient = false
    }

    package var description: String {
        let origin = httpStatus.map { "Meta answered \($0)" } ?? "Meta's status says failed"
        return "\(origin)\(code.map { ", code \($0)" } ?? ""): \(details)"
    }

    package var errorClass: Class {
        if let row { return row.errorClass }
        guard code == nil else { return isTransient ? .ambiguous : .never }
        // No word of Meta's own: a success that cannot be read, a proxy's error. It may have been carried out.
        return switch httpStatus ?? 0 {
        case 429: .retry
        case 408, 500...: .ambiguous
        case 300..<500: .never
        default: .ambiguous
        }
    }

    /// What Linda does about it besides what becomes of the message.
    package var measures: Set<Measure> {
        if let row { return row.measures }
        // No word of Meta's own but a refusal: something on the way to it is wrong, not the message.
        return code == nil && errorClass == .never && (400..<500).contains(httpStatus ?? 0) ? [.holdNumber] : []
    }

    package var fate: Fate {
        switch errorClass {
        case .retry: .again
        case .ambiguous: .awaitsStatus
        case .delay, .never: measures.isDisjoint(with: [.holdNumber, .restNumber]) ? .fails : .again
        }
    }

    /// Milliseconds before it makes sense to try again, where Meta gives a time.
    package var pause: Milliseconds? { row?.pause }

    /// What it means, for people.
    package var meaning: String { row?.meaning ?? details }

    /// What to do next, for people.
    package var nextStep: String {
        row?.nextStep ?? (errorClass == .never ? "Look at Meta's explanation: \(details)" : "Linda tries it again by itself.")
    }

    /// Meaning and next step together; what Meta said itself where that tells more.
    package var explanation: String {
        guard let row else { return details }
        return row.wantsDetails ? "\(row.meaning) (\(details)) \(row.nextStep)" : "\(row.meaning) \(row.nextStep)"
    }

    private var row: GraphErrorCode? { code.flatMap { GraphErrorCode.of($0) } }
}
