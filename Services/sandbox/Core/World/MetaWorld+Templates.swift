import Foundation
import RPCContract
import SandboxContract
import Vocabulary

/// Templates on Meta's side: made, reviewed, and held against what is sent.
extension MetaWorld {
    func templateCategory(_ body: JSONValue, _ number: SandboxNumber) throws(MetaError) -> String {
        guard body["type"]?.string == "template", let template = body["template"] else { return "service" }
        let name = template["name"]?.string ?? ""
        let language = template["language"]?["code"]?.string ?? ""
        let known = templates[Self.key(number.wabaID, name, language)]
        if known?.status == .paused { throw MetaError(code: 132015, details: "Template \(name) is paused due to low quality.") }
        if known?.status == .disabled { throw MetaError(code: 132016, details: "Template \(name) is disabled.") }
        guard let known, known.status == .approved else {
            throw MetaError(code: 132001, details: "template name (\(name)) does not exist in \(language), or is not approved")
        }
        let components = template["components"]?.array ?? []
        try Self.check(components, against: known)
        for (type, variables) in [("header", known.header), ("body", known.body)] where type == "body" || known.media == nil {
            let parameters = components.first { $0["type"]?.string?.lowercased() == type }?["parameters"]?.array ?? []
            guard parameters.count == variables.count else {
                throw MetaError(
                    code: 132000,
                    details:
                        "\(type): number of localizable_params (\(parameters.count)) does not match the expected number of params (\(variables.count))"
                )
            }
            if known.isNamed, Set(parameters.compactMap { $0["parameter_name"]?.string }) != Set(variables) {
                throw MetaError(code: 132012, details: "\(type): the parameters' names are not those of the template")
            }
            if parameters.compactMap({ $0["text"]?.string }).contains(where: { Self.isBroken($0) }) {
                throw MetaError(
                    code: 132018, details: "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
            }
            if parameters.contains(where: { ["text", nil].contains($0["type"]?.string) && ($0["text"]?.string ?? "").isEmpty }) {
                throw MetaError(code: 131008, details: "\(type): a parameter's text is empty")
            }
        }
        return known.category.lowercased()
    }

    /// The parts of a template that are no text: a header's file or place, and what buttons carry.
    private static func check(_ components: [JSONValue], against known: SandboxTemplate) throws(MetaError) {
        if let media = known.media?.lowercased() {
            let parameters = components.first { $0["type"]?.string == "header" }?["parameters"]?.array ?? []
            guard parameters.count == 1, parameters[0]["type"]?.string == media, parameters[0][media]?.object?.isEmpty == false else {
                throw MetaError(code: 132012, details: "header: Format mismatch, expected \(media.uppercased())")
            }
        }
        for index in known.buttons {
            let button = components.first { $0["type"]?.string == "button" && $0["index"].flatMap { Int($0.text ?? "") } == index }
            guard button?["parameters"]?.array?.count == 1 else {
                throw MetaError(code: 131008, details: "buttons: Button at index \(index) of type Url requires a parameter")
            }
        }
    }

    /// `POST /{waba-id}/message_templates`.
    func createTemplate(_ body: JSONValue, in waba: WABAID) throws(MetaError) -> JSONValue {
        if let first = schemas.violations("POST", "/{Version}/{WABA-ID}/message_templates", body).first {
            againstSchema += 1
            throw MetaError(code: 100, details: first.description)
        }
        let name = body["name"]?.string ?? ""
        let language = body["language"]?.string ?? ""
        let key = Self.key(waba, name, language)
        guard templates[key] == nil else { throw MetaError(code: 100, details: "There is already \(language) content for this template.") }
        let components = body["components"]?.array ?? []
        func text(_ type: String) -> String { components.first { $0["type"]?.string?.uppercased() == type }?["text"]?.string ?? "" }
        let bodyText = text("BODY")
        let isAuthentication = body["category"]?.string?.uppercased() == "AUTHENTICATION"
        // Meta writes the body of a one-time code itself, and of a template from its own library.
        guard !bodyText.isEmpty || isAuthentication || body["library_template_name"] != nil else {
            throw MetaError(code: 100, details: "A component of type BODY with a text is required.")
        }
        guard !bodyText.hasPrefix("{{"), !bodyText.hasSuffix("}}") else {
            throw MetaError(code: 2388299, details: "Variables can't be at the start or end of the template.")
        }
        let bodyVariables = Self.variables(in: bodyText)
        try Self.check(bodyText, variables: bodyVariables.count)
        if !bodyVariables.isEmpty, components.first(where: { $0["type"]?.string?.uppercased() == "BODY" })?["example"] == nil {
            throw MetaError(code: 100, details: "An example of each variable is required.")
        }
        let template = SandboxTemplate(
            ratedAt: clock.now,
            id: String(1_000_000_000 + generator.next() % 1_000_000_000),
            name: name,
            language: language,
            category: body["category"]?.string ?? "UTILITY",
            status: .pending,
            isNamed: body["parameter_format"]?.string?.uppercased() == "NAMED",
            components: body["components"] ?? [],
            media: Self.media(components),
            buttons: Self.buttons(components),
            header: Self.variables(in: text("HEADER")),
            // Meta writes the text of a one-time code itself: the code is its variable.
            body: isAuthentication ? ["1"] : bodyVariables
        )
        templates[key] = template
        queue.insert(.review(waba: waba, template: key), due: now + 100 + 200 * generator.share())
        webhooks.wake()
        return ["id": .string(template.id), "status": "PENDING", "category": .string(template.category)]
    }

    func templates(of waba: WABAID) -> JSONValue {
        let items = templates.filter { $0.key.hasPrefix("\(waba.rawValue)\n") }.values.sorted { $0.id < $1.id }.map(Self.details)
        let count = JSONValue.integer(Int64(items.count))
        return [
            "data": .array(items), "paging": ["cursors": ["before": "", "after": ""]],
            "summary": [
                "total_count": count, "message_template_count": count, "message_template_limit": 6000, "are_translations_complete": true,
            ],
        ]
    }

    /// `GET /{template-id}`.
    func template(_ id: String) -> JSONValue? { templates.values.first { $0.id == id }.map(Self.details) }

    /// `DELETE /{waba-id}/message_templates`: the template of this name in every language.
    func deleteTemplates(_ name: String, in waba: WABAID) -> JSONValue? {
        let keys = templates.keys.filter { $0.hasPrefix("\(waba.rawValue)\n\(name)\n") }
        keys.forEach { templates[$0] = nil }
        return keys.isEmpty ? nil : ["success": true]
    }

    private static func details(_ template: SandboxTemplate) -> JSONValue {
        [
            "id": .string(template.id), "name": .string(template.name), "language": .string(template.language),
            "status": .string(template.status.rawValue), "category": .string(template.category),
            "parameter_format": template.isNamed ? "NAMED" : "POSITIONAL", "components": template.components,
            "quality_score": ["score": .string(template.quality), "date": .integer(template.ratedAt.seconds)],
        ]
    }

    func reviewPart(_ waba: WABAID, _ template: SandboxTemplate) -> WebhookPart {
        WebhookPart(
            waba: waba.rawValue,
            field: "message_template_status_update",
            value: [
                "event": .string(template.status.rawValue), "message_template_id": .integer(Int64(template.id) ?? 0),
                "message_template_name": .string(template.name), "message_template_language": .string(template.language),
                "reason": template.status == .rejected ? "INCORRECT_CATEGORY" : "NONE",
                "message_template_category": .string(template.category),
            ],
            item: nil,
            time: eventTime()
        )
    }

    private static func check(_ text: String, variables: Int) throws(MetaError) {
        guard VariableRoom.lack(text, variables: variables) != nil else { return }
        throw MetaError(
            code: 2388293,
            details: "This template has too many variables for its length. Reduce the number of variables or increase the message length.")
    }

    /// Source: Meta, error 132018.
    private static func isBroken(_ text: String) -> Bool {
        text.contains { $0.isNewline || $0 == "\t" } || text.contains("     ")
    }

    private static func media(_ components: [JSONValue]) -> String? {
        let format = components.first { $0["type"]?.string?.uppercased() == "HEADER" }?["format"]?.string?.uppercased()
        return format.flatMap { ["IMAGE", "VIDEO", "DOCUMENT", "LOCATION"].contains($0) ? $0 : nil }
    }

    private static func buttons(_ components: [JSONValue]) -> [Int] {
        let buttons = components.first { $0["type"]?.string?.uppercased() == "BUTTONS" }?["buttons"]?.array ?? []
        return buttons.indices.filter { index in
            switch buttons[index]["type"]?.string?.uppercased() {
            case "URL": buttons[index]["url"]?.string?.contains("{{") == true
            case "OTP": true
            default: false
            }
        }
    }

    private static func variables(in text: String) -> [String] {
        var names: [String] = []
        var rest = text[...]
        while let open = rest.range(of: "{{"), let close = rest.range(of: "}}", range: open.upperBound..<rest.endIndex) {
            let name = rest[open.upperBound..<close.lowerBound].trimmingCharacters(in: .whitespaces)
            if !names.contains(name) { names.append(name) }
            rest = rest[close.upperBound...]
        }
        return names
    }
}
