import RPCContract

/// A value that was given for a variable which a template does not have.
package struct UnknownVariable {
    /// As it was given, cut to what a person reads.
    package var name: String
    /// What is wrong, with the names that there are.
    package var words: String

    /// The first of some names that the template does not have; nil where it has them all.
    package init?(among names: some Collection<String>, of template: String, with variables: [String]) {
        guard let wrong = names.filter({ !variables.contains($0) }).min() else { return nil }
        name = String(wrong.prefix(64))
        let known = variables.isEmpty ? "it has none" : "it has \(variables.joined(separator: ", "))"
        let near = NearestName.of(wrong, among: variables).map { "; did you mean \($0)?" } ?? ""
        words = "\(template) has no variable \(name): \(known)\(near)"
    }
}
