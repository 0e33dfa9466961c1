import Testing

@testable import linda

/// Which columns of a file are told that is handed over in pieces.
@Suite struct ColumnsLeftOutTests {
    @Test func whatAnEarlierPieceToldIsKept() {
        var columns = ColumnsLeftOut(most: 64)
        #expect(columns.names == nil)
        for piece in [nil, ["pet's age", "column 3"], nil, ["column 3", "Notizen"], nil] { columns.add(piece) }
        #expect(columns.names == ["pet's age", "column 3", "Notizen"])
    }

    @Test func theyAreAsManyAsOnePieceTells() {
        var columns = ColumnsLeftOut(most: 64)
        for piece in 0..<10 { columns.add((0..<20).map { "c\(piece * 20 + $0)" }) }
        #expect(columns.names == (0..<64).map { "c\($0)" })
    }
}
