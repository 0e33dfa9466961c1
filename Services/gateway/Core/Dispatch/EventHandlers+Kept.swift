import AccountContract
import IntelligenceContract
import MetaEvents
import Observability
import RPCContract
import RPCTransport
import Vocabulary

/// What is part of a conversation and is nobody's to answer: calls, echoes, groups, and what WhatsApp itself says.
extension EventHandlers {
    /// Another number, BSUID or phone of a customer: what is kept of them follows, and the conversation says so.
    func changed(_ change: SystemChange, _ message: CustomerMessage, _ event: StoredEvent) async throws(Fault) {
        guard let contact = message.contact ?? change.phone ?? change.userID else {
            throw Fault(.params, "The system's message does not say whom it is about.")
        }
        let at = message.at ?? event.receivedAt
        let meta = CallMeta(requestKey: event.part.dedupeKey)
        if change.isOfNames || change.identityHash != nil {
            var ids = message.userIDs
            if let id = change.userID {
                // A customer without a number is known by the new id alone; other ids stand beside the number.
                if contact.isBSUID, change.phone == nil { ids = [id] } else if !ids.contains(id) { ids.append(id) }
            }
            _ = try await accounts.call(
                RecordContactChange.self,
                RecordContactChange.Params(
                    phoneNumberID: message.number, contact: contact, phone: change.phone, userIDs: ids.isEmpty ? nil : ids,
                    identityHash: change.identityHash, at: at),
                meta: meta)
        }
        // By their former name, under which nobody else is meant.
        let route = try await named(contact, on: message.number, at: at, meta)
        try await keep(
            KeptMessage(
                wamid: message.id, type: message.type, name: event.part.contactName, username: event.part.profile?.username,
                identityHash: change.identityHash, content: ReceivedContent(message), raw: event.part.raw, at: at,
                receivedAt: event.receivedAt),
            route, meta)
    }

    /// What is said in a group belongs to the group's conversation: nobody's window opens, and no STOP is read in it.
    func said(_ message: CustomerMessage, in group: String, by author: ContactID, _ event: StoredEvent) async throws(Fault) {
        guard let group = JSONValue.string(group).id(ContactID.self) else {
            throw Fault(.params, "The group's id is none as Meta writes them.")
        }
        let at = message.at ?? event.receivedAt
        let meta = CallMeta(actor: "customer", requestKey: event.part.dedupeKey)
        let route = try await named(author, message.userIDs, on: message.number, at: at, meta)
        try await keep(
            KeptMessage(
                wamid: message.id, type: message.type, name: event.part.contactName, text: message.text?.cut(to: 65_536),
                content: ReceivedContent(message), raw: event.part.raw, at: at, receivedAt: event.receivedAt, group: group,
                author: route.contact),
            route, meta)
    }

    /// A customer who calls opens the window, as one who writes does; what they said is nobody's to answer.
    ///
    /// A call that the business makes opens none. Source: Meta, calling: a call of the user's starts a customer service
    /// window, whether it is taken or not.
    func called(_ call: CallEvent.Call, on number: PhoneNumberID?, _ part: Payload.Part, _ receivedAt: Timestamp) async throws(Fault) {
        guard let number, let contact = call.contact ?? call.userID, let id = JSONValue.string("\(call.id):\(call.event)").id(WAMID.self)
        else { throw Fault(.params, "The call does not say who called whom.") }
        let meta = CallMeta(actor: call.isFromCustomer ? "customer" : nil, requestKey: part.dedupeKey)
        let at = call.at ?? receivedAt
        let ids = call.userID.map { [$0] } ?? []
        // A recording that is ready is no call, and opens nothing.
        let isOpening = call.isFromCustomer && [.connect, .terminate].contains(call.event.known)
        let route =
            if isOpening {
                try await accounts.call(
                    RecordInbound.self,
                    RecordInbound.Params(
                        phoneNumberID: number, contact: contact, userIDs: ids.isEmpty ? nil : ids, wamid: id,
                        // The end of a call that was taken opens no window: its beginning did.
                        at: min(call.startedAt ?? at, at)),
                    meta: meta)
            } else {
                try await named(contact, ids, on: number, at: at, meta)
            }
        try await keep(
            KeptMessage(
                wamid: id, type: "call", name: call.name, username: call.username,
                content: ReceivedContent(call: call.content, errors: call.errors), raw: call.raw, at: at, isEcho: !call.isFromCustomer),
            route, meta)
    }

    /// A message that the business has written in the app itself is part of the conversation.
    func echoed(_ echo: MessageEcho.Message, from number: PhoneNumberID, _ part: Payload.Part, _ receivedAt: Timestamp)
        async throws(Fault)
    {
        guard let contact = echo.to ?? echo.userID else { throw Fault(.params, "The echo does not say whom it was written to.") }
        let at = echo.at ?? receivedAt
        let meta = CallMeta(requestKey: part.dedupeKey)
        let route = try await named(contact, echo.userID.map { [$0] } ?? [], on: number, at: at, meta)
        try await keep(
            KeptMessage(
                wamid: echo.id, type: echo.type, name: echo.name, username: echo.username, text: echo.text, content: echo.content,
                raw: echo.raw, at: at, isEcho: true),
            route, meta)
    }

    /// Another BSUID of a customer: what is kept of them follows, and the conversation says so.
    func renamed(_ change: UserIDChange, _ part: Payload.Part, _ receivedAt: Timestamp) async throws(Fault) {
        let at = change.at ?? receivedAt
        let contact = change.phone ?? change.previous
        let meta = CallMeta(requestKey: "\(part.dedupeKey.prefix(400)):\(change.current.rawValue.suffix(64))")
        _ = try await accounts.call(
            RecordContactChange.self,
            RecordContactChange.Params(
                phoneNumberID: change.number, wabaID: change.number == nil ? JSONValue.string(part.entryID).id() : nil, contact: contact,
                userIDs: change.phone == nil ? [change.current] : [change.previous, change.current], at: at),
            meta: meta)
        // Without a number there is no conversation to tell; the next message in it brings the names together.
        guard let number = change.number else { return }
        let route = try await named(contact, on: number, at: at, meta)
        let system = SystemChange(type: UserIDChange.field, text: change.detail, phone: nil, userID: change.current)
        try await keep(
            KeptMessage(
                // Meta gives such a change no id.
                wamid: WAMID("\(UserIDChange.field):\(number.rawValue):\(change.previous.rawValue):\(change.current.rawValue)"),
                type: .known(.system), content: ReceivedContent(system: system),
                raw: [
                    "user_id": ["previous": .string(change.previous.rawValue), "current": .string(change.current.rawValue)]
                ], at: at),
            route, meta)
    }

    /// Whose customer somebody is and what they are called, without a window being opened.
    private func named(
        _ contact: ContactID, _ ids: [ContactID] = [], on number: PhoneNumberID, at time: Timestamp, _ meta: CallMeta
    ) async throws(Fault) -> RecordInbound.Reply {
        try await accounts.call(
            RecordEcho.self,
            RecordEcho.Params(phoneNumberID: number, to: contact, userIDs: ids.isEmpty ? nil : ids, at: time), meta: meta)
    }

    private func keep(_ kept: KeptMessage, _ route: RecordInbound.Reply, _ meta: CallMeta) async throws(Fault) {
        var meta = meta
        meta.workspace = route.workspace
        let names = kept.group == nil ? route.names : []
        _ = try await intelligence.call(
            ProcessMessage.self,
            ProcessMessage.Params(
                account: route.account, accountName: route.displayName, contact: kept.group ?? route.contact,
                formerly: names.isEmpty ? nil : names, contactName: kept.name?.cut(to: 1024), username: kept.username?.cut(to: 256),
                identityHash: kept.identityHash, author: kept.author, wamid: kept.wamid, type: kept.type, text: kept.text,
                content: kept.content, raw: kept.raw, at: kept.at, receivedAt: kept.receivedAt, answered: true,
                isEcho: kept.isEcho ? true : nil),
            meta: meta)
    }

    /// Does what can be done with each; only then what cannot be read makes the event a dead letter.
    ///
    /// - Parameter unread: how many have no id.
    func all<Item>(_ items: [Item], unread: Int, _ handle: (Item) async throws(Fault) -> Void) async throws(Fault) {
        var trouble = unread > 0 ? Fault(.params, "\(unread) of those that the event tells of have no id.") : nil
        for item in items {
            do throws(Fault) { try await handle(item) } catch {
                guard error.code == .params else { throw error }
                trouble = trouble ?? error
            }
        }
        if let trouble { throw trouble }
    }
}
