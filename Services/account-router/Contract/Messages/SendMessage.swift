package import GraphMessages
package import RPCContract
package import Vocabulary

package enum SendMessage: RPCMethod {
    package static let name = "message.send"
    package static let summary = "Queues a message; the same requestKey again gives the same message."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/messages", .agent, ingest: true, ofNumber: true)
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]
    package static let faults: [FaultCode] = [
        .accountUnknown, .noRoute, .windowClosed, .requestKeyReused, .templateRefused, .consentMissing, .consentStopped,
    ]

    /// A template: by name and variables, composed by template-service; or with Meta's own components, sent as they are.
    package struct Template: Described, Equatable {
        package var name: String
        package var language: String?
        package var variables: [String: String]?
        package var components: [TemplateComponent]?
        package var category: Message.Category?

        package static let fields: Fields = [
            "name": .text("Name of the template.", 1...512, of: .line),
            "language": .language(
                "Language of the template. It may be absent if the template has only one. It is required with `components`."),
            "variables": .map(
                "Values of the template's variables, by name; a variable that is absent takes its default, and the message is refused if there is none. They cannot be given with `components`.",
                0...100, of: .text(0...2048)),
            "components": .list("Meta's components, sent as they are, for a template that template-service does not keep.", 0...20),
            "category":
                "What Meta files the template as: `marketing`, `utility` or `authentication`. It is required with `components`; else template-service knows it.",
        ]

        package init(
            name: String,
            language: String? = nil,
            variables: [String: String]? = nil,
            components: [TemplateComponent]? = nil,
            category: Message.Category? = nil
        ) {
            self.name = name
            self.language = language
            self.variables = variables
            self.components = components
            self.category = category
        }
    }

    /// How a marketing template goes out through Meta's marketing messages endpoint.
    package struct Marketing: Described, Equatable {
        package var productPolicy: String?
        package var activitySharing: Bool?

        package static let fields: Fields = [
            "productPolicy": .words(
                "Whether Meta may fall back to the usual endpoint. Meta's own default applies if absent.", ["CLOUD_API_FALLBACK", "STRICT"]),
            "activitySharing": "Whether Meta may use what the person does with the message; Meta's own setting applies if absent.",
        ]

        package init(productPolicy: String? = nil, activitySharing: Bool? = nil) {
            self.productPolicy = productPolicy
            self.activitySharing = activitySharing
        }
    }

    /// Exactly one of the members named after Meta's message types is given; each has Meta's own shape.
    package struct Params: Described {
        package var to: String
        package var text: TextMessage?
        package var image: MediaMessage?
        package var video: MediaMessage?
        package var audio: MediaMessage?
        package var document: MediaMessage?
        package var sticker: MediaMessage?
        package var location: Location?
        package var contacts: [ContactCard]?
        package var reaction: Reaction?
        package var interactive: InteractiveMessage?
        package var template: Template?
        package var fallback: Template?
        package var marketing: Marketing?
        package var account: PhoneNumberID?
        package var priority: Int?
        package var requestKey: String
        package var replyTo: WAMID?
        package var identityKeyHash: String?

        package static let fields: Fields = [
            "to": .phone("The recipient: a phone number with country code, or a BSUID."),
            "text": "A text message. Exactly one content is given: this one, another or `template`.",
            "image": "An image.",
            "video": "A video.",
            "audio": "A sound or a voice message.",
            "document": "A document.",
            "sticker": "A sticker.",
            "location": "A place.",
            "contacts": .list("Contact cards; Meta's documentation allows 257 and its schema, which is out of date, five.", 1...257),
            "reaction": "A reaction to one of the customer's messages.",
            "interactive": "A message with buttons, a list or another choice.",
            "template": "A template, which may also be sent outside the 24-hour window.",
            "fallback":
                "The template that is sent instead of a free-form message if the 24-hour window is closed. If absent, such a message is refused, or fails if the window closes while it waits.",
            "marketing": "Sends the template through Meta's marketing messages endpoint; the usual endpoint is used if absent.",
            "account": "The number to send from; the router chooses one if absent.",
            "priority": .whole("Place in the number's queue; 0 is sent first.", 0...1000, absent: 100),
            "requestKey": .requestKey(
                "The key that names this sending; the same key never sends twice. It must not begin with `campaign:`, `consent:` or `recurrence:`."
            ),
            "replyTo": "The message that this one answers.",
            "identityKeyHash": .text(
                "Hash of the recipient's identity; Meta delivers the message only while it is still the same.", 1...128),
        ]

        package init(
            to: String,
            text: TextMessage? = nil,
            image: MediaMessage? = nil,
            video: MediaMessage? = nil,
            audio: MediaMessage? = nil,
            document: MediaMessage? = nil,
            sticker: MediaMessage? = nil,
            location: Location? = nil,
            contacts: [ContactCard]? = nil,
            reaction: Reaction? = nil,
            interactive: InteractiveMessage? = nil,
            template: Template? = nil,
            fallback: Template? = nil,
            marketing: Marketing? = nil,
            account: PhoneNumberID? = nil,
            priority: Int? = nil,
            requestKey: String,
            replyTo: WAMID? = nil,
            identityKeyHash: String? = nil
        ) {
            self.to = to
            self.text = text
            self.image = image
            self.video = video
            self.audio = audio
            self.document = document
            self.sticker = sticker
            self.location = location
            self.contacts = contacts
            self.reaction = reaction
            self.interactive = interactive
            self.template = template
            self.fallback = fallback
            self.marketing = marketing
            self.account = account
            self.priority = priority
            self.requestKey = requestKey
            self.replyTo = replyTo
            self.identityKeyHash = identityKeyHash
        }

        /// The free-form contents that are given; a template is none.
        package var freeForm: [MessageContent] {
            let found: [MessageContent?] = [
                text.map { .text($0) }, image.map { .image($0) }, video.map { .video($0) }, audio.map { .audio($0) },
                document.map { .document($0) }, sticker.map { .sticker($0) }, location.map { .location($0) },
                contacts.map { .contacts($0) }, reaction.map { .reaction($0) }, interactive.map { .interactive($0) },
            ]
            return found.compactMap { $0 }
        }
    }

    package struct Reply: Described {
        package var id: MessageID
        package var state: Message.State
        package var notBefore: Timestamp?

        package static let fields: Fields = [
            "id": "Identifies the message.",
            "state": "Where the message stands.",
            "notBefore":
                "When a message that is sent again may go out at the earliest, as the failure before it asks for a pause. Absent where it may now.",
        ]

        package init(id: MessageID, state: Message.State, notBefore: Timestamp? = nil) {
            self.id = id
            self.state = state
            self.notBefore = notBefore
        }
    }

    package static let example = RPCExample(
        Params(
            to: "+91 98765 43210",
            template: Template(name: "order_update", language: "en", variables: ["name": "Asha"]),
            requestKey: "order-4711"
        ),
        Reply(id: "01JD0000000000000000000000", state: .queued, notBefore: Timestamp(milliseconds: 1_790_086_400_000))
    )

    package static func validate(_ params: Params) throws(Fault) {
        try ContactID.check(params.to, path: "to")
        let contents = params.freeForm
        guard contents.count + (params.template == nil ? 0 : 1) == 1 else {
            let types = "text, image, video, audio, document, sticker, location, contacts, reaction, interactive, template"
            throw Fault(.params, "Give exactly one of \(types).", path: contents.first?.type ?? "text")
        }
        if let content = contents.first {
            do throws(ContentProblem) { try content.check() } catch {
                throw Fault(.params, "\(error.path) \(error.problem).", path: error.path)
            }
        }
        if let template = params.template { try check(template, "template") }
        if let fallback = params.fallback {
            try check(fallback, "fallback")
            guard params.template == nil else {
                throw Fault(.params, "fallback is for free-form messages; a template needs none.", path: "fallback")
            }
        }
        guard params.marketing == nil || params.template != nil else {
            throw Fault(.params, "marketing goes with a template.", path: "marketing")
        }
        try check(requestKey: params.requestKey)
    }

    /// Refuses a key with a prefix that Linda uses for its own messages.
    package static func check(requestKey: String) throws(Fault) {
        guard let word = ["campaign:", "consent:", "recurrence:"].first(where: { requestKey.hasPrefix($0) }) else { return }
        throw Fault(.params, "requestKey begins with \(word), which Linda uses for its own keys.", path: "requestKey")
    }

    /// Refuses a template that gives both variables and components, or components without what they need.
    package static func check(_ template: Template, _ path: String) throws(Fault) {
        guard let components = template.components else { return }
        guard template.variables == nil else {
            throw Fault(
                .params, "\(path).components holds \(components.count) and \(path).variables is there, too: give either of them.",
                path: "\(path).components")
        }
        guard template.language != nil else {
            throw Fault(.params, "\(path).language is missing, and it is required with components.", path: "\(path).language")
        }
        guard let category = template.category, category != .service else {
            throw Fault(
                .params,
                "\(path).category is \(template.category?.rawValue ?? "missing"); with components it is marketing, utility or authentication.",
                path: "\(path).category")
        }
        for (index, component) in components.enumerated() {
            do throws(ContentProblem) { try component.check("\(path).components[\(index)]") } catch {
                throw Fault(.params, "\(error.path) \(error.problem).", path: error.path)
            }
        }
    }
}
