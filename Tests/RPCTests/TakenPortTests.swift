import Foundation
import Supervision
import Testing

/// A port that somebody else has is told with what names another.
@Suite struct TakenPortTests {
    @Test func theOptionIsNamed() throws {
        let first = try Listener.tcp(port: 0)
        defer { close(first.descriptor) }
        let failure = #expect(throws: Listener.Failure.self) { _ = try Listener.tcp(port: first.port) }
        #expect(failure?.description.contains("127.0.0.1:\(first.port): another program listens there") == true)
        #expect(failure?.description.contains("--port") == true)
    }
}
