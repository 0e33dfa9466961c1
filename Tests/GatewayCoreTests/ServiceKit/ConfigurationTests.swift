import Foundation
import ServiceKit
import Testing

@testable import GatewayCore

@Suite struct ConfigurationTests {
    private func refusal(_ environment: [String: String]) -> String? {
        do throws(StartRefusal) {
            _ = try Configuration(process: "gateway", file: nil, environment: environment).settings(GatewaySettings.self)
            return nil
        } catch { return error.description }
    }

    @Test func aMisspeltVariableIsRefused() {
        #expect(refusal(["LINDA_GATEWAY_LOG_LEVEL": "debug", "LINDA_DIR": "x", "LINDA_ACCOUNT_ROUTER_WAT": "1"]) == nil)
        let told = refusal(["LINDA_GATEWAY_LOG_LEVLE": "debug"])
        #expect(told?.contains("LINDA_GATEWAY_LOG_LEVLE") == true && told?.contains("did you mean LINDA_GATEWAY_LOG_LEVEL?") == true)
        #expect(refusal(["LINDA_GATEWAY_": "1"])?.contains("knows no such setting") == true)
    }

    /// Who mends one mistake, tries again and meets the next has been told half.
    @Test func everyMistakeIsToldAtOnce() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "linda-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("gatway:\n  a: 1\naccount-router: 5\ngateway:\n  log:\n    levle: debug\n  http.body: [1]\ncommon: [2]\n".utf8).write(
            to: file)
        do throws(StartRefusal) {
            _ = try Configuration(process: "gateway", file: file.path).settings(GatewaySettings.self)
            Issue.record("taken")
        } catch {
            let lines = error.description.split(separator: "\n").map { $0.replacing(file.path, with: "f") }
            #expect(lines.count == 4, "\(lines)")
            let order = lines.map { $0.split(separator: ":")[1] }
            #expect(order == order.sorted(), "\(lines)")
            #expect(lines.contains { $0.contains("f:1: no process is called gatway; did you mean gateway?") }, "\(lines)")
            #expect(lines.contains { $0.contains("log.levle; did you mean log.level?") }, "\(lines)")
            #expect(lines.contains { $0.contains("f:7: http.body must be one value, not a list") }, "\(lines)")
            #expect(lines.contains { $0.contains("f:8: a section holds settings, not a list") }, "\(lines)")
        }
    }

    @Test func anAddressOrAVersionThatIsNoneIsRefused() {
        func told(_ setting: String) -> String? {
            do throws(StartRefusal) {
                _ = try Configuration(process: "account-router", file: nil, overrides: [setting]).settings(GraphSettings.self)
                return nil
            } catch { return error.description }
        }
        for taken in ["graph.url=https://graph.facebook.com", "graph.url=http://127.0.0.1:8080", "graph.version=v25.0", "paths.run=/tmp/x"]
        {
            #expect(told(taken) == nil, "\(taken)")
        }
        for refused in [
            "graph.url=not a url", "graph.url=", "graph.url=ftp://x", "graph.url=https://", "graph.url=graph.facebook.com",
            "graph.url=https://x/?a=b", "graph.url=https://x/", "graph.version=24", "graph.version=v24", "graph.version=", "paths.run=run",
        ] {
            #expect(told(refused)?.contains(" must be an") == true || told(refused)?.contains(" must be a ") == true, "\(refused)")
        }
    }
}

/// What account-router and template-service say of Meta's API.
private struct GraphSettings: ProcessSettings {
    init(_ reader: inout SettingsReader) throws(StartRefusal) {
        _ = try reader.webAddress("graph.url", "https://graph.facebook.com", "Meta's Graph API.")
        _ = try reader.graphVersion("graph.version", "v24.0", "Its version.")
    }
}
