import AccountContract
import IntelligenceContract
import MetaEvents
import Observability
import RPCContract
import RPCTransport
import TemplateContract
import Vocabulary

/// Gives each kind of event to its handler.
struct EventHandlers: Sendable {
    let gaps: DeliveryGaps
    /// What new traces are drawn from.
    let chance: Chance
    let accounts: RPCClient
    let templates: RPCClient
    let intelligence: RPCClient
    let sync: RPCClient

    /// message → account-router opens the window and names the account → intelligence-service understands and answers.
    func message(_ event: StoredEvent) async throws(Fault) {
        let part = event.part
        guard case .message(let message) = try event.read() else { return }
        // A change of number or identity is the system's word, not the customer's.
        if case .system(let change) = message.content, message.groupID == nil || change.isOfNames || change.identityHash != nil {
            return try await changed(change, message, event)
        }
        guard let contact = message.contact else { throw Fault(.params, "The message does not say who wrote it.") }
        // A message in a group opens nobody's window and is not answered in private: it is kept.
        if let group = message.groupID { return try await said(message, in: group, by: contact, event) }
        let at = message.at ?? event.receivedAt
        let text = message.text?.cut(to: 65_536)
        // A customer's message begins a trace that goes through every process it reaches.
        let meta = CallMeta(actor: "customer", requestKey: part.dedupeKey, traceparent: TraceContext.root(using: chance).traceparent)
        let route = try await accounts.call(
            RecordInbound.self,
            RecordInbound.Params(
                phoneNumberID: message.number, contact: contact, userIDs: message.userIDs.isEmpty ? nil : message.userIDs,
                wamid: message.id, at: at, text: message.wish?.cut(to: 65_536),
                isTapped: message.isTapped ? true : nil),
            meta: meta
        )
        var inner = meta
        inner.workspace = route.workspace
        _ = try await intelligence.call(
            ProcessMessage.self,
            ProcessMessage.Params(
                account: route.account,
                accountName: route.displayName,
                contact: route.contact,
                formerly: route.names.isEmpty ? nil : route.names,
                contactName: part.contactName?.cut(to: 1024),
                username: part.profile?.username?.cut(to: 256),
                identityHash: part.profile?.identityHash,
                wamid: message.id,
                type: message.type,
                text: text,
                content: ReceivedContent(message),
                raw: part.raw,
                at: at,
                receivedAt: event.receivedAt,
                // Nobody answers from a number that was removed.
                answered: route.keyword != nil || route.windowExpiresAt == nil ? true : nil
            ),
            meta: inner
        )
    }

    /// - Errors: those of account-router, and of the gateway's own database.
    func statuses(_ events: [StoredEvent]) async throws {
        var statuses: [MessageStatus] = []
        for event in events {
            // One that cannot be read is tried alone after this, and becomes a dead letter that can be seen.
            if case .status(let status) = try event.read() { statuses.append(status) }
        }
        // Known before what came after them: else the silence about a message would be taken for an answer.
        try await tellGaps()
        _ = try await accounts.call(RecordStatuses.self, RecordStatuses.Params(statuses: statuses))
    }

    /// Tells of all gaps in the deliveries.
    func tellGaps() async throws {
        while case let gaps = try await self.gaps.untold(), !gaps.isEmpty {
            _ = try await accounts.call(RecordStatuses.self, RecordStatuses.Params(statuses: [], gaps: gaps))
            try await self.gaps.told(gaps)
        }
    }

    /// Template events → template-service; what concerns numbers and accounts → account-router; the rest is kept and visible.
    func management(_ event: StoredEvent) async throws(Fault) {
        let part = event.part
        let receivedAt = event.receivedAt
        let meta = CallMeta(requestKey: part.dedupeKey)
        switch try event.read() {
        case .template(let event):
            guard let waba = JSONValue.string(part.entryID).id(WABAID.self) else {
                throw Fault(.params, "The event does not say whose template it is.")
            }
            let params = RecordTemplateEvent.Params(key: part.dedupeKey, wabaID: waba, event: event)
            // Waiting messages go by the new category before anything new is rendered with it.
            if let moved = event.moved, let name = event.name, let language = event.language {
                _ = try await accounts.call(
                    RecordTemplateCategory.self,
                    .init(
                        wabaID: waba, name: name, language: language, category: .init(moved), isMove: event.kind == .category ? nil : false,
                        at: receivedAt),
                    meta: meta)
            }
            _ = try await templates.call(RecordTemplateEvent.self, params, meta: meta)
        case .account(let event): try await tell(event, part)
        case .preferences(let event): try await tell(event.told, part)
        case .flow(let event): try await tell(event.notice, part)
        case .group(let event): try await tell(event.notice, part)
        case .call(let event):
            try await all(event.calls, unread: event.unread) { call throws(Fault) in
                try await called(call, on: event.number, part, receivedAt)
            }
        case .echo(let event):
            try await all(event.messages, unread: event.unread) { echo throws(Fault) in
                try await echoed(echo, from: event.number, part, receivedAt)
            }
        case .userIDs(let changes): for change in changes { try await renamed(change, part, receivedAt) }
        case .history(let chunk): try await history(chunk, part, receivedAt)
        case .appContacts(let changes): try await appContacts(changes, part, receivedAt)
        case .message, .status, .unknown: break
        }
    }

    private func tell(_ event: AccountEvent, _ part: Payload.Part) async throws(Fault) {
        var event = event
        // An error names no number itself: it is about the one that it came to.
        if event.kind == .error { event.phoneNumberID = JSONValue.string(part.phoneNumberID ?? "").id() }
        let raw = part.raw == .null ? [:] : part.raw
        let params = RecordAccountEvent.Params(key: part.dedupeKey, wabaID: part.entryID, event: event, raw: raw)
        _ = try await accounts.call(RecordAccountEvent.self, params, meta: CallMeta(requestKey: part.dedupeKey))
    }
}

extension RecordTemplateCategory.Category {
    fileprivate init(_ category: TemplateEvent.Category) {
        self =
            switch category {
            case .marketing: .marketing
            case .utility: .utility
            case .authentication: .authentication
            }
    }
}
