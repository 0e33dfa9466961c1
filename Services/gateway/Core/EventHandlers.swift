import AccountContract
import IntelligenceContract
import Observability
import RPCContract
import RPCTransport
import TemplateContract
import Vocabulary

/// Who handles which event.
struct EventHandlers: Sendable {
    let accounts: RPCClient
    let templates: RPCClient
    let intelligence: RPCClient

    /// message → account-router opens the window and names the account → intelligence-service understands and answers.
    func message(_ event: StoredEvent) async throws(Fault) {
        let raw = event.part.raw
        guard let number = event.part.phoneNumberID, let wamid = raw["id"]?.string else {
            throw Fault(.params, "The message names no number or has no id.")
        }
        // A change of number or identity is the system's word, not the customer's.
        let type = raw["type"]?.string ?? "unknown"
        let contact = (event.part.orderKey ?? "").split(separator: "\u{1F}", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        guard type != "system" else { return }
        guard !contact.isEmpty else { throw Fault(.params, "The message does not say who wrote it.") }
        let at = Self.moment(of: event)
        // A customer's message begins a trace that goes through every process it reaches.
        let meta = CallMeta(actor: "customer", requestKey: event.part.dedupeKey, traceparent: TraceContext.root().traceparent)
        let route = try await accounts.call(
            RecordInbound.self,
            RecordInbound.Params(
                phoneNumberID: PhoneNumberID(number), contact: ContactID(contact), wamid: WAMID(wamid), at: at, text: Self.text(of: raw)),
            meta: meta
        )
        var inner = meta
        inner.workspace = route.workspace
        _ = try await intelligence.call(
            ProcessMessage.self,
            ProcessMessage.Params(
                account: route.account,
                accountName: route.displayName,
                contact: ContactID(contact),
                contactName: event.part.contactName?.cut(to: 1024),
                wamid: WAMID(wamid),
                type: type.cut(to: 128),
                text: Self.text(of: raw),
                raw: raw,
                at: at,
                answered: route.keyword != nil ? true : nil
            ),
            meta: inner
        )
    }

    func statuses(_ events: [StoredEvent]) async throws(Fault) {
        let statuses = events.compactMap { event -> RecordStatuses.Status? in
            let raw = event.part.raw
            guard let id = raw["id"]?.text, !id.isEmpty, let status = raw["status"]?.text else { return nil }
            let error = raw["errors"]?[0]
            return RecordStatuses.Status(
                wamid: WAMID(id),
                phoneNumberID: event.part.phoneNumberID.flatMap { number in
                    let isID = (1...32).contains(number.utf8.count) && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    return isID ? PhoneNumberID(number) : nil
                },
                status: status.cut(to: 64),
                at: Self.moment(of: event),
                // Longer ones are another sender's: ours are ids.
                callbackData: raw["biz_opaque_callback_data"]?.text.flatMap { $0.utf8.count <= 512 ? $0 : nil },
                errorCode: (error?["code"]?.integer).flatMap { (0...Int64(Int32.max)).contains($0) ? Int($0) : nil },
                errorDetails: (error?["error_data"]?["details"]?.string ?? error?["title"]?.string)?.cut(to: 65_536),
                billable: raw["pricing"]?["billable"]?.bool,
                priceCategory: raw["pricing"]?["category"]?.text?.cut(to: 64)
            )
        }
        guard !statuses.isEmpty else { return }
        _ = try await accounts.call(RecordStatuses.self, RecordStatuses.Params(statuses: statuses))
    }

    /// Template events → template-service; what concerns numbers and accounts → account-router; the rest is kept and visible.
    func management(_ event: StoredEvent) async throws(Fault) {
        let meta = CallMeta(requestKey: event.part.dedupeKey)
        switch event.part.kind {
        case "message_template_status_update", "message_template_quality_update", "message_template_components_update",
            "template_category_update":
            let params = RecordTemplateEvent.Params(key: event.part.dedupeKey, field: event.part.kind, value: event.part.raw)
            _ = try await templates.call(RecordTemplateEvent.self, params, meta: meta)
        case "phone_number_quality_update", "phone_number_name_update", "business_capability_update", "account_update", "account_alerts",
            "account_review_update", "security", "user_preferences", "error":
            let params = RecordAccountEvent.Params(
                key: event.part.dedupeKey, field: event.part.kind, wabaID: event.part.entryID, value: event.part.raw)
            _ = try await accounts.call(RecordAccountEvent.self, params, meta: meta)
        default:
            break
        }
    }

    /// When Meta says that it happened; when it reached us, where Meta names no moment that a calendar has.
    private static func moment(of event: StoredEvent) -> Timestamp {
        guard let seconds = event.part.raw["timestamp"]?.integer else { return event.receivedAt }
        let moment = Timestamp(seconds: seconds)
        return (.zero ... .latest).contains(moment) ? moment : event.receivedAt
    }

    /// What the customer said, whatever way it was said.
    static func text(of message: JSONValue) -> String? { said(in: message)?.cut(to: 65_536) }

    private static func said(in message: JSONValue) -> String? {
        switch message["type"]?.string {
        case "text": message["text"]?["body"]?.string
        case "button": message["button"]?["text"]?.string
        case "interactive":
            message["interactive"]?["button_reply"]?["title"]?.string ?? message["interactive"]?["list_reply"]?["title"]?.string
        case "image", "video", "document":
            message["type"]?.string.flatMap { message[$0]?["caption"]?.string }
        case "order": message["order"]?["text"]?.string
        default: nil
        }
    }
}

extension String {
    /// The first code points: what Meta sends has no bounds of its own, and a part says more than a refusal.
    fileprivate func cut(to count: Int) -> String {
        utf8.count <= count ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
    }
}
