import AccountContacts
import AccountContract
import AccountNumbers
import AccountOutbox
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Takes in the chats that a number had in the WhatsApp Business app: how far they have come, and whose they are.
///
/// Nobody wrote just now: no window opens, and consents and habits stay as they are.
struct HistoryProgress: Sendable {
    let store: Store
    let numbers: Numbers
    let people: People

    /// Who a number's customers are; two names that Meta gives one person are theirs from now on.
    func name(_ params: NameCustomers.Params) async throws -> NameCustomers.Reply {
        let at = min(params.at, store.now)
        return try await store.write { [self] db in
            let workspace = try workspace(db, params.phoneNumberID)
            let known = try params.customers.map { customer in
                let phone = customer.contact.isBSUID ? nil : customer.contact
                let ids = (phone == nil ? [customer.contact] : []) + [customer.userID].compactMap(\.self)
                let person = try people.learn(db, phone: phone, ids: ids, at: at, source: "history", workspace: workspace)
                return NameCustomers.Known(
                    contact: person.name, names: try People.names(db, of: person, workspace: workspace, limit: 10))
            }
            let sent = try (params.messages ?? []).filter { try Outbox.isKept(db, $0, workspace: workspace) }
            return NameCustomers.Reply(
                account: params.phoneNumberID, workspace: workspace, customers: known, sent: sent.isEmpty ? nil : sent)
        }
    }

    /// Tells of each chunk, and shows with the number where the whole stands: every tenth of a phase, and a refusal.
    func record(_ params: RecordHistoryProgress.Params) async throws {
        let expiresAt = store.now + IdempotencyKeys.lifetime
        try await store.write { [self] db in
            let workspace = try workspace(db, params.phoneNumberID)
            guard try IdempotencyKeys.take(db, "history:\(params.key)", expiresAt: expiresAt) else { return }
            try store.append(
                db, "account.history", workspace: workspace, subject: params.phoneNumberID.rawValue, data: Self.told(params))
            // Of a number that was removed nobody is shown steps.
            guard numbers.account(params.phoneNumberID) != nil else { return }
            let standing = Standing(params)
            guard try isNews(db, standing, params, expiresAt: expiresAt) else { return }
            try numbers.note(db, "notice", of: params.phoneNumberID, from: "history", to: standing.word, standing.text)
        }
    }

    /// Whether it shows more of the import that a number is in: each tenth of a phase, and a refusal, once.
    private func isNews(
        _ db: Database, _ standing: Standing, _ params: RecordHistoryProgress.Params, expiresAt: Timestamp
    ) throws -> Bool {
        let number = params.phoneNumberID
        func take(_ what: String, of course: HistoryImport) throws -> Bool {
            try IdempotencyKeys.take(db, "history:\(number):\(course.n):\(what)", expiresAt: expiresAt)
        }
        var course = try HistoryImport.of(db, number)
        let chunk = params.chunk.map { "chunk:\(params.phase ?? -1):\($0)" }
        let isToldAgain = try chunk.map { try !take($0, of: course) }
        if course.isOver(before: standing, isToldAgain: isToldAgain) {
            course.n += 1
            if let chunk { _ = try take(chunk, of: course) }
        }
        course.last = standing.place
        try course.write(db, number)
        return try take(standing.place, of: course)
    }

    private func workspace(_ db: Database, _ number: PhoneNumberID) throws -> String {
        guard let workspace = try numbers.account(number)?.workspace ?? Numbers.former(db, number)?.workspace else {
            throw Numbers.unknown(number)
        }
        return workspace
    }

    private static func told(_ params: RecordHistoryProgress.Params) -> JSONValue {
        func whole(_ value: Int?) -> JSONValue? { value.map { .integer(Int64($0)) } }
        let members: [String: JSONValue?] = [
            "phase": whole(params.phase), "chunk": whole(params.chunk), "percent": whole(params.percent),
            "isDeclined": params.isDeclined.map { .bool($0) }, "code": whole(params.code), "reason": params.reason.map { .string($0) },
            "messages": whole(params.messages), "unread": params.unread == 0 ? nil : whole(params.unread),
        ]
        return .object(members.compactMapValues(\.self))
    }
}

extension HistoryProgress {
    /// Where the history of a number stands, as it is shown with the number.
    struct Standing: Equatable {
        var word: String
        var text: String
        /// What is shown once: the tenth of a phase, or a refusal.
        var place: String

        init(_ params: RecordHistoryProgress.Params) {
            if params.isDeclined == true || params.code != nil || params.reason != nil {
                let told = [params.code.map { "Meta's error \($0)" }, params.reason].compactMap(\.self).filter { !$0.isEmpty }
                word = params.isDeclined == true ? "declined" : "failed"
                let beginning =
                    params.isDeclined == true
                    ? "the business does not share the chats of the WhatsApp Business app"
                    : "the chats of the WhatsApp Business app did not come"
                text = ([beginning] + told).joined(separator: ": ")
                place = "\(word):\(params.code ?? 0)"
            } else {
                let percent = params.percent ?? 0
                word = percent == 100 ? "done" : "importing"
                let phase = params.phase.map { "phase \($0) of the chats of the WhatsApp Business app" }
                text = "\(phase ?? "the chats of the WhatsApp Business app"), \(params.percent.map { "\($0) %" } ?? "some") of all"
                place = "\(params.phase ?? -1):\(percent / 10)"
            }
        }
    }
}
