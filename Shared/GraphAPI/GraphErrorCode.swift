import Vocabulary

/// What is known of one of Meta's error codes.
///
/// Source: Meta, Cloud API error codes and groups error codes; the classes follow Meta's advice per code.
struct GraphErrorCode: Sendable {
    var errorClass: GraphError.Class
    var scope: GraphError.Scope
    var meaning: String
    var nextStep: String
    /// Milliseconds.
    var pause: Milliseconds?
    /// Meta's own details say which parameter or rule it was.
    var wantsDetails: Bool

    private init(
        _ errorClass: GraphError.Class,
        _ scope: GraphError.Scope,
        _ meaning: String,
        _ nextStep: String,
        pause: Milliseconds? = nil,
        wantsDetails: Bool = false
    ) {
        self.errorClass = errorClass
        self.scope = scope
        self.meaning = meaning
        self.nextStep = nextStep
        self.pause = pause
        self.wantsDetails = wantsDetails
    }

    private static let minute = Milliseconds.minutes(1)
    private static let hour = Milliseconds.hours(1)

    static let known: [Int: GraphErrorCode] = {
        let token = GraphErrorCode(
            .never, .token, "The access token is invalid or has expired.",
            "Put a new one into the credential graph-token and restart account-router.")
        let permission = GraphErrorCode(
            .never, .token, "The token lacks a permission for this account.", "Check its scopes and the assets it may use.")
        let parameter = GraphErrorCode(
            .never, .message, "A parameter is missing or wrong.", "Correct the message and send it anew.", wantsDetails: true)
        let fault = GraphErrorCode(
            .ambiguous, .message, "Meta had a temporary fault and may have sent it.",
            "Linda waits for its status and sends it again only if none comes.")
        let calls = GraphErrorCode(.retry, .token, "Too many Graph calls in this hour.", "Linda slows down by itself.", pause: minute)
        let payment = GraphErrorCode(.never, .account, "Meta reports a payment problem.", "Put the account's billing in order.")
        let locked = GraphErrorCode(
            .never, .account, "Meta has restricted or locked the account for a policy violation.",
            "Look at the account's status at Meta and appeal there.")
        let register = GraphErrorCode(
            .never, .number, "The number is not registered with the Cloud API.", "Register it: linda accounts link.")
        let template = GraphErrorCode(
            .never, .template, "The template's parameters do not match it.", "Compare them with the approved version.", wantsDetails: true)
        let marketing = GraphErrorCode(
            .never, .message, "This endpoint does not take this kind of message.",
            "Switch the number's marketing endpoint on or off.", wantsDetails: true)
        var codes: [Int: GraphErrorCode] = [
            0: token, 190: token, 104: token,
            3: permission, 10: permission, 131005: permission,
            1: fault, 2: fault, 131000: fault, 131016: fault, 133004: fault,
            4: calls, 17: calls, 613: calls,
            80007: GraphErrorCode(
                .retry, .account, "The account has used its Graph calls of this hour.", "Linda slows the account down by itself.",
                pause: minute),
            130429: GraphErrorCode(
                .retry, .number, "The number sends faster than Meta allows.", "Linda slows it down and tries again by itself.", pause: 1000),
            131056: GraphErrorCode(
                .retry, .message, "Too many messages to this recipient in a short time.", "Linda tries it again by itself."),
            131048: GraphErrorCode(
                .never, .number, "Meta restricts the number for spam or low quality.",
                "Pause campaigns on it and look at its quality; retrying makes it worse."),
            131049: GraphErrorCode(
                .delay, .message, "Meta did not deliver it to keep the recipient from too much marketing.",
                "Wait a day or more before marketing to this person again.", pause: hour * 24),
            131050: GraphErrorCode(
                .never, .message, "The recipient has stopped marketing from this business.",
                "Do not send marketing again; the opt-out is recorded."),
            131047: GraphErrorCode(.never, .message, "More than 24 hours since the customer last wrote.", "Send a template."),
            131026: GraphErrorCode(
                .never, .message, "The recipient cannot get it: no WhatsApp, terms not accepted, or an old app.", "Use another channel."),
            130403: GraphErrorCode(.never, .message, "The business has blocked this person.", "Unblock them first."),
            130472: GraphErrorCode(
                .never, .message, "The recipient is in an experiment of Meta's and gets no marketing.", "Do not send this message again."),
            130497: GraphErrorCode(.never, .message, "The business may not write to people in that country.", "Leave that country out."),
            131064: GraphErrorCode(
                .delay, .account, "Meta limits the account because templates were filed in a wrong category.",
                "Correct the categories; the limit lifts by itself.", pause: hour),
            368: locked, 131031: locked,
            131042: payment, 131044: payment, 134011: payment,
            100: parameter, 131008: parameter, 131009: parameter, 135000: parameter, 803: parameter,
            33: GraphErrorCode(
                .never, .number, "Meta does not know the number or it was deleted.", "Check the phone number id and the token."),
            131021: GraphErrorCode(.never, .message, "The recipient is the sender itself.", "Choose another recipient."),
            131030: GraphErrorCode(
                .never, .message, "A test number may write to five listed people only.", "Add the recipient to the list at Meta."),
            131037: GraphErrorCode(.never, .number, "The number's display name is not approved.", "Have the name approved at Meta."),
            131045: register, 133010: register,
            131051: GraphErrorCode(.never, .message, "Meta does not support this type of message.", "Send another type."),
            131052: GraphErrorCode(.never, .message, "The customer's media could not be fetched.", "Ask them to send it again."),
            131053: GraphErrorCode(
                .never, .message, "Meta could not use the media.", "Check its type, its size and that the link can be reached.",
                wantsDetails: true),
            131057: GraphErrorCode(
                .delay, .number, "The number is in maintenance, such as an upgrade of its throughput.", "Linda tries again in a minute.",
                pause: minute),
            131062: GraphErrorCode(
                .never, .message, "This message needs a phone number, not a user id.", "Send it to the phone number."),
            131055: marketing, 131063: marketing, 134100: marketing,
            134101: GraphErrorCode(
                .delay, .template, "Meta is still preparing the template for marketing messages.", "Linda tries again in ten minutes.",
                pause: minute * 10),
            134102: GraphErrorCode(
                .never, .template, "The template cannot be used with marketing messages.", "Use another template or the usual endpoint."),
            132000: template, 132008: template, 132012: template, 132018: template,
            132001: GraphErrorCode(
                .never, .template, "The template does not exist in that language or is not approved.", "Submit it, or send another."),
            132005: GraphErrorCode(.never, .message, "The text with its variables filled in is too long.", "Shorten the variables."),
            132007: GraphErrorCode(.never, .template, "The content violates Meta's policy.", "Change the template."),
            132015: GraphErrorCode(
                .delay, .template, "The template is paused for low quality.", "Use another until Meta unpauses it.", pause: hour * 3),
            132016: GraphErrorCode(.never, .template, "The template is disabled for good.", "Create a new one."),
            132068: GraphErrorCode(.never, .template, "The Flow is blocked.", "Repair the Flow at Meta."),
            132069: GraphErrorCode(
                .delay, .template, "The Flow is throttled to ten messages an hour.", "Linda waits an hour.", pause: hour),
            133000: GraphErrorCode(.never, .number, "An earlier deregistration failed.", "Deregister the number again."),
            133005: GraphErrorCode(.never, .number, "The two-step PIN is wrong.", "Enter the right PIN."),
            133006: GraphErrorCode(.never, .number, "The number must be verified first.", "Request a code and verify it."),
            133008: GraphErrorCode(.delay, .number, "Too many wrong PINs.", "Wait as long as Meta says.", pause: hour, wantsDetails: true),
            133009: GraphErrorCode(.delay, .number, "The PIN was entered too fast.", "Wait a minute.", pause: minute),
            133015: GraphErrorCode(.delay, .number, "The number was just deleted.", "Wait five minutes.", pause: minute * 5),
            133016: GraphErrorCode(
                .delay, .number, "More than ten registrations of the number in 72 hours.", "Wait 72 hours.", pause: hour * 72),
            137000: GraphErrorCode(
                .never, .message, "The recipient's identity is no longer the expected one.", "Confirm who they are before writing again."),
        ]
        let groups = GraphErrorCode(.never, .message, "The group cannot take it.", "Look at the group's state.", wantsDetails: true)
        for code in [131020, 131041, 131059, 131201, 131202, 131204, 131207] + Array(131209...131215) { codes[code] = groups }
        codes[131208] = GraphErrorCode(.retry, .message, "Too many calls for groups.", "Linda tries it again by itself.", pause: 1000)
        let creation = GraphErrorCode(
            .never, .template, "Meta does not take the template as it is.", "Correct it and submit it again.", wantsDetails: true)
        for code in [2388019, 2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299] { codes[code] = creation }
        return codes
    }()
}
