import MetaEvents
import RPCContract
import Testing
import Vocabulary

/// What `calls` tells of a call.
@Suite struct CallEventTests {
    private func call(_ members: String) throws -> CallEvent.Call {
        let ravi = #"{"profile":{"name":"Ravi"},"wa_id":"919876500000"}"#
        let contacts = #"[\#(ravi),{"profile":{"name":"Asha"},"wa_id":"919876543210","user_id":"IN.1"}]"#
        let value = try JSON.decode(
            JSONValue.self, from: #"{"metadata":{"phone_number_id":"1"},"contacts":\#(contacts),"calls":[{"id":"c",\#(members)}]}"#)
        guard case .call(let event) = MetaEvent(field: "calls", value: value) else { throw Fault(.params, "It is no call event.") }
        return try #require(event.calls.first)
    }

    @Test(arguments: [
        #""from":"919876543210""#, #""from_user_id":"IN.1""#,
        #""from":"918047181000","to":"919876543210","direction":"BUSINESS_INITIATED""#,
    ])
    func theCustomerIsNamed(members: String) throws { #expect(try call(members).name == "Asha") }

    @Test func whoIsNotAmongTheContactsHasNoName() throws { #expect(try call(#""from":"919876511111""#).name == nil) }

    @Test func onlyACallThatWasTakenHasABeginningAndADuration() throws {
        let taken = try call(#""event":"terminate","timestamp":"120","start_time":"100","end_time":"120","duration":20"#)
        #expect(taken.startedAt == Timestamp(seconds: 100) && taken.seconds == 20 && taken.at == Timestamp(seconds: 120))
        let missed = try call(#""event":"terminate","timestamp":"120","status":"FAILED""#)
        #expect(missed.startedAt == nil && missed.seconds == nil)
    }

    /// A beginning that cannot be one would open a window of another day.
    @Test(arguments: ["0", "-1", "121", "9007199254740993", "9223372036854775807", "now"])
    func aBeginningThatCannotBeIsNone(start: String) throws {
        let end = try call(#""event":"terminate","timestamp":"1760000000","start_time":"\#(start)","duration":20"#)
        #expect(end.startedAt == nil && end.at == Timestamp(seconds: 1_760_000_000))
    }
}
