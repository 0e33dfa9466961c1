import GRDB
import RPCContract

/// Guesses the name that somebody meant who has misspelt one.
enum KnownNames: String {
    /// By the tables that have them.
    case campaign, broadcastList, deliveryWindow, recurrence

    /// The rest of a sentence that says that there is no such thing: the name that was probably meant, or only a semicolon.
    func hint(_ db: Database, _ name: String, workspace: String) throws -> String {
        try near(db, name, workspace: workspace).map { "; did you mean \($0)?" } ?? ";"
    }

    /// Of very many names not all are looked at.
    private func near(_ db: Database, _ name: String, workspace: String) throws -> String? {
        let length = name.unicodeScalars.count
        // Names that differ more in length are not near. The recipients of one campaign have a list whose name is nobody's.
        let isShown = self == .broadcastList ? "AND isHidden = 0" : ""
        let names = try String.fetchAll(
            db, sql: "SELECT DISTINCT name FROM \(rawValue) WHERE workspace = ? AND length(name) BETWEEN ? AND ? \(isShown) LIMIT 300",
            arguments: [workspace, length * 2 / 3, length * 3 / 2 + 1])
        return NearestName.of(name, among: names)
    }
}
