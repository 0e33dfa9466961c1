/// Names of a file's columns that were left out, as its pieces tell them one after the other: further down another one may hold something.
struct ColumnsLeftOut {
    /// So many are told of a whole file, as of one piece.
    let most: Int
    private var found: [String] = []

    init(most: Int) { self.most = most }

    /// Each once, in the order in which they were told; nil where there is none.
    var names: [String]? { found.isEmpty ? nil : found }

    mutating func add(_ names: [String]?) {
        for name in names ?? [] where found.count < most && !found.contains(name) { found.append(name) }
    }
}
