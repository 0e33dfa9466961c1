import GRDB
import RPCContract
import Vocabulary

/// The variables that a campaign's rows fill: a column fills the variable that is spelt exactly alike, capitals included.
///
/// They are kept with the plan while it is made: one that is cut short has them when it goes on.
struct VariableFills: Codable, Equatable, Sendable {
    /// Columns that are known at most, besides those that fill something: each person may have others.
    private static let most = 1000
    /// Warnings of this kind that a report has at most.
    static let mostWarnings = 3

    /// Of the templates.
    var variables: Set<String> = []
    /// Of the rows, with what is given for everybody.
    var columns: Set<String> = []

    mutating func add(_ other: VariableFills) {
        variables.formUnion(other.variables)
        columns.formUnion(other.columns.intersection(variables))
        columns.formUnion(other.columns.subtracting(columns).sorted().prefix(max(0, Self.most - columns.count)))
    }

    func adding(_ other: VariableFills) -> VariableFills {
        var all = self
        all.add(other)
        return all
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
        return Array(found.prefix(Self.mostWarnings))
    }
}

extension VariableFills {
    /// Those of the chunks that a campaign has had so far.
    init(_ db: Database, of campaign: CampaignID) throws {
        let text = try String.fetchOne(db, sql: "SELECT plan -> 'fills' FROM campaign WHERE id = ?", arguments: [campaign])
        self = try text.map { try JSON.decode(VariableFills.self, from: $0) } ?? VariableFills()
    }

    /// Writes them into the campaign's plan.
    func keep(_ db: Database, of campaign: CampaignID) throws {
        try db.execute(
            sql: "UPDATE campaign SET plan = json_set(plan, '$.fills', json(?)) WHERE id = ?",
            arguments: [JSON.text(self, sorted: true), campaign])
    }
}
