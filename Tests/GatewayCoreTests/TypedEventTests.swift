import AccountContract
import Foundation
import MetaEvents
import RPCContract
import TemplateContract
import Testing
import Vocabulary

@Suite struct TypedEventTests {
    /// Whatever Meta sends, the typed event passes the bounds of the socket.
    @Test(arguments: ["account_update", "user_preferences", "phone_number_quality_update", "message_template_status_update"])
    func theLongestWordsAreCutToWhatTheSocketTakes(field: String) throws {
        let long = JSONValue.string(String(repeating: "é", count: 100_000))
        let value: JSONValue = [
            "event": long, "display_phone_number": long, "violation_info": ["violation_type": long], "message_template_name": long,
            "message_template_language": long, "reason": long, "ban_info": ["waba_ban_state": long, "waba_ban_date": long],
            "restriction_info": .array((0..<200).map { _ in ["restriction_type": long] }),
            "user_preferences": .array(
                (0..<2000).map { _ in ["wa_id": "919876543210", "category": "marketing_messages", "value": "stop", "detail": long] }),
        ]
        switch MetaEvent(field: field, value: value) {
        case .account(let event):
            let params = RecordAccountEvent.Params(key: "k", wabaID: "1", event: event, raw: ["a": 1])
            _ = try ParamsDecoder<RecordAccountEvent>().decode(Data(JSON.text(params).utf8))
        case .template(let event):
            let params = RecordTemplateEvent.Params(key: "k", wabaID: "1", event: event)
            _ = try ParamsDecoder<RecordTemplateEvent>().decode(Data(JSON.text(params).utf8))
        default: #expect(Bool(false), "not read")
        }
    }
}
