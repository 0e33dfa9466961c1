import GRDB
import RPCContract
import Storage
import Testing

/// What a row lacks is told, and nothing takes its place.
@Suite struct RowValuesTests {
    @Test func whatIsMissingIsAFaultThatNamesItsPlace() throws {
        let row: Row = ["id": "c1", "account": nil, "reason": nil]
        let fault = #expect(throws: Fault.self) {
            let account: String = try row.value("account", in: "campaignRecipient")
            Issue.record("\(account) was read")
        }
        #expect(fault?.code == .internal)
        #expect(fault?.message.hasPrefix("Table campaignRecipient, id") == true && fault?.message.contains("account holds NULL") == true)
        let id: String = try row.value("id", in: "campaignRecipient")
        #expect(id == "c1")
        #expect(row.text("reason") == "" && row.text("id") == "c1")
    }
}
