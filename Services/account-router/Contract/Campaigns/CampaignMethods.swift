package import RPCContract
package import Vocabulary

package enum PlanCampaign: RPCMethod {
    package static let name = "campaign.plan"
    package static let summary =
        "Freezes recipients, language, version, parameters and numbers of a template campaign; campaign.status has the pre-flight report."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/campaigns", .admin)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [
        .templateRefused, .listUnknown, .csvUnreadable, .windowUnknown, .requestKeyReused, .accountUnknown, .windowPast,
    ]
    package typealias Reply = Campaign

    package struct Params: Described {
        package var name: String
        package var template: String?
        package var experiment: String?
        package var language: String?
        package var variables: [String: String]?
        package var cautious: String?
        package var recipients: [Recipient]?
        package var csv: String?
        package var list: String?
        package var contacts: String?
        package var countryCode: String?
        package var accounts: [PhoneNumberID]?
        package var priority: Int?
        package var rate: Int?
        package var attempts: Int?
        package var window: String?
        package var recurring: Bool?
        package var startAt: Timestamp?
        package var budget: Money?
        package var late: Bool?
        package var start: Bool?
        package var requestKey: String

        package static let fields: Fields = [
            "name": .text("Name of the campaign, shown to people.", 1...128, of: .line),
            "template": .text("Name of the approved template that is sent. Give either this or an experiment.", 1...512, of: .line),
            "experiment": .text(
                "Name of an experiment of template-service whose templates share the recipients. Give either this or a template.", 1...128),
            "language": .language("Language of the template. It may be absent if the template has only one."),
            "variables": .map(
                "Values for the template's variables, the same for everybody. A recipient's own values go first.", 0...64,
                of: .text(0...2048)),
            "cautious": .text(
                "Name of an approved template that goes out instead through a number whose quality is YELLOW when the recipient's turn comes.",
                1...512, of: .line),
            "recipients": .list("The people to write to. Give exactly one of recipients, csv, list and contacts.", 1...20_000),
            "csv": .text(
                "The people to write to, as CSV with a header: a column phone, perhaps a column timezone, and every other column is a variable.",
                0...4_194_304),
            "list": .text("The broadcast list that has the people to write to.", 1...270, of: .line),
            "contacts": .text(
                "Part of the name, e-mail address or number of the contacts to write to, looked for as one phrase: `Team A` is `Team A - Ravi` and not `Team B - Sita`. Accents and capitals are no matter, and what is written like a phone number is looked for by its digits. An empty text means all contacts.",
                0...100),
            "countryCode": .callingCode(
                "Calling code that is put before national numbers in the CSV, such as 91. Numbers that may lack their country code are left out if absent."
            ),
            "accounts": .list("The numbers that may send the campaign. The router chooses among all numbers if absent.", 1...1000),
            "priority": .whole("Place in the queue; 0 is sent first.", 0...1000, absent: 500),
            "rate": .whole(
                "The most that the campaign sends. It goes as fast as its numbers allow if absent.", 1...10_000, unit: "messages a second"),
            "attempts": .whole("Failed tries of a message before it is given up.", 1...20, absent: 3),
            "window": .text("Id or name of the delivery window whose next opening the campaign uses.", 1...128, of: .line),
            "recurring":
                "Plans the campaign again for each later opening of the window and starts it by itself. The campaign runs once if absent.",
            "startAt": "When sending begins, instead of a window. It begins when it is started if both are absent.",
            "budget": .object(
                "What may be spent at most, above 0 and in the currency of the rate card; the campaign pauses before it is passed. There is no limit if absent.",
                CampaignBudget.self),
            "late": "Whether to go on after the deadline of the window. What has not been sent by then is left out if absent.",
            "start": "Starts the campaign as soon as it is planned, if nothing stands in the way. It waits for campaign.start if absent.",
            "requestKey": .requestKey("Names this request: the same key gives the same campaign."),
        ]

        package init(
            name: String,
            template: String? = nil,
            experiment: String? = nil,
            language: String? = nil,
            variables: [String: String]? = nil,
            cautious: String? = nil,
            recipients: [Recipient]? = nil,
            csv: String? = nil,
            list: String? = nil,
            contacts: String? = nil,
            countryCode: String? = nil,
            accounts: [PhoneNumberID]? = nil,
            priority: Int? = nil,
            rate: Int? = nil,
            attempts: Int? = nil,
            window: String? = nil,
            recurring: Bool? = nil,
            startAt: Timestamp? = nil,
            budget: Money? = nil,
            late: Bool? = nil,
            start: Bool? = nil,
            requestKey: String
        ) {
            self.name = name
            self.template = template
            self.experiment = experiment
            self.language = language
            self.variables = variables
            self.cautious = cautious
            self.recipients = recipients
            self.csv = csv
            self.list = list
            self.contacts = contacts
            self.countryCode = countryCode
            self.accounts = accounts
            self.priority = priority
            self.rate = rate
            self.attempts = attempts
            self.window = window
            self.recurring = recurring
            self.startAt = startAt
            self.budget = budget
            self.late = late
            self.start = start
            self.requestKey = requestKey
        }
    }

    package static let example = RPCExample(
        Params(
            name: "Diwali offer", template: "diwali_offer", language: "en", variables: ["shop": "Pune"],
            cautious: "diwali_greeting", list: BroadcastList.example.id.rawValue,
            accounts: ["106540352242922"],
            priority: 500, rate: 100, attempts: 3, window: "01JW0000000000000000000000", recurring: true,
            budget: Money(currency: "INR", micros: 10_000_000_000), late: true, start: true, requestKey: "diwali-2026"),
        Campaign.example
    )

    package static let alternatives = [
        Params(
            name: "News", template: "news",
            recipients: [Recipient(contact: "+919876543210", variables: ["name": "Asha"], timeZone: "Asia/Kolkata")],
            startAt: Timestamp(milliseconds: 1_790_000_100_000), requestKey: "news-1"),
        Params(name: "News", template: "news", csv: "phone,name\n+919876543210,Asha\n", countryCode: "91", requestKey: "news-2"),
        Params(name: "News", experiment: "news_test", contacts: "pune", requestKey: "news-3"),
    ]

    package static func validate(_ params: Params) throws(Fault) {
        guard (params.template == nil) != (params.experiment == nil) else {
            throw Fault(.params, "Give exactly one of template, experiment.", path: "template")
        }
        let sources = [params.recipients != nil, params.csv != nil, params.list != nil, params.contacts != nil]
        guard sources.count(where: { $0 }) == 1 else {
            throw Fault(.params, "Give exactly one of recipients, csv, list, contacts.", path: "recipients")
        }
        guard params.window == nil || params.startAt == nil else { throw Fault(.params, "Give either window or startAt.", path: "startAt") }
        guard params.recurring != true || params.window != nil else {
            throw Fault(.params, "recurring needs a window.", path: "recurring")
        }
        try SendMessage.check(requestKey: params.requestKey)
    }
}

package enum StartCampaign: RPCMethod {
    package static let name = "campaign.start"
    package static let summary =
        "Starts a planned campaign, or schedules it for its window; what stands in the way is refused with its reasons."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/campaigns/{id}/start", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState, .campaignBlocked, .windowPast]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum PauseCampaign: RPCMethod {
    package static let name = "campaign.pause"
    package static let summary = "Pauses a campaign: what is not with Meta yet goes back and waits."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/campaigns/{id}/pause", .admin)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum ResumeCampaign: RPCMethod {
    package static let name = "campaign.resume"
    package static let summary = "Goes on with a paused campaign exactly where it stood."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/campaigns/{id}/resume", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState, .campaignBlocked, .windowPast]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum CancelCampaign: RPCMethod {
    package static let name = "campaign.cancel"
    package static let summary = "Ends a campaign: what is not with Meta yet is never sent."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/campaigns/{id}/cancel", .admin)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum CampaignStatus: RPCMethod {
    package static let name = "campaign.status"
    package static let summary = "Tells where a campaign stands: counts, rate, time left, deadline, cost; and its pre-flight report."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/campaigns/{id}", .viewer)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown]
    package typealias Reply = CampaignProgress
    package static let example = RPCExample(CampaignReference(Campaign.example.id), CampaignProgress.example)
}

package enum ListCampaigns: RPCMethod {
    package static let name = "campaign.list"
    package static let summary = "Lists campaigns, newest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/campaigns", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var state: Campaign.State?
        package var limit: Int?
        package var cursor: PageCursor<ListCampaigns>?

        package static let fields: Fields = [
            "state": "Only those in this state. All states if absent.",
            "limit": .whole("The most that one page has.", 1...500, absent: 50),
            "cursor": .cursor("Where the page begins, from `next` of the page before. The newest if absent."),
        ]

        package init(state: Campaign.State? = nil, limit: Int? = nil, cursor: PageCursor<ListCampaigns>? = nil) {
            self.state = state
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Described {
        package var items: [Campaign]
        package var next: PageCursor<ListCampaigns>?

        package static let fields: Fields = [
            "items": .list("The campaigns or batches, newest first.", 0...500),
            "next": .cursor("The cursor of the next page. The list ends here if absent."),
        ]

        package init(items: [Campaign], next: PageCursor<ListCampaigns>? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(state: .running, limit: 50, cursor: PageCursor(Campaign.example.id)),
        Reply(items: [.example], next: PageCursor(Campaign.example.id)))
}

package enum RetryCampaign: RPCMethod {
    package static let name = "campaign.retry"
    package static let summary =
        "Writes to failed recipients again, each with a new message and not before its failure allows it (131049: a day later); those for whom that makes no sense stay as they are."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/campaigns/{id}/retry", .admin)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState, .windowPast]

    package struct Params: Described {
        package var id: String
        package var codes: [Int]?
        package var unclear: Bool?

        package static let fields: Fields = [
            "id": .text("The campaign whose failed recipients are written to again.", 1...270, of: .line),
            "codes": .list(
                "Only failures with these error codes of Meta. All failures that may succeed now if absent.", 1...100,
                of: .whole(0...99_999_999)),
            "unclear": "Whether to include those of whom nobody knows whether Meta has sent their message. They stay out if absent.",
        ]

        package init(id: String, codes: [Int]? = nil, unclear: Bool? = nil) {
            self.id = id
            self.codes = codes
            self.unclear = unclear
        }
    }

    package struct Reply: Described {
        package var retried: Int
        package var left: Int
        package var notBefore: Timestamp?
        package var unclear: Int?

        package static let fields: Fields = [
            "retried": .count("Failed recipients that are written to again."),
            "left": .count("Failed recipients that stay as they are."),
            "notBefore":
                "When the last of them may be written to again at the earliest, as Meta asks for a day between two tries. Absent where all may be now.",
            "unclear": .count(
                "How many of those that stay were left out because nobody knows whether Meta has sent their message. Absent where none was."
            ),
        ]

        package init(retried: Int, left: Int, notBefore: Timestamp? = nil, unclear: Int? = nil) {
            self.retried = retried
            self.left = left
            self.notBefore = notBefore
            self.unclear = unclear
        }
    }

    package static let example = RPCExample(
        Params(id: Campaign.example.id.rawValue, codes: [131049], unclear: true),
        Reply(retried: 12, left: 3, notBefore: Timestamp(milliseconds: 1_790_086_400_000), unclear: 2))
}

package enum CampaignResults: RPCMethod {
    package static let name = "campaign.results"
    package static let summary = "Gives the outcome of every recipient as CSV, a page at a time."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/campaigns/{id}/results", .viewer)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown]

    package struct Params: Described {
        package var id: String
        package var limit: Int?
        package var cursor: PageCursor<CampaignResults>?

        package static let fields: Fields = [
            "id": .text("The campaign or batch whose outcome is asked for.", 1...270, of: .line),
            "limit": .whole(
                "The most recipients that one page has. It has fewer where their lines would not fit a frame.", 1...10_000, absent: 1000),
            "cursor": .cursor("`next` of the page before. The first page, with a header, if absent."),
        ]

        package init(id: String, limit: Int? = nil, cursor: PageCursor<CampaignResults>? = nil) {
            self.id = id
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Described {
        package var csv: String
        package var next: PageCursor<CampaignResults>?

        package static let fields: Fields = [
            "csv": .text(
                "One line for each recipient, in the order of the file that they came from: line, name, contact, template, language, number, state, sent, delivered, read, failed, message, code, explanation. Times are in UTC, and empty where Meta has told none; sent is when Meta took the message if it has told only what came after. Only the first page has a header.",
                0...8_388_608),
            "next": .cursor("Cursor of the next page. The results end here if absent."),
        ]

        package init(csv: String, next: PageCursor<CampaignResults>? = nil) {
            self.csv = csv
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(id: Campaign.example.id.rawValue, limit: 1000, cursor: "1001:999"),
        Reply(
            csv: "2,Asha,+91 9876543210,offer,en,+91 8047181000,sent,2026-10-20T04:30:00Z,,,,01JD0000000000000000000000,,\n",
            next: "2001:1999"))
}
