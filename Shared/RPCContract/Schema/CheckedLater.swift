/// A place whose schema is published but checked only later.
protocol CheckedLater: Codable, Sendable {
    static func schema(gaps: inout [String]) throws -> Schema
}
