import AccountContract
import Testing

@testable import linda

/// What `linda lists import` says of a file's columns.
@Suite struct ImportedColumnsTests {
    private func lines(_ variables: [String]?, _ unused: [String]? = nil) -> [String] {
        ImportedColumns.lines(.init(added: 1, updated: 0, problems: [], members: 1, variables: variables, unused: unused))
    }

    @Test func whatFillsAndWhatDoesNotIsTold() {
        #expect(lines(["name", "city"]) == ["variables: name, city"])
        #expect(
            lines(["city", "Name"], ["pet's age"]) == [
                "variables: city, Name (capitals count: Name fills {{Name}}, not {{name}})",
                "fill nothing: pet's age (a variable's name has letters, digits and underscore)",
            ])
        #expect(lines([]) == ["variables: none"] && lines(nil).isEmpty)
    }

    @Test func whatWasLeftOutIsNamed() {
        #expect(ImportedColumns.leftOut(["Abteilung", "Notizen"]) == "left out: Abteilung, Notizen")
        #expect(ImportedColumns.leftOut(nil) == nil && ImportedColumns.leftOut([]) == nil)
        #expect(ImportedColumns.leftOut(["\u{1B}[2J"])?.contains("\u{1B}") == false)
    }
}
