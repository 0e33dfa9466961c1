import AccountContract
import Coordination
import IntelligenceContract
import MetaEvents
import RPCContract
import RPCTransport
import SyncContract
import Vocabulary

/// What the WhatsApp Business app tells of a number that it goes on serving: its chats of before, and its address book.
extension EventHandlers {
    /// The chats of before the number came here → intelligence-service, in pieces; how far they have come → account-router.
    ///
    /// Nothing follows from them: no window opens, no word is followed, and nothing is answered.
    func history(_ chunk: HistoryChunk, _ part: Payload.Part, _ receivedAt: Timestamp) async throws(Fault) {
        guard let number = chunk.number else { throw Fault(.params, "The history does not say whose it is.") }
        var handed = 0
        for piece in HistoryPieces.of(chunk.messages) { handed += try await keep(piece, of: number, part, receivedAt) }
        // Told last: what it says has come stands in its conversations by then.
        for (index, progress) in chunk.progress.enumerated() {
            let isLast = index == chunk.progress.count - 1
            _ = try await accounts.call(
                RecordHistoryProgress.self,
                RecordHistoryProgress.Params(
                    key: "\(part.dedupeKey):\(index)", phoneNumberID: number, phase: progress.phase, chunk: progress.chunk,
                    percent: progress.percent, isDeclined: progress.refusal?.isDeclined == true ? true : nil,
                    code: progress.refusal?.code, reason: progress.refusal?.text, messages: isLast ? handed : 0,
                    unread: isLast ? chunk.unread : 0),
                meta: CallMeta(requestKey: part.dedupeKey))
        }
    }

    /// Contacts that were added, edited or removed in the app → the mirror of the workspace that has the number.
    func appContacts(_ changes: AppContactChange.Changes, _ part: Payload.Part, _ receivedAt: Timestamp) async throws(Fault) {
        guard let number = changes.number else { throw Fault(.params, "The app's contacts do not say of which number they are.") }
        let meta = CallMeta(requestKey: part.dedupeKey)
        let named = try await accounts.call(
            NameCustomers.self, NameCustomers.Params(phoneNumberID: number, customers: [], at: receivedAt), meta: meta)
        for piece in changes.contacts.chunks(of: 500) {
            let told = piece.map { change in
                RecordAppContacts.Change(
                    contact: change.contact,
                    entry: AppEntry(name: change.name, firstName: change.firstName, at: min(change.at ?? receivedAt, receivedAt)),
                    isRemoved: change.isRemoved ? true : nil)
            }
            _ = try await sync.call(
                RecordAppContacts.self, RecordAppContacts.Params(account: number, changes: told),
                meta: CallMeta(workspace: named.workspace, requestKey: part.dedupeKey))
        }
        if changes.unread > 0 {
            throw Fault(.params, "\(changes.unread) of the app's contacts name nobody whom Linda can know; the others are kept.")
        }
    }

    /// - Returns: how many were handed over. What went out from here stands in its conversation already.
    private func keep(
        _ piece: [HistoryChunk.Message], of number: PhoneNumberID, _ part: Payload.Part, _ receivedAt: Timestamp
    ) async throws(Fault) -> Int {
        // Each customer once, in the order of their messages.
        var places: [ContactID: Int] = [:]
        var customers: [NameCustomers.Named] = []
        for message in piece where places[message.contact] == nil {
            places[message.contact] = customers.count
            customers.append(.init(contact: message.contact, userID: message.userID))
        }
        let own = piece.filter(\.isFromBusiness).map(\.id)
        let named = try await accounts.call(
            NameCustomers.self,
            NameCustomers.Params(
                phoneNumberID: number, customers: customers, messages: own.isEmpty ? nil : own, at: receivedAt),
            meta: CallMeta(requestKey: part.dedupeKey))
        guard named.customers.count == customers.count else {
            throw Fault(.internal, "account-router named \(named.customers.count) of \(customers.count) customers.")
        }
        let sent = Set(named.sent ?? [])
        let messages = piece.filter { !sent.contains($0.id) }.map { message in
            let customer = named.customers[places[message.contact] ?? 0]
            return RecordHistory.Message(
                contact: customer.contact, formerly: customer.names.isEmpty ? nil : customer.names, contactName: message.contactName,
                wamid: message.id, isFromBusiness: message.isFromBusiness ? true : nil, type: message.type, text: message.text,
                content: message.content, status: message.status, raw: message.raw, at: min(message.at ?? receivedAt, receivedAt))
        }
        guard !messages.isEmpty else { return 0 }
        _ = try await intelligence.call(
            RecordHistory.self, RecordHistory.Params(account: named.account, messages: messages),
            meta: CallMeta(workspace: named.workspace, requestKey: part.dedupeKey))
        return messages.count
    }
}

/// The messages of a chunk in pieces that one call takes: one chunk may hold thousands.
enum HistoryPieces {
    static let messages = 100
    /// Of Meta's objects; what is read of them goes along, and a frame takes eight times as much.
    static let bytes = 1_000_000

    static func of(_ messages: [HistoryChunk.Message]) -> [[HistoryChunk.Message]] {
        var pieces: [[HistoryChunk.Message]] = []
        var room = 0
        for message in messages {
            let size = JSON.text(message.raw).utf8.count
            if let last = pieces.last, last.count < Self.messages, size <= room {
                pieces[pieces.count - 1].append(message)
                room -= size
            } else {
                pieces.append([message])
                room = bytes - size
            }
        }
        return pieces
    }
}
