import Foundation
import RPCContract
import TemplateContract

/// What a customer sees of a template; two that have the same are one.
struct TemplateParts: Equatable {
    private var texts: [String: String] = [:]
    private var buttons: [[String]] = []

    /// As the template would be filed.
    init(of template: Template) { self.init(TemplateComposer.definition(template)["components"]?.array ?? []) }

    /// - Parameter components: as Meta writes them; the examples for its review are left out.
    init(_ components: [JSONValue]) {
        for component in components {
            let type = component["type"]?.string?.uppercased() ?? ""
            if type == "BUTTONS" {
                buttons = (component["buttons"]?.array ?? []).map { [$0["type"]?.string?.uppercased() ?? "", Self.plain($0["text"])] }
            } else {
                let format = type == "HEADER" ? component["format"]?.string?.uppercased() ?? "TEXT" : "TEXT"
                texts[type] = "\(format) \(Self.plain(component["text"]))"
            }
        }
    }

    private static func plain(_ text: JSONValue?) -> String {
        (text?.string ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
