package import RPCContract
package import Vocabulary

package enum RenderTemplate: RPCMethod {
    /// The value of one variable.
    package static let valueRule = Rule.text(0...32_768)

    package static let name = "template.render"
    package static let summary = "Fills a template with variables, as the customer will read it."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .post("/v1/templates/{name}/render", .viewer)
    package static let callers: Set<Caller> = [.gateway, .accountRouter, .intelligenceService]
    package static let faults: [FaultCode] = [.templateUnknown, .languageNeeded, .variableMissing, .variableUnknown]

    package struct Params: Described {
        package var name: String
        package var language: String?
        package var variables: [String: String]

        package static let fields: Fields = [
            "name": .text("Name of the template to fill.", 1...512, of: .line),
            "language": .language("Language of the template. It may be absent if the template has only one."),
            "variables": .map(
                "Value of each variable, by the variable's name. The default in the template takes the place of a missing or empty value.",
                0...256, of: RenderTemplate.valueRule),
        ]

        package init(name: String, language: String? = nil, variables: [String: String]) {
            self.name = name
            self.language = language
            self.variables = variables
        }
    }

    package struct Reply: Described {
        package var header: String?
        package var text: String
        package var footer: String?
        package var buttons: [String]
        package var language: String
        package var version: Int

        package static let fields: Fields = [
            "header": .text("The line above the body as the customer will read it. There is no header if absent.", 0...65_536),
            "text": .text("The body as the customer will read it.", 1...65_536),
            "footer": .text("The line below the body. There is no footer if absent.", 0...60),
            "buttons": .list("Labels of the quick-reply buttons, in order.", 0...10, of: .text(1...25)),
            "language": .language("Language of the template that was filled."),
            "version": .whole("Version of the template that was filled.", 1...1_000_000),
        ]

        package init(header: String?, text: String, footer: String?, buttons: [String], language: String, version: Int) {
            self.header = header
            self.text = text
            self.footer = footer
            self.buttons = buttons
            self.language = language
            self.version = version
        }
    }

    package static let example = RPCExample(
        Params(name: "order_update", language: "en", variables: ["name": "Asha", "order": "4711"]),
        Reply(
            header: "Order news", text: "Hello Asha, your order 4711 is on its way.", footer: "Lucky Shrub", buttons: ["Track"],
            language: "en", version: 1)
    )
}

package enum RenderTemplateBatch: RPCMethod {
    package static let name = "template.renderBatch"
    package static let summary = "Fills a template for many recipients; a recipient that fails has its own problem."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .post("/v1/templates/{name}/render-batch", .viewer)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package static let faults: [FaultCode] = [.templateUnknown, .languageNeeded]

    package struct Recipient: Described {
        package var id: String
        package var variables: [String: String]

        package static let fields: Fields = [
            "id": .text("The caller's own name for the recipient. The reply repeats it.", 1...256, of: .line),
            "variables": .map(
                "Value of each variable for this recipient, by the variable's name. The default in the template takes the place of a missing or empty value.",
                0...256, of: RenderTemplate.valueRule),
        ]

        package init(id: String, variables: [String: String]) {
            self.id = id
            self.variables = variables
        }
    }

    package struct Params: Described {
        package var name: String
        package var language: String?
        package var recipients: [Recipient]

        package static let fields: Fields = [
            "name": .text("Name of the template to fill.", 1...512, of: .line),
            "language": .language("Language of the template. It may be absent if the template has only one."),
            "recipients": .list("The recipients, each with their own values. All of them must fit into one frame of 8 MiB.", 1...100_000),
        ]

        package init(name: String, language: String? = nil, recipients: [Recipient]) {
            self.name = name
            self.language = language
            self.recipients = recipients
        }
    }

    package struct Item: Described {
        package var id: String
        package var text: String?
        package var problem: String?

        package static let fields: Fields = [
            "id": .text("The recipient's `id` as the caller gave it.", 1...256),
            "text": .text("The body as this recipient will read it. It is absent if there is a problem.", 1...65_536),
            "problem": .text("Why the template could not be filled for this recipient. It is absent if all went well.", 1...1100),
        ]

        package init(id: String, text: String?, problem: String?) {
            self.id = id
            self.text = text
            self.problem = problem
        }
    }

    package struct Reply: Described {
        package var items: [Item]

        package static let fields: Fields = [
            "items": .list("One result for each recipient, in the order of the request.", 1...100_000)
        ]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Params(name: "order_update", language: "en", recipients: [Recipient(id: "1", variables: ["order": "4711"])]),
        Reply(items: [Item(id: "1", text: "Hello there, your order 4711 is on its way.", problem: "variable order has no value")])
    )
}

package enum ComposeTemplate: RPCMethod {
    package static let name = "template.compose"
    package static let summary = "Gives the components that Meta's message request needs for these variables."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .post("/v1/templates/{name}/compose", .viewer)
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package static let faults: [FaultCode] = [
        .templateUnknown, .languageNeeded, .variableMissing, .variableUnknown, .templateNotApproved,
    ]
    package typealias Params = RenderTemplate.Params

    package struct Reply: Described {
        package var name: String
        package var language: String
        package var version: Int
        package var category: Template.Category
        package var wabaID: WABAID?
        package var components: [JSONValue]

        package static let fields: Fields = [
            "name": .text("Name of the template.", 1...512, of: .lowercase),
            "language": .language("Language of the template that was used."),
            "version": .whole("Version of the template that was used.", 1...1_000_000),
            "category": "Category under which Meta bills the message.",
            "wabaID": "The WhatsApp Business Account that has the template. Meta takes it from that account's numbers only.",
            "components": .list("Components of Meta's message request: header and body, each only if it has variables.", 0...2),
        ]

        package init(
            name: String,
            language: String,
            version: Int,
            category: Template.Category,
            wabaID: WABAID?,
            components: [JSONValue]
        ) {
            self.name = name
            self.language = language
            self.version = version
            self.category = category
            self.wabaID = wabaID
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
            wabaID: "102290129340398",
            components: [["type": "body", "parameters": [["type": "text", "parameter_name": "name", "text": "Asha"]]]]
        )
    )
}

package enum ComposeTemplateBatch: RPCMethod {
    package static let name = "template.composeBatch"
    package static let summary = "Gives Meta's components for many recipients at once; a recipient that fails has its own problem."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package static let faults: [FaultCode] = [.templateUnknown, .languageNeeded, .templateNotApproved]

    package struct Params: Described {
        package var name: String
        package var language: String?
        package var common: [String: String]
        package var variables: [String]
        package var rows: [[String]]

        package static let fields: Fields = [
            "name": .text("Name of the template to fill.", 1...512, of: .line),
            "language": .language("Language of the template. It may be absent if the template has only one."),
            "common": .map(
                "Value of each variable for all recipients, by the variable's name. A recipient's own value goes before it.", 0...256,
                of: RenderTemplate.valueRule),
            "variables": .list("Names of the variables whose values stand in `rows`, in the same order.", 0...16_384, of: .text(0...1024)),
            "rows": .list(
                "One row for each recipient, with one value for each name in `variables`. An empty value counts as absent.", 0...20_000,
                of: .list(0...16_384, of: .text(0...65_536))),
        ]

        package init(name: String, language: String? = nil, common: [String: String], variables: [String], rows: [[String]]) {
            self.name = name
            self.language = language
            self.common = common
            self.variables = variables
            self.rows = rows
        }
    }

    package struct Reply: Described {
        package var name: String
        package var language: String
        package var version: Int
        package var category: Template.Category
        package var wabaID: WABAID?
        package var variables: [String]
        package var components: [String]
        package var problems: [String: String]

        package static let fields: Fields = [
            "name": .text("Name of the template.", 1...512, of: .lowercase),
            "language": .language("Language of the template that was used."),
            "version": .whole("Version of the template that was used.", 1...1_000_000),
            "category": "Category under which Meta bills the messages.",
            "wabaID": "The WhatsApp Business Account that has the template. Meta takes it from that account's numbers only.",
            "variables": .list("The template's own variables: a name that is not among them fills nothing.", 0...512, of: .text(1...1024)),
            "components": .list(
                "Meta's components for each row, as JSON text. The text is empty if the row has a problem.", 0...20_000,
                of: .text(0...1_048_576)),
            "problems": .map(
                "Why a row could not be composed, by the number of the row counted from 0. Rows without a problem are left out.",
                0...20_000, of: .text(1...1100)),
        ]

        package init(
            name: String,
            language: String,
            version: Int,
            category: Template.Category,
            wabaID: WABAID?,
            variables: [String],
            components: [String],
            problems: [String: String]
        ) {
            self.name = name
            self.language = language
            self.version = version
            self.category = category
            self.wabaID = wabaID
            self.variables = variables
            self.components = components
            self.problems = problems
        }
    }

    package static let example = RPCExample(
        Params(name: "order_update", language: "en", common: ["shop": "Pune"], variables: ["name"], rows: [["Asha"], [""]]),
        Reply(
            name: "order_update", language: "en", version: 1, category: .utility, wabaID: "102290129340398", variables: ["name"],
            components: [#"[{"type":"body","parameters":[{"type":"text","parameter_name":"name","text":"Asha"}]}]"#, ""],
            problems: ["1": "variable name has no value"])
    )

    package static func validate(_ params: Params) throws(Fault) {
        for (index, row) in params.rows.enumerated() where row.count != params.variables.count {
            throw Fault(
                .params, "rows[\(index)] holds \(row.count) values; each row has one for each of the \(params.variables.count) variables.",
                path: "rows[\(index)]")
        }
    }
}
