package import RPCContract

/// Something about a template: its review, its quality, its parts, its category.
///
/// Source: Meta, webhooks message_template_status_update, message_template_quality_update,
/// message_template_components_update, template_category_update and template_correct_category_detection.
package struct TemplateEvent: Described, Equatable {
    /// The webhook field that it came in.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case status = "message_template_status_update"
        case quality = "message_template_quality_update"
        case components = "message_template_components_update"
        case category = "template_category_update"
        /// Meta holds another category to be right, and has not announced a move.
        case detection = "template_correct_category_detection"
    }

    /// Meta's words for what has happened to a template's review.
    ///
    /// Source: Meta, message_template_status_update, event.
    package enum Word: String, Sendable, CaseIterable {
        case approved = "APPROVED"
        case reinstated = "REINSTATED"
        case unarchived = "UNARCHIVED"
        case rejected = "REJECTED"
        case pending = "PENDING"
        case inAppeal = "IN_APPEAL"
        case paused = "PAUSED"
        case disabled = "DISABLED"
        case deleted = "DELETED"
        case pendingDeletion = "PENDING_DELETION"
        case archived = "ARCHIVED"
        case locked = "LOCKED"
        case flagged = "FLAGGED"
        case limitExceeded = "LIMIT_EXCEEDED"
    }

    /// Meta's titles of what it says with such a word.
    ///
    /// Source: Meta, message_template_status_update, other_info.
    package enum Title: String, Sendable, CaseIterable {
        case firstPause = "FIRST_PAUSE"
        case secondPause = "SECOND_PAUSE"
        case rateLimitingPause = "RATE_LIMITING_PAUSE"
        case unpause = "UNPAUSE"
        case disabled = "DISABLED"
    }

    /// Meta's categories of templates.
    package enum Category: String, Sendable, CaseIterable {
        case marketing = "MARKETING"
        case utility = "UTILITY"
        case authentication = "AUTHENTICATION"
    }

    package var kind: Kind
    package var name: String?
    package var language: String?
    package var metaID: String?
    package var event: MetaWord<Word>?
    package var reason: String?
    package var quality: String?
    package var category: MetaWord<Category>?
    package var isUpcoming: Bool?
    package var body: String?
    package var title: MetaWord<Title>?
    package var details: String?
    package var previousQuality: String?

    package static let fields: Fields = [
        "kind": "Meta's name for the kind of event.",
        "name": .text("The template's name, as Meta gives it.", 0...512),
        "language": .text("The template's language, as Meta writes it: `en_US` or `en-US`.", 0...64),
        "metaID": .text("Meta's id of the template.", 0...64),
        "event": .text("What has happened to its review, such as `APPROVED`; given with message_template_status_update.", 0...64),
        "reason": .text("Why, in Meta's word, such as `INVALID_FORMAT`; absent where Meta gives none.", 0...512),
        "quality": .text("The new rating; given with message_template_quality_update.", 0...64),
        "category": .text(
            "The new category; given with template_category_update, and the present one with message_template_status_update.", 0...64),
        "isUpcoming": "Whether the new category is announced and comes within a day; false if absent.",
        "body": .text("The text of the body from now on; given with message_template_components_update.", 0...65_536),
        "title": .text("Meta's title of what it says with the event, such as `FIRST_PAUSE`; absent where Meta gives none.", 0...64),
        "details": .text(
            "What Meta says with the event, name by name, for people: how to mend it, or when it is disabled. It is absent if Meta says no more.",
            0...2048),
        "previousQuality": .text("The rating before; given with message_template_quality_update.", 0...64),
    ]

    package init(
        _ kind: Kind,
        name: String?,
        language: String?,
        metaID: String? = nil,
        event: MetaWord<Word>? = nil,
        reason: String? = nil,
        quality: String? = nil,
        category: MetaWord<Category>? = nil,
        isUpcoming: Bool? = nil,
        body: String? = nil,
        title: MetaWord<Title>? = nil,
        details: String? = nil,
        previousQuality: String? = nil
    ) {
        self.kind = kind
        self.name = name
        self.language = language
        self.metaID = metaID
        self.event = event
        self.reason = reason
        self.quality = quality
        self.category = category
        self.isUpcoming = isUpcoming
        self.body = body
        self.title = title
        self.details = details
        self.previousQuality = previousQuality
    }

    package init?(field: String, value: JSONValue) {
        guard let kind = Kind(rawValue: field) else { return nil }
        let reason = value["reason"]?.string?.cut(to: 512)
        self.init(
            kind,
            name: value["message_template_name"]?.text?.cut(to: 512),
            language: value["message_template_language"]?.text?.cut(to: 64),
            metaID: value["message_template_id"]?.text?.cut(to: 64),
            event: (value["event"]?.string?.cut(to: 64)).map { MetaWord($0) },
            reason: reason == "NONE" ? nil : reason,
            quality: value["new_quality_score"]?.string?.cut(to: 64),
            // A notice names the category that Meta holds to be right; a done change the one before.
            category: (value["correct_category"]?.string ?? value["new_category"]?.string ?? value["message_template_category"]?.string)
                .map { MetaWord(anyCase: $0.cut(to: 64)) },
            isUpcoming: value["correct_category"]?.string == nil ? nil : true,
            body: value["message_template_element"]?.string?.cut(to: 65_536),
            title: value.word("other_info", "title").map { MetaWord($0.cut(to: 64)) },
            details: Self.details(kind, value),
            previousQuality: value["previous_quality_score"]?.string?.cut(to: 64)
        )
    }

    /// What Meta says with a status, or with a category that it has found; the rest is read as values of their own.
    private static func details(_ kind: Kind, _ value: JSONValue) -> String? {
        switch kind {
        case .status:
            let info = ["other_info", "rejection_info", "disable_info"].compactMap { value[$0]?.told(omitting: ["title"]) }
            return info.isEmpty ? nil : info.joined(separator: "; ").cut(to: 2048)
        case .detection:
            return value.told(
                omitting: ["message_template_id", "message_template_name", "message_template_language", "correct_category"])
        case .quality, .components, .category: return nil
        }
    }

    /// The category that the template has from now on; nil where it is only announced, or nothing here knows Meta's word.
    ///
    /// Source: Meta, template_category_update: a move counts once it is done.
    package var moved: Category? {
        switch kind {
        case .category, .status: isUpcoming == true ? nil : category?.known
        case .quality, .components, .detection: nil
        }
    }

    package static let example = TemplateEvent(
        .status, name: "order_update", language: "en", metaID: "1234567890", event: "REJECTED", reason: "INVALID_FORMAT", quality: "GREEN",
        category: "UTILITY", isUpcoming: false, body: "Hello {{1}}!", title: "FIRST_PAUSE", details: "description Many people blocked it",
        previousQuality: "YELLOW")
}
