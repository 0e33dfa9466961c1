import MetaEvents
import RPCContract
import TemplateContract

/// A template as Meta has it.
struct MetaTemplate: Equatable {
    /// Its review and category, as if Meta's webhook had told them.
    var event: TemplateEvent
    var parts: TemplateParts

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
            category: (node["category"]?.string).map { MetaWord(anyCase: $0.cut(to: 64)) }
        )
        parts = TemplateParts(node["components"]?.array ?? [])
    }
}
