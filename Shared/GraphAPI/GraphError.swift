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
        /// Beside `holdNumber`: what holds the number is the token's fault, so it holds for every number that uses the token.
        case holdToken
        /// The number sends no templates for a while; answers within the 24-hour window go on.
        case restTemplates
        /// A status refuses what Meta had accepted: nothing that the account (WABA) pays for goes out until somebody releases it.
        case holdAccount
        /// Beside `holdAccount`: it is a lock, which ends when Meta reinstates the account.
        case lockAccount
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
        /// The template that was given for this case goes out instead of the message.
        case sendFallback
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
    /// Meta's subcode; only 33 under code 100 is built on: the number is not there.
    package var subcode: Int?
    /// Of the answer; nil where a status webhook told of the fault.
    package var httpStatus: Int?
    /// Whether the answer was JSON, as all of Meta's are; else something on the way answered.
    package var isJSON = true
    package var details: String
    /// Meta's message beside the details, where the answer has both.
    package var message: String?
    package var fbtraceID: String?
    package var isTransient: Bool

    /// Stands for details that Meta does not give.
    package static let unexplained = "no explanation was given"

    /// An answer other than success.
    package init(
        code: Int?, subcode: Int? = nil, status: Int, details: String, message: String? = nil, fbtraceID: String? = nil,
        isTransient: Bool = false, isJSON: Bool = true
    ) {
        self.code = code
        self.subcode = subcode
        self.isJSON = isJSON
        httpStatus = status
        self.details = details
        self.message = message
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
        if code != nil {
            // A code that nobody here knows yet: what the answer's status says is known.
            return switch httpStatus ?? 0 {
            case _ where isTransient: .ambiguous
            case 429: .retry
            case 408, 500...: .ambiguous
            default: .never
            }
        }
        // No word of Meta's own: a success that cannot be read, a proxy's error. It may have been carried out.
        return switch httpStatus ?? 0 {
        // Redirected, or held up at a login page: Meta has not seen it.
        case 429, 300..<400, 511: .retry
        case 408, 500...: .ambiguous
        case 400..<500: .never
        default: .ambiguous
        }
    }

    /// What Linda does about it besides what becomes of the message.
    package var measures: Set<Measure> {
        if let row { return row.measures }
        guard code == nil, let httpStatus else { return [] }
        // No word of Meta's own: something on the way to it is wrong, not the message. A page where Meta answers JSON
        // would be got by every message, so the others wait.
        if (300..<400).contains(httpStatus) || httpStatus == 511 || !isJSON && (200..<300).contains(httpStatus) { return [.restApp] }
        return errorClass == .never && (400..<500).contains(httpStatus) ? [.holdNumber] : []
    }

    /// Whether the message or its recipient is meant; else its number, its account or the whole app may not send now, whatever it sends.
    package var isOfMessage: Bool {
        measures.isDisjoint(with: [.slowNumber, .restNumber, .holdNumber, .restTemplates, .restAccount, .restApp])
    }

    package var fate: Fate {
        switch errorClass {
        case .retry: .again
        case .ambiguous: .awaitsStatus
        case .delay, .never: measures.isDisjoint(with: [.holdNumber, .restNumber, .restTemplates]) ? .fails : .again
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

    /// Whether Meta does not know the id that was asked for, or the token may not see it.
    package var isMissing: Bool { number == GraphErrorCode.missing }

    private var row: GraphErrorCode? { number.flatMap { GraphErrorCode.of($0) } }

    /// The code by which the table knows the fault.
    private var number: Int? { code == 100 && subcode == GraphErrorCode.missing ? GraphErrorCode.missing : code }
}
