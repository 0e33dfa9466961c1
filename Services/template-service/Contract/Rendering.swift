package import RPCContract
package import Vocabulary

package enum RenderTemplate: RPCMethod {
    package static let name = "template.render"
    package static let summary = "Fills a template with variables, as the customer will read it."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway, .accountRouter, .intelligenceService]
    package static let faults: [FaultCode] = [.templateUnknown, .variableMissing]

    package struct Params: Codable, Sendable {
        package var name: String
        package var language: String?
        package var variables: [String: String]

        package init(name: String, language: String? = nil, variables: [String: String]) {
            self.name = name
            self.language = language
            self.variables = variables
        }
    }

    package struct Reply: Codable, Sendable {
        package var text: String
        package var language: String
        package var version: Int

        package init(text: String, language: String, version: Int) {
            self.text = text
            self.language = language
            self.version = version
        }
    }

    package static let example = RPCExample(
        Params(name: "order_update", language: "en", variables: ["name": "Asha", "order": "4711"]),
        Reply(text: "Hello Asha, your order 4711 is on its way.", language: "en", version: 1)
    )
}

package enum RenderTemplateBatch: RPCMethod {
    package static let name = "template.renderBatch"
    package static let summary = "Fills a template for many recipients; a recipient that fails has its own problem."
    package static let effect = RPCEffect.read
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package static let faults: [FaultCode] = [.templateUnknown]

    package struct Recipient: Codable, Sendable {
        package var id: String
        package var variables: [String: String]

        package init(id: String, variables: [String: String]) {
            self.id = id
            self.variables = variables
        }
    }

    package struct Params: Codable, Sendable {
        package var name: String
        package var language: String?
        /// 1 to 100,000, within the frame's 8 MiB.
        package var recipients: [Recipient]

        package init(name: String, language: String? = nil, recipients: [Recipient]) {
            self.name = name
            self.language = language
            self.recipients = recipients
        }
    }

    package struct Item: Codable, Sendable {
        package var id: String
        package var text: String?
        package var problem: String?

        package init(id: String, text: String?, problem: String?) {
            self.id = id
            self.text = text
            self.problem = problem
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Params(name: "order_update", language: "en", recipients: [Recipient(id: "1", variables: ["order": "4711"])]),
        Reply(items: [Item(id: "1", text: "Hello there, your order 4711 is on its way.", problem: "variable order has no value")])
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...100_000).contains(params.recipients.count) else {
            throw Fault(.params, "recipients holds 1 to 100,000.", path: "recipients")
        }
    }
}

package enum ComposeTemplate: RPCMethod {
    package static let name = "template.compose"
    package static let summary = "Gives the components that Meta's message request needs for these variables."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package static let faults: [FaultCode] = [.templateUnknown, .variableMissing, .templateNotApproved]
    package typealias Params = RenderTemplate.Params

    package struct Reply: Codable, Sendable {
        package var name: String
        package var language: String
        package var version: Int
        package var category: Template.Category
        package var components: [JSONValue]

        package init(name: String, language: String, version: Int, category: Template.Category, components: [JSONValue]) {
            self.name = name
            self.language = language
            self.version = version
            self.category = category
            self.components = components
        }
    }

    package static let example = RPCExample(
        RenderTemplate.example.params,
        Reply(
            name: "order_update",
            language: "en",
            version: 1,
            category: .utility,
            components: [["type": "body", "parameters": [["type": "text", "parameter_name": "name", "text": "Asha"]]]]
        )
    )
}

package enum ComposeTemplateBatch: RPCMethod {
    package static let name = "template.composeBatch"
    package static let summary = "Gives Meta's components for many recipients at once; a recipient that fails has its own problem."
    package static let effect = RPCEffect.read
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package static let faults: [FaultCode] = [.templateUnknown, .templateNotApproved]

    package struct Params: Codable, Sendable {
        package var name: String
        package var language: String?
        /// For everybody; a recipient's own go before.
        package var common: [String: String]
        /// Names of the values in `rows`.
        package var variables: [String]
        /// Up to 20,000 recipients, each with a value for every name; an empty one counts as absent.
        package var rows: [[String]]

        package init(name: String, language: String? = nil, common: [String: String], variables: [String], rows: [[String]]) {
            self.name = name
            self.language = language
            self.common = common
            self.variables = variables
            self.rows = rows
        }
    }

    package struct Reply: Codable, Sendable {
        package var name: String
        package var language: String
        package var version: Int
        package var category: Template.Category
        /// Of each row: Meta's components as JSON text; empty where there is a problem.
        package var components: [String]
        /// By row, counted from 0.
        package var problems: [String: String]

        package init(
            name: String,
            language: String,
            version: Int,
            category: Template.Category,
            components: [String],
            problems: [String: String]
        ) {
            self.name = name
            self.language = language
            self.version = version
            self.category = category
            self.components = components
            self.problems = problems
        }
    }

    package static let example = RPCExample(
        Params(name: "order_update", language: "en", common: ["shop": "Pune"], variables: ["name"], rows: [["Asha"], [""]]),
        Reply(
            name: "order_update", language: "en", version: 1, category: .utility,
            components: [#"[{"type":"body","parameters":[{"type":"text","parameter_name":"name","text":"Asha"}]}]"#, ""],
            problems: ["1": "variable name has no value"])
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard params.rows.count <= 20_000 else { throw Fault(.params, "rows holds up to 20,000.", path: "rows") }
        for (index, row) in params.rows.enumerated() where row.count != params.variables.count {
            throw Fault(.params, "Each row has a value for every variable.", path: "rows[\(index)]")
        }
    }
}

package enum SubmitReview: RPCMethod {
    package static let name = "review.submit"
    package static let summary = "Submits a template to Meta for review; one that is under review or approved stays so."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(40)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.templateUnknown, .reviewRefused]
    package typealias Reply = ReviewStatus.Reply

    package struct Params: Codable, Sendable {
        package var name: String
        package var language: String?
        package var wabaID: WABAID

        package init(name: String, language: String? = nil, wabaID: WABAID) {
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
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.templateUnknown]

    package struct Reply: Codable, Sendable {
        package var name: String
        package var language: String
        package var review: Template.Review
        package var reason: String?
        package var metaID: String?

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
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var key: String
        package var field: String
        package var value: JSONValue

        package init(key: String, field: String, value: JSONValue) {
            self.key = key
            self.field = field
            self.value = value
        }
    }

    package struct Reply: Codable, Sendable {
        /// Whether a template of ours moved on.
        package var applied: Bool

        package init(applied: Bool) { self.applied = applied }
    }

    package static let example = RPCExample(
        Params(
            key: "hash",
            field: "message_template_status_update",
            value: ["event": "APPROVED", "message_template_name": "order_update", "message_template_language": "en"]
        ),
        Reply(applied: true)
    )
}
