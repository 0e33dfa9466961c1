import RPCContract
import TemplateContract

/// Whether a new template may be asked for under a name and language that one has already.
enum NameClash {
    /// nil where the same is asked for again.
    static func fault(_ params: CreateTemplate.Params, against known: TemplateStore.Entry) -> Fault? {
        let template = known.template
        var wanted = template
        (wanted.body, wanted.header, wanted.footer) = (params.body, params.header, params.footer)
        (wanted.buttons, wanted.category) = (params.buttons ?? [], params.category)
        guard wanted != template else { return nil }
        let other = "There is another \(template.name) in \(template.language)"
        // Of defaults Meta knows nothing: once the other is removed, it takes this one for what it has.
        let isSameAtMeta = TemplateParts(of: wanted) == TemplateParts(of: template) && wanted.category == template.category
        guard known.isAtMeta, !isSameAtMeta else {
            return Fault(.templateTaken, "\(other); template.delete removes it first.", path: "name")
        }
        return Fault(.templateTaken, "\(other), and Meta keeps it: this one needs another name.", path: "name")
    }
}
