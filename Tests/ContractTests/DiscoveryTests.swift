import AccountContract
import RPCContract
import Testing

/// What whoever integrates Linda reads first.
@Suite struct DiscoveryTests {
    private func method(_ name: String) throws -> JSONValue {
        try #require(try OpenRPC.document(of: AccountContract.self).methods.first { $0["name"]?.string == name })
    }

    /// One reader serves both: what is told of a fault before has the shape of the fault itself.
    @Test func aFaultIsToldAsItComes() throws {
        let told = try #require(try method("message.send")["errors"]?.array?.first { $0["code"]?.integer == 3102 })
        let real = try JSON.decode(JSONValue.self, from: JSON.encode(Fault(.noRoute, FaultCode.noRoute.meaning)))
        #expect(told["message"] == real["message"])
        #expect(told["data"]?["reason"] == real["data"]?["reason"] && told["data"]?["reason"] == "no_route")
    }

    @Test func aMessageIsShownAsThePlainTemplateThatMostSend() throws {
        let shown = try #require(try method("message.send")["examples"]?[0]?["params"]?[0]?["value"]?.object)
        #expect(shown.keys.sorted() == ["requestKey", "template", "to"])
        #expect(shown["template"]?["name"]?.string == "order_update")
    }
}
