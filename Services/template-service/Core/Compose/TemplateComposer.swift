import RPCContract
import TemplateContract

/// Turns a template and variables into Meta's components.
///
/// Source: Meta, messages reference, template object; NAMED parameters carry
/// `parameter_name`, POSITIONAL ones are told by their order.
enum TemplateComposer {
    /// For `POST /{phone-number-id}/messages`.
    static func components(header: TemplateText?, body: TemplateText, variables: [String: String]) -> Result<[JSONValue], MissingVariable> {
        var components: [JSONValue] = []
        for (type, text) in [("header", header), ("body", body)] {
            guard let text, !text.variables.isEmpty else { continue }
            switch text.values(variables) {
            case .failure(let missing): return .failure(missing)
            case .success(let values):
                let names = text.isPositional ? text.variables.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) } : text.variables
                let parameters = names.map { name -> JSONValue in
                    var parameter: [String: JSONValue] = ["type": "text", "text": .string(values[name] ?? "")]
                    if !text.isPositional { parameter["parameter_name"] = .string(name) }
                    return .object(parameter)
                }
                components.append(["type": .string(type), "parameters": .array(parameters)])
            }
        }
        return .success(components)
    }

    /// For `POST /{waba-id}/message_templates`: the template itself, with an example of each variable, as review wants.
    static func definition(_ template: Template) -> JSONValue {
        let body = TemplateText.parse(template.body).text
        var components: [JSONValue] = []
        if let header = template.header {
            let text = TemplateText.parse(header).text
            var component: [String: JSONValue] = ["type": "HEADER", "format": "TEXT", "text": .string(text.metaText)]
            if let example = example(text, positional: "header_text", named: "header_text_named_params", nested: false) {
                component["example"] = example
            }
            components.append(.object(component))
        }
        var component: [String: JSONValue] = ["type": "BODY", "text": .string(body.metaText)]
        if let example = example(body, positional: "body_text", named: "body_text_named_params", nested: true) {
            component["example"] = example
        }
        components.append(.object(component))
        if let footer = template.footer { components.append(["type": "FOOTER", "text": .string(footer)]) }
        if !template.buttons.isEmpty {
            let buttons = template.buttons.map { JSONValue.object(["type": "QUICK_REPLY", "text": .string($0)]) }
            components.append(["type": "BUTTONS", "buttons": .array(buttons)])
        }
        return [
            "name": .string(template.name),
            "language": .string(template.language),
            "category": .string(template.category.rawValue.uppercased()),
            "parameter_format": body.variables.isEmpty || body.isPositional ? "POSITIONAL" : "NAMED",
            "components": .array(components),
        ]
    }

    private static func example(_ text: TemplateText, positional: String, named: String, nested: Bool) -> JSONValue? {
        guard !text.variables.isEmpty else { return nil }
        func sample(_ name: String) -> String {
            for case .variable(name, .some(let fallback)) in text.pieces { return fallback }
            return "Sample"
        }
        if text.isPositional {
            let samples = JSONValue.array(text.variables.map { .string(sample($0)) })
            return [positional: nested ? [samples] : samples]
        }
        return [named: .array(text.variables.map { ["param_name": .string($0), "example": .string(sample($0))] })]
    }
}
