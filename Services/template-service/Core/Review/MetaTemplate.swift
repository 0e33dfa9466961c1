import Foundation
import MetaEvents
import RPCContract
import TemplateContract

/// A template as Meta has it.
struct MetaTemplate: Equatable {
    /// Its review and category, as if Meta's webhook had told them.
    var event: TemplateEvent
    var parts: Parts

    /// Source: Meta, message templates, fields of a template.
    init(_ node: JSONValue) {
        let status = (node["status"]?.string?.cut(to: 64)).map { MetaWord<TemplateEvent.Word>($0) }
        event = TemplateEvent(
            .status,
            name: node["name"]?.string?.cut(to: 512),
            language: node["language"]?.string?.cut(to: 64),
            metaID: node["id"]?.text?.cut(to: 64),
            // It has a warning, and can be sent.
            event: status?.known == .flagged ? .known(.approved) : status,
            reason: node["rejected_reason"]?.string?.cut(to: 512),
            category: (node["category"]?.string).map { MetaWord($0.uppercased().cut(to: 64)) }
        )
        parts = Parts(node["components"]?.array ?? [])
    }

    /// What a customer sees of a template; two that have the same are one.
    struct Parts: Equatable {
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
}
