package import GraphMessages
package import RPCContract
package import Vocabulary

package enum SendMessage: RPCMethod {
    package static let name = "message.send"
    package static let summary = "Queues a message; the same requestKey again gives the same message."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]
    package static let faults: [FaultCode] = [
        .accountUnknown, .noRoute, .windowClosed, .requestKeyReused, .templateRefused, .consentMissing, .consentStopped,
    ]

    /// A template: by name and variables, composed by template-service; or with Meta's own components, sent as they are.
    package struct Template: Codable, Sendable, Equatable {
        package var name: String
        /// The template's first language where absent; required with `components`.
        package var language: String?
        package var variables: [String: String]?
        /// Meta's components, for a template that template-service does not keep.
        package var components: [TemplateComponent]?
        /// What Meta files it as, required with `components`; else template-service knows.
        package var category: Message.Category?

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
    package struct Marketing: Codable, Sendable, Equatable {
        /// `CLOUD_API_FALLBACK` or `STRICT`.
        package var productPolicy: String?
        package var activitySharing: Bool?

        package init(productPolicy: String? = nil, activitySharing: Bool? = nil) {
            self.productPolicy = productPolicy
            self.activitySharing = activitySharing
        }
    }

    /// Exactly one of the members named after Meta's message types is given; each has Meta's own shape.
    package struct Params: Codable, Sendable {
        /// A phone number with country code, or a BSUID.
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
        /// Sent instead of a free-form message where the customer service window is closed.
        package var fallback: Template?
        package var marketing: Marketing?
        /// The number to send from; chosen by the router where absent.
        package var account: PhoneNumberID?
        /// 0 (first) to 1,000; 100 where absent, 10 for replies.
        package var priority: Int?
        /// Names this sending; the same key never sends twice.
        package var requestKey: String
        /// The message it answers.
        package var replyTo: WAMID?
        /// Delivered only while the recipient's identity is this one.
        package var identityKeyHash: String?

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

    package struct Reply: Codable, Sendable {
        package var id: String
        package var state: Message.State

        package init(id: String, state: Message.State) {
            self.id = id
            self.state = state
        }
    }

    package static let example = RPCExample(
        Params(
            to: "+91 98765 43210",
            text: TextMessage(body: "Your order has left.", previewURL: false),
            fallback: Template(name: "order_update", language: "en", variables: ["name": "Asha"]),
            account: "106540352242922",
            priority: 100,
            requestKey: "order-4711",
            replyTo: "wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQUJDREVGMDEyMzQ1Njc4OTAA",
            identityKeyHash: "DF2lS5v2W6x="
        ),
        Reply(id: "01JD0000000000000000000000", state: .queued)
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard ContactID(params.to).isBSUID || PhoneNumber.normalise(params.to) != nil else {
            throw Fault(.params, "to is neither a phone number with country code nor a BSUID.", path: "to")
        }
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
        if let marketing = params.marketing {
            guard params.template != nil else { throw Fault(.params, "marketing goes with a template.", path: "marketing") }
            guard ["CLOUD_API_FALLBACK", "STRICT", nil].contains(marketing.productPolicy) else {
                throw Fault(.params, "marketing.productPolicy is CLOUD_API_FALLBACK or STRICT.", path: "marketing.productPolicy")
            }
        }
        guard (0...1000).contains(params.priority ?? 100) else { throw Fault(.params, "priority is 0 to 1,000.", path: "priority") }
        try check(requestKey: params.requestKey)
    }

    package static func check(requestKey: String) throws(Fault) {
        guard (1...256).contains(requestKey.utf8.count) else {
            throw Fault(.params, "requestKey has 1 to 256 bytes.", path: "requestKey")
        }
        guard !["campaign:", "consent:", "recurrence:"].contains(where: { requestKey.hasPrefix($0) }) else {
            throw Fault(.params, "requestKey begins with a word that Linda uses for its own keys.", path: "requestKey")
        }
    }

    package static func check(_ template: Template, _ path: String) throws(Fault) {
        guard (1...512).contains(template.name.utf8.count) else {
            throw Fault(.params, "\(path).name has 1 to 512 characters.", path: "\(path).name")
        }
        guard let components = template.components else { return }
        guard template.variables == nil else {
            throw Fault(.params, "Give either variables or components.", path: "\(path).components")
        }
        guard template.language != nil else {
            throw Fault(.params, "\(path).language is required with components.", path: "\(path).language")
        }
        guard let category = template.category, category != .service else {
            throw Fault(
                .params, "\(path).category is required with components: marketing, utility or authentication.", path: "\(path).category")
        }
        for (index, component) in components.enumerated() {
            do throws(ContentProblem) { try component.check("\(path).components[\(index)]") } catch {
                throw Fault(.params, "\(error.path) \(error.problem).", path: error.path)
            }
        }
    }
}
