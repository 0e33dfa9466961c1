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
}
