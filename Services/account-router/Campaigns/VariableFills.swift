import RPCContract

/// The variables that a campaign's rows fill: a column fills the variable that is spelt exactly alike, capitals included.
struct VariableFills: Equatable {
    /// Of the templates.
    var variables: Set<String> = []
    /// Of the rows, with what is given for everybody.
    var columns: Set<String> = []

    mutating func add(_ other: VariableFills) {
        variables.formUnion(other.variables)
        columns.formUnion(other.columns)
    }

    private static let opening = "nothing fills the variable "

    /// Those of a report's warnings that are of this kind; it is told when a campaign is planned, and not found out again.
    static func kept(_ warnings: [String]) -> [String] { warnings.filter { $0.hasPrefix(opening) } }

    /// Variables that nothing fills while a column of nearly the same name is there: everybody would get the default.
    var warnings: [String] {
        let unused = columns.subtracting(variables)
        let found = variables.subtracting(columns).sorted().compactMap { name in
            NearestName.of(name, among: unused).map { column in
                "\(Self.opening)\(name.prefix(64)), so everybody gets its default: is it what the column \(column) was meant for? A column fills the variable that is spelt as it is, capitals included"
            }
        }
        return Array(found.prefix(3))
    }
}
