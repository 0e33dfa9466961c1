import GatewayContract
import RPCContract
import Testing

@testable import linda

/// What `linda events --after` takes for a cursor.
@Suite struct EventCursorTests {
    @Test(arguments: ["junk", "", "4.7.42", "00000000-4.7.42.11.3"]) func whatIsNoCursorIsToldWhereToFindOne(text: String) {
        let trouble = #expect(throws: Trouble.self) { try EventsCommand.cursor(text) }
        #expect(trouble?.description.contains("linda events --json shows it with each") == true, "\(String(describing: trouble))")
    }

    @Test func aCursorIsTaken() throws {
        let cursor = PageCursor<ListEvents>("4.7.42.11.3")
        #expect(try EventsCommand.cursor(cursor.text) == cursor)
    }
}
