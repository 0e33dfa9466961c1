package import RPCContract
import Vocabulary

/// A message template in one language.
package struct Template: Codable, Sendable, Equatable {
    package enum Category: String, Codable, Sendable, CaseIterable { case marketing, utility, authentication }

    package var id: String
    package var name: String
    package var language: String
    package var category: Category
    package var header: String?
    /// With `{{name}}` or `{{1}}`; `{{name|there}}` has a default.
    package var body: String
    package var footer: String?
    /// Quick-reply labels.
    package var buttons: [String]
    package var workspace: String
    package var version: Int
    /// Names of the variables in order of appearance.
    package var variables: [String]
    package var review: Review
    /// Unix milliseconds.
    package var updatedAt: Int64

    /// Where Meta's review stands.
    package enum Review: String, Codable, Sendable {
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
        updatedAt: Int64
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
        updatedAt: 1_790_000_000_000
    )
}

package enum CreateTemplate: RPCMethod {
    package static let name = "template.create"
    package static let summary = "Keeps a new template; the same content again gives the same template."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.templateTaken, .templateInvalid]
    package typealias Reply = Template

    package struct Params: Codable, Sendable {
        /// 1 to 512 of a…z, 0…9 and underscore (Meta, templates overview).
        package var name: String
        /// Meta's language code, such as `en` or `en_US`.
        package var language: String
        package var category: Template.Category
        package var header: String?
        package var body: String
        package var footer: String?
        /// Labels of quick-reply buttons, at most 10.
        package var buttons: [String]?

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

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...512).contains(params.name.utf8.count),
            params.name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F })
        else { throw Fault(.params, "name has 1 to 512 of a-z, 0-9 and underscore.", path: "name") }
        guard (2...8).contains(params.language.utf8.count), params.language.utf8.first.map({ (0x61...0x7A).contains($0) }) == true else {
            throw Fault(.params, "language is a code such as en or en_US.", path: "language")
        }
        guard params.body.utf8.count <= 65_536 else { throw Fault(.params, "body is far too long.", path: "body") }
    }
}

/// Names a template by name and language.
package struct TemplateReference: Codable, Sendable {
    package var name: String
    /// The language that was created first where absent.
    package var language: String?

    package init(name: String, language: String? = nil) {
        self.name = name
        self.language = language
    }
}

package enum GetTemplate: RPCMethod {
    package static let name = "template.get"
    package static let summary = "Gives one template."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway, .accountRouter]
    package static let faults: [FaultCode] = [.templateUnknown]
    package typealias Reply = Template
    package static let example = RPCExample(TemplateReference(name: "order_update", language: "en"), Template.example)
}

package enum DeleteTemplate: RPCMethod {
    package static let name = "template.delete"
    package static let summary = "Removes a template in one language here; Meta keeps its copy."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.templateUnknown]
    package static let example = RPCExample(TemplateReference(name: "order_update", language: "en"), Nothing())
}

package enum ListTemplates: RPCMethod {
    package static let name = "template.list"
    package static let summary = "Lists templates by name."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var category: Template.Category?
        package var language: String?
        /// 1 to 500; 100 where absent.
        package var limit: Int?
        package var cursor: String?

        package init(category: Template.Category? = nil, language: String? = nil, limit: Int? = nil, cursor: String? = nil) {
            self.category = category
            self.language = language
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Template]
        package var next: String?

        package init(items: [Template], next: String? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(category: .utility, language: "en", limit: 100, cursor: "order_update\nen"),
        Reply(items: [.example], next: "order_update\nen")
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...500).contains(params.limit ?? 100) else { throw Fault(.params, "limit is 1 to 500.", path: "limit") }
    }
}

package enum ValidateTemplate: RPCMethod {
    package static let name = "template.validate"
    package static let summary = "Names every problem of a body with its line and column."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var body: String

        package init(body: String) { self.body = body }
    }

    package struct Problem: Codable, Sendable, Equatable {
        /// From 1.
        package var line: Int
        /// In characters, from 1.
        package var column: Int
        package var message: String

        package init(line: Int, column: Int, message: String) {
            self.line = line
            self.column = column
            self.message = message
        }
    }

    package struct Reply: Codable, Sendable {
        package var valid: Bool
        package var problems: [Problem]
        package var variables: [String]

        package init(valid: Bool, problems: [Problem], variables: [String]) {
            self.valid = valid
            self.problems = problems
            self.variables = variables
        }
    }

    package static let example = RPCExample(
        Params(body: "Hello {{name"),
        Reply(valid: false, problems: [Problem(line: 1, column: 7, message: "{{ is not closed by }}.")], variables: ["name"])
    )
}
