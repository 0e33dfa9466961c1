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
            return status >= 500 || status < 300 || status == 408 ? .ambiguous : .never
        }
        switch code {
        case 4, 17, 613, 80007, 130429, 131056: return .retry
        case 1, 2, 131000, 131016, 133004: return .ambiguous
        case 131049, 131057, 131064, 132015, 132069, 134101, 133015, 133016: return .delay
        default: return isTransient ? .ambiguous : .never
        }
    }

    /// The message's own recipient, template or text is at fault: others may still be sent.
    package var concernsTokenOrNumber: Bool {
        switch code {
        case 0, 3, 10, 190, 104, 131005, 131031, 131042, 131045, 133010, 368: true
        case .some(200...299): true
        default: false
        }
    }

    /// For people: what it means and what to do next.
    package var explanation: String {
        switch code {
        case 0, 190, 104: "The access token is invalid or has expired. Put a new one into the credential graph-token and restart."
        case 3, 10, 131005: "The token lacks a permission for this account. Check its scopes and assets."
        case 4, 17, 80007: "Too many Graph calls; they are slowed down by themselves."
        case 100, 131008, 131009: "A parameter is missing or wrong: \(details)"
        case 130429: "The number sends faster than Meta allows; the message is tried again by itself."
        case 131056: "Too many messages to this recipient in a short time; it is tried again by itself."
        case 131026: "The recipient cannot get it: no WhatsApp, terms not accepted, or an old app. Use another channel."
        case 131047: "More than 24 hours since the customer last wrote. Send a template."
        case 131048: "Meta restricts the number for spam. Pause campaigns and look at its quality."
        case 131049: "Meta did not deliver it to keep the recipient from too much marketing. Wait a day or more."
        case 131050: "The recipient has stopped marketing from this business. Do not send marketing again."
        case 132000, 132012: "The template's parameters do not match it. Compare them with the approved version."
        case 132001: "The template does not exist in that language or is not approved."
        case 132015: "The template is paused for quality. Use another until it is unpaused."
        case 132016: "The template is disabled for good. Create a new one."
        case 133010: "The number is not registered with the Cloud API. Register it."
        default: details
        }
    }
}
