import AccountContract
import ArgumentParser
import Foundation
import MetaEvents
import RPCContract
import TemplateContract
import Vocabulary

/// Message templates.
struct Templates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Message templates: list, create, check, render, submit, delete.",
        subcommands: [List.self, Create.self, Check.self, Render.self, Submit.self, Delete.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List templates and where Meta's review stands.")
        @OptionGroup var connection: Connection

        func run() async throws {
            let reply = try await connection.call(TemplateContract.self, ListTemplates.self, ListTemplates.Params(limit: 500))
            try connection.show(reply) {
                List.table(reply.items).print(nothing: "no template yet; `linda templates create` makes one")
            }
        }

        /// Names are typed after `--template`, and stay whole.
        static func table(_ items: [Template]) -> Table {
            var table = Table("NAME", "LANGUAGE", "CATEGORY", "REVIEW", "VERSION", "VARIABLES", "WHY")
            (table.cuttable, table.spare) = (["VARIABLES", "WHY"], ["VERSION", "VARIABLES", "CATEGORY", "WHY"])
            for item in items {
                table.add(
                    item.name, item.language, item.category.rawValue, item.review.rawValue, "\(item.version)",
                    item.variables.joined(separator: " "), Templates.why(item))
            }
            return table
        }
    }

    /// What Meta says of a template beside its review: why it cannot be sent, or what it warns of.
    static func why(_ template: Template) -> String {
        let isPlain = template.metaStatus.map { [.approved, .reinstated, .unarchived].contains($0.known) } ?? true
        let status = isPlain || template.metaStatus?.text == template.review.rawValue.uppercased() ? nil : template.metaStatus?.text
        let title = template.review == .approved ? nil : template.statusTitle?.text
        let reason = template.review == .approved ? nil : template.reviewReason
        let category = template.correctCategory.map { "Meta holds it for \($0)" }
        return [status, title, reason, category].compactMap(\.self).joined(separator: ", ")
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a template here; `submit` sends it to Meta.",
            discussion: "linda templates create order_update --body 'Hello {{name|there}}, your order {{order}} is on its way.'"
        )
        @OptionGroup var connection: Connection
        @Argument(help: "a-z, 0-9 and underscore.") var name: String
        @Option(help: ArgumentHelp("The text; - reads it from standard input.", valueName: "text")) var body: String
        @Option(help: ArgumentHelp("Language code.", valueName: "code")) var language = "en"
        @Option(help: ArgumentHelp("marketing, utility or authentication.", valueName: "name")) var category = "utility"
        @Option(help: ArgumentHelp("One line above the body.", valueName: "text")) var header: String?
        @Option(help: ArgumentHelp("One line below the body.", valueName: "text")) var footer: String?
        @Option(name: .customLong("button"), help: ArgumentHelp("A quick-reply label; repeatable.", valueName: "label")) var buttons:
            [String] = []

        func run() async throws {
            guard let category = Template.Category(rawValue: category) else {
                throw Trouble("--category is marketing, utility or authentication.")
            }
            let params = CreateTemplate.Params(
                name: name, language: language, category: category, header: header, body: Templates.text(body), footer: footer,
                buttons: buttons.isEmpty ? nil : buttons
            )
            // All that is wrong, a line for each, comes before anything is made.
            let parts = ValidateTemplate.Params(
                name: name, language: language, header: header, body: params.body, footer: footer, buttons: params.buttons)
            let problems = try await connection.call(TemplateContract.self, ValidateTemplate.self, parts).problems
            if !problems.isEmpty { throw Create.trouble(problems) }
            let template = try await connection.call(TemplateContract.self, CreateTemplate.self, params)
            try connection.show(template) {
                print("\(template.name) (\(template.language)) is \(template.review.rawValue); submit it with `linda templates submit`.")
            }
        }

        /// The mistakes as `check` shows them.
        static func trouble(_ problems: [ValidateTemplate.Problem]) -> Trouble {
            let count = problems.count == 1 ? "There is 1 mistake" : "There are \(problems.count) mistakes"
            return Trouble(lines: problems.map(Check.line), "\(count); the template was not created.")
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List every problem of a template's text, with line and column.",
            discussion: "The text is the body; the other parts are looked at where their options give them, as `create` has them.")
        @OptionGroup var connection: Connection
        @Argument(help: "The text; - reads it from standard input.") var text: String?
        @Option(help: ArgumentHelp("The text, named as `create` has it.", valueName: "text")) var body: String?
        @Option(help: ArgumentHelp("The template's name.", valueName: "name")) var name: String?
        @Option(help: ArgumentHelp("Language code.", valueName: "code")) var language: String?
        @Option(help: ArgumentHelp("As `create` has it; the same text is right in each.", valueName: "name")) var category = "utility"
        @Option(help: ArgumentHelp("One line above the body.", valueName: "text")) var header: String?
        @Option(help: ArgumentHelp("One line below the body.", valueName: "text")) var footer: String?
        @Option(name: .customLong("button"), help: ArgumentHelp("A quick-reply label; repeatable.", valueName: "label")) var buttons:
            [String] = []

        func validate() throws {
            guard Template.Category(rawValue: category) != nil else {
                throw ValidationError("--category is marketing, utility or authentication.")
            }
            guard (text == nil) == (body == nil) else { return }
            throw ValidationError("Give the text once: `linda templates check TEXT`, or --body TEXT; - reads it from standard input.")
        }

        func run() async throws {
            let params = ValidateTemplate.Params(
                name: name, language: language, header: header, body: Templates.text(text ?? body ?? ""), footer: footer,
                buttons: buttons.isEmpty ? nil : buttons)
            let reply = try await connection.call(TemplateContract.self, ValidateTemplate.self, params)
            try connection.show(reply) {
                if reply.valid { print("valid; variables: \(reply.variables.isEmpty ? "none" : reply.variables.joined(separator: " "))") }
                for problem in reply.problems { print(Check.line(problem)) }
            }
            if !reply.valid { throw ExitCode(1) }
        }

        /// A problem with its place: a body's line and column, and what else there is by its name.
        static func line(_ problem: ValidateTemplate.Problem) -> String {
            let part = problem.part == "body" ? "" : "\(problem.part): "
            let place = ["body", "header"].contains(problem.part) ? "\(problem.line):\(problem.column): " : ""
            return "\(part)\(place)\(problem.message)"
        }
    }

    struct Render: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a template filled in, as the customer will read it.")
        @OptionGroup var connection: Connection
        @Argument(help: "The template.") var name: String
        @Option(help: ArgumentHelp("Language code; needed where there are several.", valueName: "code")) var language: String?
        @Option(name: .customLong("var"), help: ArgumentHelp("A variable; repeatable.", valueName: "name=value")) var variables: [String] =
            []

        func run() async throws {
            let params = RenderTemplate.Params(name: name, language: language, variables: try Assignment.values(variables))
            let reply = try await connection.call(TemplateContract.self, RenderTemplate.self, params)
            try connection.show(reply) { print(Render.text(reply)) }
        }

        /// A message as it stands on a phone: header, body and footer apart, and the buttons below.
        static func text(_ reply: RenderTemplate.Reply) -> String {
            let texts = [reply.header, reply.text, reply.footer].compactMap(\.self).joined(separator: "\n\n")
            return ([texts] + reply.buttons.map { "[ \($0) ]" }).joined(separator: "\n")
        }
    }

    struct Submit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Submit a template to Meta for review.")
        @OptionGroup var connection: Connection
        @Argument(help: "The template.") var name: String
        @Option(help: ArgumentHelp("Language code; needed where there are several.", valueName: "code")) var language: String?
        @Option(help: ArgumentHelp("Meta's WhatsApp Business Account id; needed where the numbers have several.", valueName: "id"))
        var waba: String?

        func run() async throws {
            let language = try await connection.language(language, of: name)
            let template = try await connection.call(
                TemplateContract.self, GetTemplate.self, TemplateReference(name: name, language: language))
            let params = SubmitReview.Params(name: name, language: language, wabaID: try await account(for: template))
            let reply = try await connection.call(TemplateContract.self, SubmitReview.self, params)
            try connection.show(reply) { print(Submit.words(reply)) }
        }

        /// nil where the template has its account already.
        private func account(for template: Template) async throws -> WABAID? {
            if let waba { return WABAID(waba) }
            guard template.review == .draft else { return nil }
            let accounts = Set(try await connection.numbers().map(\.wabaID))
            if accounts.count == 1 { return accounts.first }
            throw Trouble(
                accounts.isEmpty
                    ? "There is no number yet, so no account is known. Add a number with linda accounts add."
                    : "The numbers have several accounts; --waba says which: \(accounts.map(\.rawValue).sorted().joined(separator: ", ")).")
        }

        /// Where the review stands, and what comes next.
        static func words(_ reply: ReviewStatus.Reply) -> String {
            let next =
                switch reply.review {
                case .pending: "Meta's review takes minutes to a day; linda templates shows where it stands"
                case .approved: "it can be sent"
                case .rejected: "a corrected one needs another name"
                case .paused: "Meta gives it back in hours"
                case .disabled: "use another template"
                case .draft: "Meta has not said yet where its review stands; submit it again later"
                }
            return "\(reply.name) (\(reply.language)) is \(reply.review.rawValue)\(reply.reason.map { " (\($0))" } ?? ""); \(next)"
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a template here; Meta keeps its copy.")
        @OptionGroup var connection: Connection
        @Argument(help: "The template.") var name: String
        @Option(help: ArgumentHelp("Language code; needed where there are several.", valueName: "code")) var language: String?
        @Flag(help: "Do it. Without this flag nothing happens.") var yes = false

        func run() async throws {
            let language = try await connection.language(language, of: name)
            let template = try await connection.call(
                TemplateContract.self, GetTemplate.self, TemplateReference(name: name, language: language))
            guard yes else { throw Trouble(Delete.warning(template)) }
            let reply = try await connection.call(
                TemplateContract.self, DeleteTemplate.self, TemplateReference(name: name, language: language))
            try connection.show(reply) {
                print("removed \(template.name) (\(template.language))\(Delete.rest(template).map { "; \($0)" } ?? "")")
            }
        }

        /// What is to be known before a template is removed.
        static func warning(_ template: Template) -> String {
            let what = "\(template.name) (\(template.language))"
            let rest = rest(template).map { " \($0)." } ?? ""
            return "Campaigns and windows that use \(what) fail from then on.\(rest) Say --yes to remove it."
        }

        /// What stays of it at Meta; nil where it was never there.
        private static func rest(_ template: Template) -> String? {
            guard template.review != .draft else { return nil }
            return "Meta keeps its copy: under this name it takes only the same text again, and a corrected one needs another name"
        }
    }

    fileprivate static func text(_ given: String) -> String {
        given == "-"
            ? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self).trimmingCharacters(in: .newlines) : given
    }
}

extension Connection {
    /// The one language that a template has where none is given: of several nobody knows which is meant.
    fileprivate func language(_ given: String?, of name: String) async throws -> String? {
        if let given { return given }
        var params = ListTemplates.Params(limit: 500)
        var languages: [String] = []
        var names: Set<String> = []
        repeat {
            let page = try await call(TemplateContract.self, ListTemplates.self, params)
            languages += page.items.filter { $0.name == name }.map(\.language)
            names.formUnion(page.items.map(\.name))
            params.cursor = page.next
        } while params.cursor != nil
        guard !languages.isEmpty else {
            let hint = NearestName.of(name, among: names).map { "; did you mean \($0)?" } ?? ";"
            throw Trouble("There is no template \(name)\(hint) linda templates lists all.")
        }
        guard languages.count > 1 else { return languages.first }
        throw Trouble("\(name) exists in \(languages.sorted().joined(separator: ", ")); --language says which is meant.")
    }
}
