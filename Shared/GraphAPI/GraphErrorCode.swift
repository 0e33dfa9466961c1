package import Vocabulary

/// What is known of one of Meta's error codes: what it means, and what Linda does about it.
///
/// The one table for answers and for statuses alike. Source: Meta, Cloud API error codes and groups error codes; the
/// classes follow Meta's advice per code.
package struct GraphErrorCode: Sendable {
    package var errorClass: GraphError.Class
    package var scope: GraphError.Scope
    /// In plain words, for people.
    package var meaning: String
    /// What to do next, for people.
    package var nextStep: String
    /// What Linda does besides what becomes of the message itself.
    package var measures: Set<GraphError.Measure>
    /// Before it makes sense to try again, where that is known.
    package var pause: Milliseconds?
    /// Meta's own details say which parameter or rule it was.
    var wantsDetails: Bool

    /// What is known of a code; nil where nothing is.
    package static func of(_ code: Int) -> GraphErrorCode? { known[code] ?? ((200...299).contains(code) ? known[10] : nil) }

    /// Whether the same message may go through another time: the fault passes by itself, or somebody may have acted on it.
    package var maySucceedLater: Bool {
        switch errorClass {
        case .retry, .ambiguous, .delay: true
        // A new token, a mended bill, an approved template.
        case .never: scope != .message
        }
    }

    private init(
        _ errorClass: GraphError.Class,
        _ scope: GraphError.Scope,
        _ meaning: String,
        next nextStep: String,
        measures: Set<GraphError.Measure> = [],
        pause: Milliseconds? = nil,
        wantsDetails: Bool = false
    ) {
        self.errorClass = errorClass
        self.scope = scope
        self.meaning = meaning
        self.nextStep = nextStep
        self.measures = measures
        self.pause = pause
        self.wantsDetails = wantsDetails
    }

    /// Meta, re-engagement message: the 24-hour window is closed.
    package static let windowClosed = 131_047

    /// Meta, the id does not exist or the token lacks permission: as subcode under 100, or as code where a number was deleted.
    static let missing = 33

    /// Each row with the codes that it is about.
    private static let rows: [([Int], GraphErrorCode)] =
        token + rates + recipients + business + numbers + templates + content + others

    private static let known: [Int: GraphErrorCode] = {
        var codes: [Int: GraphErrorCode] = [:]
        for (numbers, row) in rows {
            for number in numbers { codes[number] = row }
        }
        return codes
    }()

    /// Every code of the table.
    package static var all: [Int] { known.keys.sorted() }
}

// MARK: - The rows

extension GraphErrorCode {
    private static let minute = Milliseconds.minutes(1)
    private static let hour = Milliseconds.hours(1)

    /// The token, and the rights that go with it.
    private static let token: [([Int], GraphErrorCode)] = [
        (
            // Meta does not accept the token any more: no number that uses it can send.
            [0, 190, 104],
            GraphErrorCode(
                .never, .token, "The access token is invalid or has expired.",
                next:
                    "Put a new one into the file credentials/graph-token in the folder of linda up, which is read again at once; under systemd into /etc/linda/credentials/graph-token, then restart account-router and template-service.",
                measures: [.holdNumber, .holdToken])
        ),
        (
            [3, 10, 131005],
            GraphErrorCode(
                .never, .token, "The token lacks a permission for this account.", next: "Check its scopes and the assets it may use.",
                measures: [.holdNumber], wantsDetails: true)
        ),
    ]

    /// What is sent or asked too fast.
    private static let rates: [([Int], GraphErrorCode)] = [
        (
            [4],
            GraphErrorCode(
                .retry, .token, "Too many Graph calls in this hour.", next: "Linda slows down by itself.", measures: [.restApp],
                pause: minute)
        ),
        (
            [17, 613],
            GraphErrorCode(
                .retry, .token, "Too many Graph calls in this hour.", next: "Linda slows down by itself.", measures: [.restAccount],
                pause: minute)
        ),
        (
            [80007],
            GraphErrorCode(
                .retry, .account, "The account has used its Graph calls of this hour.", next: "Linda slows the account down by itself.",
                measures: [.restAccount], pause: minute)
        ),
        (
            [130429],
            GraphErrorCode(
                .retry, .number, "The number sends faster than Meta allows.", next: "Linda slows it down and tries again by itself.",
                measures: [.slowNumber], pause: 1000)
        ),
        (
            [131056],
            GraphErrorCode(
                .retry, .message, "Too many messages to this recipient in a short time.", next: "Linda tries it again by itself.",
                measures: [.holdPair])
        ),
        ([131208], GraphErrorCode(.retry, .message, "Too many calls for groups.", next: "Linda tries it again by itself.", pause: 1000)),
    ]

    /// The person who is written to.
    private static let recipients: [([Int], GraphErrorCode)] = [
        (
            [131049],
            GraphErrorCode(
                .delay, .message, "Meta did not deliver it to keep the recipient from too much marketing.",
                next: "Wait a day or more before marketing to this person again.", pause: hour * 24)
        ),
        (
            [131050],
            GraphErrorCode(
                .never, .message, "The recipient has stopped marketing from this business.",
                next: "Do not send marketing again; the opt-out is recorded.", measures: [.recordOptOut])
        ),
        (
            [windowClosed],
            GraphErrorCode(
                .never, .message, "More than 24 hours since the customer last wrote.", next: "Send a template.", measures: [.sendFallback])
        ),
        (
            [131026],
            GraphErrorCode(
                .never, .message, "The recipient cannot get it: no WhatsApp, terms not accepted, or an old app.",
                next: "Use another channel.")
        ),
        ([130403], GraphErrorCode(.never, .message, "The business has blocked this person.", next: "Unblock them first.")),
        (
            [130472],
            GraphErrorCode(
                .never, .message, "The recipient is in an experiment of Meta's and gets no marketing.",
                next: "Do not send this message again.")
        ),
        (
            [130497],
            GraphErrorCode(.never, .message, "The business may not write to people in that country.", next: "Leave that country out.")
        ),
        ([131021], GraphErrorCode(.never, .message, "The recipient is the sender itself.", next: "Choose another recipient.")),
        (
            [131030],
            GraphErrorCode(
                .never, .message, "A test number may write to five listed people only.", next: "Add the recipient to the list at Meta.")
        ),
        (
            [131062],
            GraphErrorCode(.never, .message, "This message needs a phone number, not a user id.", next: "Send it to the phone number.")
        ),
        (
            [137000],
            GraphErrorCode(
                .never, .message, "The recipient's identity is no longer the expected one.",
                next: "Confirm who they are before writing again.")
        ),
    ]

    /// The account (WABA): its bill and its standing.
    private static let business: [([Int], GraphErrorCode)] = [
        (
            [131064],
            GraphErrorCode(
                .delay, .account, "Meta limits the account because templates were filed in a wrong category.",
                next: "Correct the categories; the limit lifts by itself.", measures: [.restTemplates], pause: hour)
        ),
        (
            [368, 131031],
            GraphErrorCode(
                .never, .account, "Meta has restricted or locked the account for a policy violation.",
                next:
                    "Look at the account's status at Meta and appeal there. Reinstated by Meta, its numbers send by themselves; a hold that stays ends with linda accounts release.",
                measures: [.holdNumber, .holdAccount, .lockAccount])
        ),
        (
            [131042, 131044, 134011],
            GraphErrorCode(
                .never, .account, "Meta reports a payment problem.",
                next: "Put the account's billing in order; then: linda accounts release.",
                measures: [.holdNumber, .holdAccount])
        ),
    ]

    /// The number: its registration and its reputation.
    private static let numbers: [([Int], GraphErrorCode)] = [
        (
            [131048],
            GraphErrorCode(
                .never, .number, "Meta restricts the number for spam or low quality.",
                next: "Pause campaigns on it and look at its quality; retrying makes it worse.", measures: [.restrictNumber])
        ),
        (
            [missing],
            GraphErrorCode(
                .never, .number, "Meta does not know the number or it was deleted.", next: "Check the phone number id and the token.",
                measures: [.holdNumber])
        ),
        (
            [131037],
            GraphErrorCode(
                .never, .number, "The number's display name is not approved.", next: "Have the name approved at Meta.",
                measures: [.holdNumber])
        ),
        (
            [131045, 133010],
            GraphErrorCode(
                .never, .number, "The number is not registered with the Cloud API.", next: "Register it: linda accounts link.",
                measures: [.holdNumber])
        ),
        (
            [131057, 2_494_100],
            GraphErrorCode(
                .delay, .number, "The number is in maintenance, such as an upgrade of its throughput.",
                next: "Linda tries again in a minute.",
                measures: [.restNumber], pause: minute)
        ),
        (
            [133000],
            GraphErrorCode(
                .never, .number, "An earlier deregistration failed.", next: "Deregister the number again.", measures: [.holdNumber])
        ),
        ([133005], GraphErrorCode(.never, .number, "The two-step PIN is wrong.", next: "Enter the right PIN.", measures: [.holdNumber])),
        (
            [133006],
            GraphErrorCode(
                .never, .number, "The number must be verified first.", next: "Request a code and verify it.", measures: [.holdNumber])
        ),
        (
            [133008],
            GraphErrorCode(
                .delay, .number, "Too many wrong PINs.", next: "Wait as long as Meta says.", measures: [.restNumber], pause: hour,
                wantsDetails: true)
        ),
        (
            [133009],
            GraphErrorCode(.delay, .number, "The PIN was entered too fast.", next: "Wait a minute.", measures: [.restNumber], pause: minute)
        ),
        (
            [133015],
            GraphErrorCode(
                .delay, .number, "The number was just deleted.", next: "Wait five minutes.", measures: [.restNumber], pause: minute * 5)
        ),
        (
            [133016],
            GraphErrorCode(
                .delay, .number, "More than ten registrations of the number in 72 hours.", next: "Wait 72 hours.", measures: [.restNumber],
                pause: hour * 72
            )
        ),
    ]

    /// The template.
    private static let templates: [([Int], GraphErrorCode)] = [
        (
            [134101],
            GraphErrorCode(
                .delay, .template, "Meta is still preparing the template for marketing messages.",
                next: "Linda tries again in ten minutes.",
                measures: [.pauseCampaign], pause: minute * 10)
        ),
        (
            [134102],
            GraphErrorCode(
                .never, .template, "The template cannot be used with marketing messages.",
                next: "Use another template or the usual endpoint.",
                measures: [.pauseCampaign])
        ),
        (
            [132000, 132008, 132012, 132018],
            GraphErrorCode(
                .never, .template, "The template's parameters do not match it.", next: "Compare them with the approved version.",
                wantsDetails: true)
        ),
        (
            [132001],
            GraphErrorCode(
                .never, .template, "The template does not exist in that language or is not approved.", next: "Submit it, or send another.",
                measures: [.pauseCampaign])
        ),
        (
            [132007],
            GraphErrorCode(
                .never, .template, "The content violates Meta's policy.", next: "Change the template.", measures: [.pauseCampaign])
        ),
        (
            [132015],
            GraphErrorCode(
                .delay, .template, "The template is paused for low quality.", next: "Use another until Meta unpauses it.",
                measures: [.pauseCampaign],
                pause: hour * 3)
        ),
        (
            [132016],
            GraphErrorCode(.never, .template, "The template is disabled for good.", next: "Create a new one.", measures: [.pauseCampaign])
        ),
        ([132068], GraphErrorCode(.never, .template, "The Flow is blocked.", next: "Repair the Flow at Meta.", measures: [.pauseCampaign])),
        (
            [132069],
            GraphErrorCode(
                .delay, .template, "The Flow is throttled to ten messages an hour.", next: "Linda waits an hour.",
                measures: [.pauseCampaign], pause: hour)
        ),
        (
            [2388019, 2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299],
            GraphErrorCode(
                .never, .template, "Meta does not take the template as it is.", next: "Correct it and submit it again.", wantsDetails: true)
        ),
    ]

    /// What the message says.
    private static let content: [([Int], GraphErrorCode)] = [
        (
            [100, 131008, 131009, 135000, 803],
            GraphErrorCode(
                .never, .message, "A parameter is missing or wrong.", next: "Correct the message and send it anew.", wantsDetails: true)
        ),
        ([131051], GraphErrorCode(.never, .message, "Meta does not support this type of message.", next: "Send another type.")),
        ([131052], GraphErrorCode(.never, .message, "The customer's media could not be fetched.", next: "Ask them to send it again.")),
        (
            [131053],
            GraphErrorCode(
                .never, .message, "Meta could not use the media.", next: "Check its type, its size and that the link can be reached.",
                wantsDetails: true)
        ),
        (
            [131055, 131063, 134100],
            GraphErrorCode(
                .never, .message, "This endpoint does not take this kind of message.",
                next: "Switch the number's marketing endpoint on or off.",
                wantsDetails: true)
        ),
        ([132005], GraphErrorCode(.never, .message, "The text with its variables filled in is too long.", next: "Shorten the variables.")),
    ]

    /// Meta's own faults, and groups.
    private static let others: [([Int], GraphErrorCode)] = [
        (
            [1, 2, 131000, 131016, 133004],
            GraphErrorCode(
                .ambiguous, .message, "Meta had a temporary fault and may have sent it.",
                next: "Linda waits for its status and sends it again only if none comes.")
        ),
        (
            [131020, 131041, 131059, 131201, 131202, 131204, 131207, 131209, 131210, 131211, 131212, 131213, 131214, 131215],
            GraphErrorCode(.never, .message, "The group cannot take it.", next: "Look at the group's state.", wantsDetails: true)
        ),
    ]
}
