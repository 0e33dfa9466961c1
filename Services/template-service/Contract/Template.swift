package import MetaEvents
package import RPCContract
package import Vocabulary

/// A message template in one language.
package struct Template: Described, Equatable {
    /// What Meta bills it and asks consent for it as.
    package enum Category: String, Codable, Sendable, CaseIterable { case marketing, utility, authentication }

    package var id: String
    package var name: String
    package var language: String
    package var category: Category
    package var header: String?
    package var body: String
    package var footer: String?
    package var buttons: [String]
    package var workspace: String
    package var version: Int
    package var variables: [String]
    package var review: Review
    package var reviewReason: String?
    package var metaStatus: MetaWord<TemplateEvent.Word>?
    package var statusTitle: MetaWord<TemplateEvent.Title>?
    package var statusDetails: String?
    package var quality: String?
    package var previousQuality: String?
    package var correctCategory: String?
    package var changedBody: String?
    package var updatedAt: Timestamp

    package static let fields: Fields = [
        "id": .id("Our id of the template in this language."),
        "name": Field("Name of the template at Meta. All its languages share it.", nameRule),
        "language": .language("Language in which the template is written."),
        "category": "Category under which Meta reviews and bills the template.",
        "header": .text("One line above the body. It may hold one variable.", 0...65_536),
        "body": .text("The text. A variable is written {{name}} or {{1}}, and {{name|there}} gives it a default.", 1...65_536),
        "footer": Field("One line below the body, without variables.", footerRule.orEmpty),
        "buttons": Field("Labels of the quick-reply buttons, in order.", buttonsRule),
        "workspace": .workspace("Workspace that owns the template."),
        "version": .whole("Version of the text. It stays 1, because the text of a template cannot be changed.", 1...1_000_000),
        "variables": .list(
            "Names of the variables in order of appearance: those of the body, then those that only the header has.", 0...256,
            of: .text(1...1024)),
        "review": "Where Meta's review of the template stands.",
        "reviewReason": .text(
            "Meta's word for the reason of its last decision, such as INVALID_FORMAT. It is absent if Meta gave no reason.", 0...1024),
        "metaStatus": .text(
            "Meta's latest word of its status, such as PAUSED, ARCHIVED or FLAGGED. It is absent if Meta's webhooks have told none.", 1...64
        ),
        "statusTitle": .text(
            "Meta's title of what it said with that word, such as FIRST_PAUSE or RATE_LIMITING_PAUSE. It is absent if Meta gave none.",
            1...64),
        "statusDetails": .text(
            "What Meta said with that word, name by name, such as what to mend or when the template is disabled. It is absent if Meta said no more.",
            1...2048),
        "quality": .text("Meta's latest rating: GREEN, YELLOW, RED or UNKNOWN. It is absent if Meta has told none.", 1...64),
        "previousQuality": .text("Meta's rating before the latest. It is absent if Meta has told none.", 1...64),
        "correctCategory": .text(
            "The category, in Meta's word, that Meta holds to be right and has announced or found, as long as the template has not been moved. It is absent if there is none.",
            1...64),
        "changedBody": .text(
            "The text that the template has at Meta now, if it was changed there and not here. What is sent must fit it.", 0...65_536),
        "updatedAt": "When the template was created, or when Meta last told of a change.",
    ]

    /// Where Meta's review stands.
    package enum Review: String, Codable, Sendable, CaseIterable {
        case draft, pending, approved, rejected, paused, disabled
    }

    package init(
        id: String,
        name: String,
        language: String,
        category: Category,
        header: String?,
        body: String,
        footer: String?,
        buttons: [String],
        workspace: String,
        version: Int,
        variables: [String],
        review: Review,
        reviewReason: String? = nil,
        metaStatus: MetaWord<TemplateEvent.Word>? = nil,
        statusTitle: MetaWord<TemplateEvent.Title>? = nil,
        statusDetails: String? = nil,
        quality: String? = nil,
        previousQuality: String? = nil,
        correctCategory: String? = nil,
        changedBody: String? = nil,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.language = language
        self.category = category
        self.header = header
        self.body = body
        self.footer = footer
        self.buttons = buttons
        self.workspace = workspace
        self.version = version
        self.variables = variables
        self.review = review
        self.reviewReason = reviewReason
        self.metaStatus = metaStatus
        self.statusTitle = statusTitle
        self.statusDetails = statusDetails
        self.quality = quality
        self.previousQuality = previousQuality
        self.correctCategory = correctCategory
        self.changedBody = changedBody
        self.updatedAt = updatedAt
    }

    package static let example = Template(
        id: "01JD0000000000000000000000",
        name: "order_update",
        language: "en",
        category: .utility,
        header: "Order news",
        body: "Hello {{name|there}}, your order {{order}} is on its way.",
        footer: "Lucky Shrub",
        buttons: ["Track"],
        workspace: "default",
        version: 1,
        variables: ["name", "order"],
        review: .approved,
        reviewReason: "INVALID_FORMAT",
        metaStatus: "APPROVED",
        statusTitle: "UNPAUSE",
        statusDetails: "description It can be sent again",
        quality: "GREEN",
        previousQuality: "YELLOW",
        correctCategory: "MARKETING",
        changedBody: "Hello {{1}}!",
        updatedAt: Timestamp(milliseconds: 1_790_000_000_000)
    )
}

package enum CreateTemplate: RPCMethod {
    package static let name = "template.create"
    package static let summary = "Keeps a new template; the same content again gives the same template."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/templates", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.templateTaken, .templateInvalid]
    package typealias Reply = Template

    package struct Params: Described {
        package var name: String
        package var language: String
        package var category: Template.Category
        package var header: String?
        package var body: String
        package var footer: String?
        package var buttons: [String]?

        package static let fields: Fields = [
            "name": Field("Name of the new template. Together with the language it is unique in the workspace.", Template.nameRule),
            "language": .language(
                "Meta's code of the language in which the template is written, such as en, en_US or hi. en-US is taken as en_US."),
            "category": "Category under which Meta reviews and bills the template.",
            "header": .text(
                "One line above the body, with at most one variable. Meta allows 60 characters without the variable's default. There is no header if absent.",
                1...1024),
            "body": .text(
                "The text. A variable is written {{name}} or {{1}}, and {{name|there}} gives it a default. Meta allows 1,024 characters without the defaults.",
                1...65_536),
            "footer": Field("One line below the body, without variables. There is no footer if absent.", Template.footerRule),
            "buttons": Field("Labels of the quick-reply buttons, in order. There are no buttons if absent.", Template.buttonsRule),
        ]

        package init(
            name: String,
            language: String,
            category: Template.Category,
            header: String? = nil,
            body: String,
            footer: String? = nil,
            buttons: [String]? = nil
        ) {
            self.name = name
            self.language = language
            self.category = category
            self.header = header
            self.body = body
            self.footer = footer
            self.buttons = buttons
        }
    }

    package static let example = RPCExample(
        Params(
            name: "order_update",
            language: "en",
            category: .utility,
            header: "Order news",
            body: "Hello {{name|there}}, your order {{order}} is on its way.",
            footer: "Lucky Shrub",
            buttons: ["Track"]
        ),
        Template.example
    )
}

/// What Meta takes of each part.
///
/// Source: Meta, templates: components and limits.
extension Template {
    package static let nameRule = Rule.text(1...512, of: .lowercase)
    package static let footerRule = Rule.text(1...60)
    package static let buttonRule = Rule.text(1...25)
    package static let buttonsRule = Rule.list(0...10, of: buttonRule)
    /// Of the header that goes to Meta, in which no variable has a default.
    package static let headerAtMeta = Rule.text(0...60)
    /// Of the body that goes to Meta, in which no variable has a default.
    package static let bodyAtMeta = Rule.text(0...1024)
}

/// Names a template by name and language.
package struct TemplateReference: Described {
    package var name: String
    package var language: String?

    package static let fields: Fields = [
        "name": .text("Name of the template.", 1...512, of: .line),
        "language": .language(
            "Language of the template. It may be absent if the template has only one; of several, template.get gives the one that was created first."
        ),
    ]

    package init(name: String, language: String? = nil) {
        self.name = name
        self.language = language
    }
}

package enum GetTemplate: RPCMethod {
    package static let name = "template.get"
    package static let summary = "Gives one template."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/templates/{name}", .viewer)
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package static let faults: [FaultCode] = [.templateUnknown]
    package typealias Reply = Template
    package static let example = RPCExample(TemplateReference(name: "order_update", language: "en"), Template.example)
}

package enum DeleteTemplate: RPCMethod {
    package static let name = "template.delete"
    package static let summary = "Removes a template in one language here; Meta keeps its copy."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .delete("/v1/templates/{name}", .admin)
    package static let faults: [FaultCode] = [.templateUnknown, .languageNeeded]
    package static let example = RPCExample(TemplateReference(name: "order_update", language: "en"), Nothing())
}

package enum ListTemplates: RPCMethod {
    package static let name = "template.list"
    package static let summary = "Lists templates by name."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/templates", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var category: Template.Category?
        package var language: String?
        package var limit: Int?
        package var cursor: PageCursor<ListTemplates>?

        package static let fields: Fields = [
            "category": "Lists only templates of this category. All categories if absent.",
            "language": .language("Lists only templates in this language. All languages if absent."),
            "limit": .whole("How many templates one page holds at most.", 1...500, absent: 100),
            "cursor": .cursor("`next` of the page before. The list starts at the first template if absent."),
        ]

        package init(
            category: Template.Category? = nil, language: String? = nil, limit: Int? = nil, cursor: PageCursor<ListTemplates>? = nil
        ) {
            self.category = category
            self.language = language
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Described {
        package var items: [Template]
        package var next: PageCursor<ListTemplates>?

        package static let fields: Fields = [
            "items": .list("The templates, ordered by name and then by language.", 0...500),
            "next": .cursor("Cursor of the next page. There are no more templates if absent."),
        ]

        package init(items: [Template], next: PageCursor<ListTemplates>? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(category: .utility, language: "en", limit: 100, cursor: "order_update\nen"),
        Reply(items: [.example], next: "order_update\nen")
    )
}

package enum ValidateTemplate: RPCMethod {
    package static let name = "template.validate"
    package static let summary = "Names every problem of a template, or of a part of one, with its place."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .post("/v1/template-checks", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var name: String?
        package var language: String?
        package var header: String?
        package var body: String
        package var footer: String?
        package var buttons: [String]?

        package static let fields: Fields = [
            "name": .text("Name to check. It is not looked at if absent.", 0...4096),
            "language": .text("Meta's code of a language to check. It is not looked at if absent.", 0...256),
            "header": .text("Line above the body to check. There is no header if absent.", 0...65_536),
            "body": .text("Body of a template to check. It is not kept.", 0...65_536),
            "footer": .text("Line below the body to check. There is no footer if absent.", 0...65_536),
            "buttons": .list("Labels of quick-reply buttons to check. There are no buttons if absent.", 0...100, of: .text(0...4096)),
        ]

        package init(
            name: String? = nil, language: String? = nil, header: String? = nil, body: String, footer: String? = nil,
            buttons: [String]? = nil
        ) {
            self.name = name
            self.language = language
            self.header = header
            self.body = body
            self.footer = footer
            self.buttons = buttons
        }
    }

    package struct Problem: Described, Equatable {
        package var part: String
        package var line: Int
        package var column: Int
        package var message: String

        package static let fields: Fields = [
            "part": .text("Part of the template: name, language, header, body, footer, buttons, or one button such as buttons[1].", 1...64),
            "line": .whole("Line of the part on which the problem is. The first line is 1.", 1...65_537),
            "column": .whole("Character of the line at which the problem begins. The first character is 1.", 1...65_537),
            "message": .text("What is wrong, as a sentence for people.", 1...66_000),
        ]

        package init(part: String = "body", line: Int, column: Int, message: String) {
            self.part = part
            self.line = line
            self.column = column
            self.message = message
        }
    }

    package struct Reply: Described {
        package var valid: Bool
        package var problems: [Problem]
        package var variables: [String]

        package static let fields: Fields = [
            "valid": "Whether nothing that was given has a problem.",
            "problems": .list("Every problem that was found, in the order of the parts. The list is empty if there is none.", 0...100_000),
            "variables": .list("Names of the body's variables in order of first appearance.", 0...16_384, of: .text(1...65_536)),
        ]

        package init(valid: Bool, problems: [Problem], variables: [String]) {
            self.valid = valid
            self.problems = problems
            self.variables = variables
        }
    }

    package static let example = RPCExample(
        Params(
            name: "order_update", language: "en", header: "Order news", body: "Hello {{name", footer: "Lucky Shrub", buttons: ["Track"]),
        Reply(valid: false, problems: [Problem(line: 1, column: 7, message: "{{ is not closed by }}.")], variables: ["name"])
    )
}
