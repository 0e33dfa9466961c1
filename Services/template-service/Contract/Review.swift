package import MetaEvents
package import RPCContract
package import Vocabulary

package enum SubmitReview: RPCMethod {
    package static let name = "review.submit"
    package static let summary = "Submits a template to Meta for review; of one that Meta has already, it reads the review anew."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/templates/{name}/review", .admin)
    package static let deadline = Duration.seconds(40)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.templateUnknown, .languageNeeded, .reviewRefused]
    package typealias Reply = ReviewStatus.Reply

    package struct Params: Described {
        package var name: String
        package var language: String?
        package var wabaID: WABAID?

        package static let fields: Fields = [
            "name": .text("Name of the template to submit.", 1...512, of: .line),
            "language": .language("Language of the template. It may be absent if the template has only one."),
            "wabaID":
                "WhatsApp Business Account in which Meta creates the template; the workspace must have a number in it. It may be absent if the template was submitted before.",
        ]

        package init(name: String, language: String? = nil, wabaID: WABAID? = nil) {
            self.name = name
            self.language = language
            self.wabaID = wabaID
        }
    }

    package static let example = RPCExample(
        Params(name: "order_update", language: "en", wabaID: "102290129340398"),
        ReviewStatus.example.reply
    )
}

package enum ReviewStatus: RPCMethod {
    package static let name = "review.status"
    package static let summary = "Tells where Meta's review of a template stands."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/templates/{name}/review", .viewer)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.templateUnknown, .languageNeeded]

    package struct Reply: Described {
        package var name: String
        package var language: String
        package var review: Template.Review
        package var reason: String?
        package var metaID: String?

        package static let fields: Fields = [
            "name": .text("Name of the template.", 1...512, of: .lowercase),
            "language": .language("Language of the template."),
            "review": "Where Meta's review of the template stands.",
            "reason": .text(
                "Meta's word for the reason of its last decision, such as INVALID_FORMAT. It is absent if Meta gave no reason.", 0...1024),
            "metaID": .text("Meta's id of the template. It is absent until Meta has told it.", 1...128),
        ]

        package init(name: String, language: String, review: Template.Review, reason: String?, metaID: String?) {
            self.name = name
            self.language = language
            self.review = review
            self.reason = reason
            self.metaID = metaID
        }
    }

    package static let example = RPCExample(
        TemplateReference(name: "order_update", language: "en"),
        Reply(name: "order_update", language: "en", review: .rejected, reason: "INVALID_FORMAT", metaID: "1234567890")
    )
}

package enum RecordTemplateEvent: RPCMethod {
    package static let name = "template.recordEvent"
    package static let summary = "Takes Meta's events about templates (approved, rejected, paused, quality, category)."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var key: String
        package var wabaID: WABAID
        package var event: TemplateEvent

        package static let fields: Fields = [
            "key": .text("Key of the event. An event whose key has been taken before changes nothing.", 1...512),
            "wabaID": "The WhatsApp Business account that has the template. Another account's template of the same name is another one.",
            "event": "What has happened to the template.",
        ]

        package init(key: String, wabaID: WABAID, event: TemplateEvent) {
            self.key = key
            self.wabaID = wabaID
            self.event = event
        }
    }

    package struct Reply: Described {
        package var applied: Bool

        package static let fields: Fields = [
            "applied": "Whether the event is about a template here."
        ]

        package init(applied: Bool) { self.applied = applied }
    }

    package static let example = RPCExample(
        Params(key: "hash", wabaID: "102290129340398", event: .example),
        Reply(applied: true)
    )
}
