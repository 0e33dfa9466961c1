import GatewayContract
import RPCContract
import Testing

@testable import GatewayCore

/// Who asks is told to every process in one line, whatever the key is called.
@Suite struct KeyActorTests {
    @Test(arguments: ["shop", "a\tb", "a\nb", "a\u{1B}[2Jb", "a\u{202E}b", "दुकान", String(repeating: "\u{0}", count: 64)])
    func everyKeyIsTaken(name: String) throws {
        var key = APIKey.example
        key.name = name
        let meta = CallMeta(workspace: "default", actor: Asker(key).actor)
        let told = try CallMeta(json: meta.json())
        #expect(told == meta && told.actor?.hasPrefix("key:") == true)
    }
}
