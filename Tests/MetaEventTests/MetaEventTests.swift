import MetaEvents
import RPCContract
import Testing
import Vocabulary

/// The fields of webhooks as Meta's reference shows them.
@Suite struct MetaEventTests {
    private func event(_ field: String, _ json: String) throws -> MetaEvent {
        MetaEvent(field: field, value: try JSON.decode(JSONValue.self, from: json))
    }

    private func account(_ field: String, _ json: String) throws -> AccountEvent {
        switch try event(field, json) {
        case .account(let event): return event
        case .preferences(let event): return event.told
        case .flow(let event): return event.notice
        case .group(let event): return event.notice
        default: throw Fault(.internal, "\(field) is no account event")
        }
    }

    @Test func templateEventsAreRead() throws {
        let status = #"""
            {"event":"REJECTED","message_template_id":594425479261596,"message_template_name":"order_update","message_template_language":"en-US","reason":"INVALID_FORMAT"}
            """#
        #expect(
            try event("message_template_status_update", status)
                == .template(
                    TemplateEvent(
                        .status, name: "order_update", language: "en-US", metaID: "594425479261596", event: "REJECTED",
                        reason: "INVALID_FORMAT")))
        let none = #"{"event":"APPROVED","message_template_name":"a","message_template_language":"en","reason":"NONE"}"#
        #expect(
            try event("message_template_status_update", none)
                == .template(TemplateEvent(.status, name: "a", language: "en", event: "APPROVED")))
        let quality =
            #"{"previous_quality_score":"GREEN","new_quality_score":"YELLOW","message_template_name":"a","message_template_language":"en"}"#
        #expect(
            try event("message_template_quality_update", quality)
                == .template(TemplateEvent(.quality, name: "a", language: "en", quality: "YELLOW", previousQuality: "GREEN")))
        let category =
            #"{"message_template_name":"a","message_template_language":"en","new_category":"MARKETING","previous_category":"UTILITY"}"#
        #expect(
            try event("template_category_update", category)
                == .template(TemplateEvent(.category, name: "a", language: "en", category: "MARKETING")))
    }

    @Test func accountEventsAreRead() throws {
        let upgrade = try account("phone_number_quality_update", #"{"display_phone_number":"15550783881","event":"THROUGHPUT_UPGRADE"}"#)
        #expect(upgrade == AccountEvent(.quality, event: "THROUGHPUT_UPGRADE", displayPhoneNumber: "15550783881"))
        for (told, people) in [
            ("2000", 2000), ("\"TIER_10K\"", 10_000), ("\"TIER_UNLIMITED\"", nil), ("-1", nil), ("\"TIER_1M\"", 1_000_000),
            ("9223372036854775807", 2_147_483_647), ("\"TIER_9223372036854775807K\"", 2_147_483_647),
            ("\"9223372036855M\"", 2_147_483_647),
        ] as [(String, Int?)] {
            let capability = try account("business_capability_update", #"{"max_daily_conversations_per_business":\#(told)}"#)
            #expect(capability.capability == AccountEvent.Capability(people: people), "\(told)")
        }
        for told in ["null", "{}", "0", "-2", "\"TIER_NOT_SET\"", "\"\"", "\"K\"", "\"TIER_99999999999999999999\"", "1e400"] {
            let capability = try? account("business_capability_update", #"{"max_daily_conversations_per_business":\#(told)}"#).capability
            #expect(capability == nil, "\(told) says nothing of the limit, least of all that there is none")
        }
        #expect(try account("business_capability_update", "{}").capability == nil, "what is not said changes nothing")
        let ban = try account(
            "account_update", #"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE","waba_ban_date":"April 17, 2025"}}"#)
        #expect(ban.event == "DISABLED_UPDATE" && ban.ban == .init(state: "DISABLE", date: "April 17, 2025"))
        let restriction = try account(
            "account_update",
            #"{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":1},{}]}"#
        )
        #expect(restriction.restrictions == ["RESTRICTED_BIZ_INITIATED_MESSAGING"])
        #expect(restriction.bars.map(\.until) == [Timestamp(seconds: 1)])
        for field in ["account_alerts", "account_review_update", "security", "phone_number_name_update", "error"] {
            #expect(try account(field, "{}").kind.rawValue == field)
        }
    }

    /// Every word that something follows from, and one that nobody knows.
    @Test func wordsAreReadOnce() throws {
        let ban = try account("account_update", #"{"event":"disabled_update","ban_info":{"waba_ban_state":"reinstate"}}"#)
        #expect(ban.event == .known(.disabledUpdate) && ban.ban?.state == .known(.reinstated))
        #expect(try account("account_update", #"{"event":"A_NEW_WORD"}"#).event == .unknown("A_NEW_WORD"))
        let mixed = try account("account_update", #"{"event":"Some_Mixed_Word","ban_info":{"waba_ban_state":"Perhaps"}}"#)
        #expect(mixed.event == .unknown("Some_Mixed_Word") && mixed.ban?.state == .unknown("Perhaps"), "as it came")
        let told = try account(
            "account_update",
            #"{"restriction_info":[{"restriction_type":"RESTRICTED_UTILITY_TEMPLATES"},{"restriction_type":"RESTRICTED_X"}]}"#)
        #expect(told.restrictions == [.known(.utilityTemplates), .unknown("RESTRICTED_X")])
        guard
            case .template(let moved) = try event(
                "template_category_update", #"{"new_category":"MARKETING","event":"FLAGGED"}"#),
            case .template(let other) = try event("message_template_status_update", #"{"message_template_category":"News","event":"X"}"#)
        else { return #expect(Bool(false), "no template events") }
        #expect(moved.moved == .marketing && moved.event == .known(.flagged))
        #expect(other.moved == nil && other.category == .unknown("News") && other.event == .unknown("X"))
        guard case .call(let call) = try event("calls", #"{"calls":[{"id":"a","event":"terminate"},{"id":"b","event":"recording"}]}"#)
        else {
            return #expect(Bool(false), "no call event")
        }
        #expect(call.calls.map(\.event) == [.known(.terminate), .unknown("recording")])
    }

    /// A word crosses a socket as Meta writes it.
    @Test(arguments: TemplateEvent.Word.allCases.map(\.rawValue) + ["NEWS", "", "approved"])
    func aWordIsATextInJSON(text: String) throws {
        let word = MetaWord<TemplateEvent.Word>(text)
        #expect(word.text == text && word.known?.rawValue ?? text == text)
        #expect(try JSON.decode([MetaWord<TemplateEvent.Word>].self, from: JSON.text([text])) == [word])
        #expect(try JSON.text([word]) == JSON.text([text]))
    }

    @Test func flowsAndGroupsAreValues() throws {
        let flow = #"{"event":"FLOW_STATUS_CHANGE","message":"m","flow_id":"6","old_status":"DRAFT","new_status":"PUBLISHED"}"#
        guard case .flow(let told) = try event("flows", flow) else { return #expect(Bool(false), "no Flow") }
        #expect(
            told.event == .known(.statusChange) && told.flow == "6" && told.before == .known(.draft) && told.after == .known(.published))
        for kind in GroupEvent.Kind.allCases {
            let value = #"{"phone_number":"15550783881","groups":[{"group_id":"g1","type":"group_suspend"},{"type":"group_x"},7]}"#
            guard case .group(let told) = try event(kind.rawValue, value) else { return #expect(Bool(false), "no group") }
            #expect(told.kind == kind && told.groups.map(\.id) == ["g1", nil, nil] && told.displayPhoneNumber == "15550783881")
            #expect(told.groups.map(\.word) == [.known(.suspended), .unknown("group_x"), nil])
            #expect(told.notice.kind.rawValue == kind.rawValue && told.notice.displayPhoneNumber == "15550783881")
        }
        let beside = #"{"metadata":{"phone_number_id":"1","display_phone_number":"15550783881"}}"#
        guard case .preferences(let told) = try event("user_preferences", beside) else { return #expect(Bool(false), "no preferences") }
        #expect(told.number == "1" && told.told.kind == .preferences && told.told.preferences == [])
        #expect(told.told.phoneNumberID == "1" && told.told.displayPhoneNumber == "15550783881")
    }

    /// Messages and statuses are events as all others.
    @Test func messagesAndStatusesAreEvents() throws {
        let text: JSONValue = ["id": "w", "type": "text", "text": ["body": "Hi"]]
        guard case .message(let message) = try MetaEvent.message(text, number: "1", contact: "919876543210", userIDs: ["IN.1"]) else {
            return #expect(Bool(false), "no message")
        }
        #expect(message.text == "Hi" && message.userIDs == ["IN.1"] && message.type == .known(.text))
        let sent: JSONValue = ["id": "w", "status": "sent"]
        #expect(
            try MetaEvent.status(sent, number: "1", receivedAt: Timestamp(milliseconds: 5))
                == .status(MessageStatus(wamid: "w", phoneNumberID: "1", status: .known(.sent), at: Timestamp(milliseconds: 5))))
        let none = #expect(throws: UnreadableEvent.self) {
            try MetaEvent.status(["id": "w"], number: "1", receivedAt: Timestamp(milliseconds: 5))
        }
        #expect(none?.reason.hasPrefix("The status ") == true)
    }

    /// Source of the shapes: Meta, webhooks reference.
    @Test(
        arguments: [
            (
                "phone_number_name_update",
                #"{"display_phone_number":"15550783881","decision":"APPROVED","requested_verified_name":"Lucky Shrub","rejection_reason":"NONE"}"#,
                "APPROVED", "the display name “Lucky Shrub”"
            ),
            (
                "account_alerts",
                #"{"entity_type":"PHONE_NUMBER","entity_id":1,"alert_info":{"alert_severity":"CRITICAL","alert_status":"ACTIVE","alert_type":"OBA_REJECTED","alert_description":"Why"}}"#,
                "OBA_REJECTED", "PHONE_NUMBER 1: CRITICAL: ACTIVE: Why"
            ),
            ("account_review_update", #"{"decision":"REJECTED"}"#, "REJECTED", "Meta's review of the account"),
            (
                "security", #"{"display_phone_number":"15550783881","event":"PIN_CHANGED","requester":"634974688087057"}"#, "PIN_CHANGED",
                "asked for by 634974688087057"
            ),
            (
                "flows", #"{"event":"FLOW_STATUS_CHANGE","message":"m","flow_id":"6","old_status":"DRAFT","new_status":"PUBLISHED"}"#,
                "FLOW_STATUS_CHANGE", "the Flow 6: DRAFT → PUBLISHED: m"
            ),
            (
                "flows",
                #"{"event":"ENDPOINT_ERROR_RATE","message":"m","flow_id":"6","error_rate":14.25,"threshold":10,"alert_state":"ACTIVATED","errors":[{"error_type":"TIMEOUT","error_count":20}]}"#,
                "ENDPOINT_ERROR_RATE",
                "the Flow 6: m: alert_state ACTIVATED; error_rate 14.25; errors.error_count 20; errors.error_type TIMEOUT; threshold 10"
            ),
            (
                "flows", #"{"event":"ENDPOINT_LATENCY","flow_id":"6","p90_latency":4522,"requests_count":34123,"threshold":3013}"#,
                "ENDPOINT_LATENCY", "the Flow 6: p90_latency 4522; requests_count 34123; threshold 3013"
            ),
            (
                "business_username_updates", #"{"display_phone_number":"15550783881","username":"luckyshrub","status":"approved"}"#,
                "approved", "status approved; username luckyshrub"
            ),
            (
                "payment_configuration_update",
                #"{"configuration_name":"upi","provider_name":"razorpay","status":"Needs_Testing","updated_timestamp":1790000000}"#,
                "Needs_Testing",
                "configuration_name upi; provider_name razorpay; status Needs_Testing; updated_timestamp 2026-09-21T14:13:20Z"
            ),
            (
                "account_settings_update",
                #"{"messaging_product":"whatsapp","type":"phone_number_settings","phone_number_settings":{"calling":{"status":"ENABLED"},"open":true}}"#,
                "phone_number_settings",
                "phone_number_settings.calling.status ENABLED; phone_number_settings.open true; type phone_number_settings"
            ),
            (
                "automatic_events", #"{"automatic_events":[{"id":"wamid.1","event_name":"LeadSubmitted","ctwa_clid":"c"}]}"#,
                "LeadSubmitted", "automatic_events.ctwa_clid c; automatic_events.event_name LeadSubmitted; automatic_events.id wamid.1"
            ),
            (
                "partner_solutions", #"{"event":"SOLUTION_CREATED","solution_id":"9","solution_status":"DRAFT"}"#, "SOLUTION_CREATED",
                "solution_id 9; solution_status DRAFT"
            ),
            (
                "group_status_update",
                #"{"metadata":{"display_phone_number":"15550783881"},"groups":[{"group_id":"g1","type":"group_suspend"},{},7]}"#,
                "group_suspend", "the group g1"
            ),
            (
                "group_lifecycle_update",
                #"{"groups":[{"timestamp":"5","type":"group_create","request_id":"r","subject":"Plants","errors":[{"code":131021,"title":"No"}]}]}"#,
                "group_create", "failed: errors.code 131021; errors.title No; request_id r; subject Plants"
            ),
            (
                "group_lifecycle_update",
                #"{"groups":[{"group_id":"g1","type":"group_create","request_id":"r","invite_link":"https://chat.whatsapp.com/x"}]}"#,
                "group_create", "the group g1: invite_link https://chat.whatsapp.com/x; request_id r"
            ),
            (
                "group_status_update",
                #"{"groups":[{"group_id":"g1","type":"group_suspend"},{"group_id":"g2","type":"group_suspend_cleared"}]}"#,
                "group_suspend, group_suspend_cleared", "group_suspend, the group g1; group_suspend_cleared, the group g2"
            ),
            (
                "group_participant_update",
                #"{"groups":[{"group_id":"g1","type":"group_participants_remove","initiated_by":"business","removed_participants":[{"wa_id":"919876543210"}],"failed_participants":[{"input":"919876500001","errors":[{"code":131026}]}]}]}"#,
                "group_participants_remove",
                "the group g1: failed: failed_participants.errors.code 131026; failed_participants.input 919876500001; initiated_by business; removed_participants.wa_id 919876543210"
            ),
            (
                "group_settings_update",
                #"{"groups":[{"group_id":"g1","type":"group_settings_update","group_subject":{"text":"Plants","update_successful":true}}]}"#,
                "group_settings_update", "the group g1: group_subject.text Plants; group_subject.update_successful true"
            ),
            ("payment_configuration_update", "{}", "-", "Meta's event payment_configuration_update"),
            ("security", #"{"event":["x"],"requester":{}}"#, "-", "Meta's event security"),
        ])
    func whatChangesNothingHereIsANotice(field: String, value: String, word: String, text: String) throws {
        #expect(try account(field, value).notice == AccountNotice(word: word, text: text))
    }

    @Test func preferencesAreReadOneByOne() throws {
        let told = try account(
            "user_preferences",
            #"""
            {"metadata":{"phone_number_id":"106540352242922"},"user_preferences":[
             {"wa_id":"919876543210","detail":"stopped","category":"marketing_messages","value":"stop","timestamp":1731705721},
             {"user_id":"IN.13491208655302741918","category":"marketing_messages","value":"resume"},
             {"wa_id":null,"user_id":"IN.2","category":"marketing_messages","value":"stop"},
             {"wa_id":"","user_id":"IN.3","category":"marketing_messages","value":"stop"},
             {"wa_id":"919876543210","category":"marketing_messages","value":"perhaps"},
             {"wa_id":"919876543210","category":"something_else","value":"stop"},
             {"wa_id":"not a number","category":"marketing_messages","value":"stop"},
             {"category":"marketing_messages","value":"stop"}, 7]}
            """#)
        #expect(told.phoneNumberID == "106540352242922")
        #expect(
            told.preferences == [
                UserPreference(contact: "919876543210", choice: .stop, at: Timestamp(seconds: 1_731_705_721), detail: "stopped"),
                UserPreference(contact: "IN.13491208655302741918", choice: .resume, at: nil),
                UserPreference(contact: "IN.2", choice: .stop, at: nil), UserPreference(contact: "IN.3", choice: .stop, at: nil),
            ])
    }

    @Test func callsAndEchoesAreRead() throws {
        guard
            case .call(let call) = try event(
                "calls",
                #"{"metadata":{"phone_number_id":"1"},"calls":[{"id":"c","event":"connect","from":"919876543210","timestamp":"5"},{"id":"d","event":"terminate","direction":"BUSINESS_INITIATED","from_user_id":"IN.1","duration":9},{}]}"#
            )
        else { return #expect(Bool(false), "no call event") }
        #expect(call.calls.map(\.isFromCustomer) == [true, false] && call.calls.map(\.seconds) == [nil, 9])
        #expect(
            call.number == "1" && call.calls.count == 2 && call.calls[1].userID == "IN.1" && call.calls[0].contact == "919876543210"
                && call.calls[0].event == "connect")
        guard
            case .echo(let echo) = try event(
                "smb_message_echoes",
                #"{"metadata":{"phone_number_id":"1"},"message_echoes":[{"id":"wamid.e","to":"2","type":"image","image":{"caption":"Here"},"timestamp":"5"},{"to":"3"}]}"#
            )
        else { return #expect(Bool(false), "no echo") }
        #expect(echo.number == "1" && echo.messages.map(\.id) == ["wamid.e"] && echo.messages[0].to == "2")
        #expect(echo.messages[0].text == "Here" && echo.messages[0].type == "image")
        #expect(echo.messages[0].content?.media?.kind == .image && call.calls[1].raw["duration"] == 9)
    }

    @Test(arguments: ["never_heard_of", "calls", "history", "smb_message_echoes", ""])
    func whatCannotBeReadIsKept(field: String) throws {
        #expect(try event(field, #"{"x":[1]}"#) == .unknown(field: field, ["x": [1]]))
    }

    /// A move counts once it is done, never when it is announced.
    @Test func aMoveOfCategoryIsToldFromItsAnnouncement() throws {
        let names = #""message_template_name":"a","message_template_language":"en""#
        guard
            case .template(let announced) = try event(
                "template_category_update", "{\(names),\"new_category\":\"UTILITY\",\"correct_category\":\"MARKETING\"}"),
            case .template(let done) = try event(
                "template_category_update", "{\(names),\"new_category\":\"MARKETING\",\"previous_category\":\"UTILITY\"}"),
            case .template(let changed) = try event(
                "message_template_components_update", "{\(names),\"message_template_element\":\"Hi {{1}}, come.\"}")
        else { return #expect(Bool(false), "no template events") }
        #expect(announced.isUpcoming == true && announced.category == "MARKETING")
        #expect(done.isUpcoming == nil && done.category == "MARKETING")
        #expect(changed.body == "Hi {{1}}, come.")
    }

    /// What is told of partners comes from a portfolio, and names the account in the event.
    @Test func theAccountOfAPartnersEventIsRead() throws {
        guard
            case .account(let event) = try event(
                "account_update", #"{"event":"PARTNER_REMOVED","waba_info":{"waba_id":"102290129340398","owner_business_id":"5"}}"#)
        else { return #expect(Bool(false), "no account event") }
        #expect(event.event == "PARTNER_REMOVED" && event.account == "102290129340398")
    }

    @Test func statusesAreRead() throws {
        let now = Timestamp(milliseconds: 5)
        func status(_ json: String, number: String? = "106540352242922") throws -> MessageStatus? {
            MessageStatus(try JSON.decode(JSONValue.self, from: json), number: number, receivedAt: now)
        }
        let failed = try status(
            #"{"id":"wamid.f","status":"failed","timestamp":"1790000000","biz_opaque_callback_data":"01J","errors":[{"code":131026,"title":"t","error_data":{"details":"d"}}]}"#
        )
        #expect(
            failed
                == MessageStatus(
                    wamid: "wamid.f", phoneNumberID: "106540352242922", status: "failed", at: Timestamp(seconds: 1_790_000_000),
                    callbackData: "01J", errorCode: 131026, errorDetails: "d",
                    errors: [try #require(MetaFault(code: 131026, title: "t", details: "d"))]))
        let read = try status(
            #"{"id":"wamid.r","status":"read","pricing":{"billable":false,"pricing_model":"PMP","category":"utility"}}"#, number: "x")
        #expect(
            read
                == MessageStatus(
                    wamid: "wamid.r", phoneNumberID: nil, status: "read", at: now, billable: false, priceCategory: "utility",
                    priceModel: "PMP"))
        #expect(try status(#"{"id":"","status":"sent"}"#) == nil)
        #expect(try status(#"{"id":"wamid.s"}"#) == nil)
        #expect(try status("7") == nil)
        let odd = try status(
            #"{"id":"wamid.o","status":"sent","errors":[{"code":-1}],"biz_opaque_callback_data":"\#(String(repeating: "x", count: 513))"}"#)
        #expect(odd?.errorCode == nil && odd?.callbackData == nil)
    }
}
