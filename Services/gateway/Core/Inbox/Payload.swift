import Crypto
import Foundation
import MetaEvents
import RPCContract
import Vocabulary

/// A webhook request taken apart: every entry × change × message × status is an event of its own.
///
/// Unknown fields and types are kept raw, never refused.
/// Source: Meta, webhooks (envelope, messages value, status object).
struct Payload {
    enum Lane: String { case message, status, management }

    struct Part: Equatable {
        var lane: Lane
        /// `message`, `status`, `error`, or Meta's field.
        var kind: String
        /// Absent in the status lane, which is in order as a whole.
        var orderKey: String?
        var dedupeKey: String
        var entryID: String
        var phoneNumberID: String?
        /// The writer of a message, or whom a status is about: the phone number where there is one, else the BSUID.
        var contact: String?
        var contactName: String?
        /// Their BSUIDs.
        var userIDs: [ContactID] = []
        /// What else Meta tells of them.
        var profile: ContactProfile?
        var raw: JSONValue
        /// Meta names no moment: the same again, some time later, is another event.
        var isOfTheMoment = false
    }

    enum Problem: Error, Equatable {
        case notJSON(from: Int)
        case noEntries
        /// The database refuses what is in it.
        case notStored(String)

        var reason: String {
            switch self {
            case .notJSON: "not_json"
            case .noEntries: "no_entries"
            case .notStored: "not_stored"
            }
        }

        var explanation: String {
            switch self {
            case .notJSON(let offset): "The signed body is not JSON from byte \(offset) on."
            case .noEntries: "The JSON has no list named entry, so it is no webhook of Meta's."
            case .notStored(let why): "Its events cannot be stored: \(why)"
            }
        }
    }

    let parts: [Part]

    init(_ body: Data) throws(Problem) {
        let root: JSONValue
        do { root = try JSON.decode(foreign: body) } catch { throw .notJSON(from: error.offset) }
        guard let entries = root["entry"]?.array else { throw .noEntries }
        var parts: [Part] = []
        for entry in entries {
            let entryID = entry["id"]?.text ?? ""
            let changes = entry["changes"]?.array ?? []
            // Kept and visible, whatever it is.
            if changes.isEmpty { parts.append(Self.management("entry", entry, of: entry, entryID)) }
            for change in changes {
                let field = change["field"]?.string ?? "unknown"
                let value = change["value"] ?? .null
                if field == "messages" {
                    let known = Self.messagesChange(value, of: entry, entryID)
                    parts += known
                    if known.isEmpty || Self.hasMore(value) { parts.append(Self.management(field, value, of: entry, entryID)) }
                } else {
                    parts.append(Self.management(field, value, of: entry, entryID))
                }
            }
        }
        self.parts = parts
    }

    /// The lists of a messages change that are taken apart, and the one that goes with them.
    private static let lists: Set<String> = ["messages", "statuses", "errors", "contacts"]

    /// Whether a messages change has a list that nobody takes apart here, or something else where a list belongs.
    private static func hasMore(_ value: JSONValue) -> Bool {
        value.object?.contains { name, value in
            lists.contains(name) ? value.array == nil && value != .null : value.array?.isEmpty == false
        } ?? false
    }

    private static func messagesChange(_ value: JSONValue, of entry: JSONValue, _ entryID: String) -> [Part] {
        var parts: [Part] = []
        let number = value["metadata"]?["phone_number_id"]?.text
        for message in value["messages"]?.array ?? [] {
            let contact = Self.contact(of: message, in: value)
            parts.append(
                Part(
                    lane: .message,
                    kind: "message",
                    orderKey: ([number ?? "", contact ?? ""] + [message["group_id"]?.text].compactMap { $0 }).joined(separator: "\u{1F}"),
                    dedupeKey: message["id"]?.string.map { short("m:\($0)") } ?? "e:\(hash(entryID, "messages", message))",
                    entryID: entryID,
                    phoneNumberID: number,
                    contact: contact,
                    contactName: Self.entry(of: contact, in: value)?["profile"]?["name"]?.string,
                    userIDs: Self.userIDs(of: contact, message, in: value),
                    profile: ContactProfile(Self.entry(of: contact, in: value)),
                    raw: message
                )
            )
        }
        for status in value["statuses"]?.array ?? [] {
            // In a group each participant has a status of their own (Meta, Groups API).
            let recipient =
                MessageStatus.participant(status) ?? status["recipient_id"]?.text ?? status["recipient_user_id"]?.text ?? ""
            let key = short("s:\(status["id"]?.text ?? hash(entryID, "statuses", status)):\(status["status"]?.text ?? ""):\(recipient)")
            let (contact, userIDs, person) = Self.recipient(of: status, in: value)
            parts.append(
                Part(
                    lane: .status,
                    kind: "status",
                    orderKey: nil,
                    dedupeKey: key,
                    entryID: entryID,
                    phoneNumberID: number,
                    contact: contact,
                    contactName: person?["profile"]?["name"]?.string,
                    userIDs: userIDs,
                    raw: status
                )
            )
        }
        for error in value["errors"]?.array ?? [] {
            let time = entry["time"] ?? .null
            let key = "e:\(hash(entryID, "errors", ["number": .string(number ?? ""), "time": time, "error": error]))"
            parts.append(
                Part(
                    lane: .management, kind: "error", orderKey: key, dedupeKey: key, entryID: entryID, phoneNumberID: number,
                    contactName: nil, raw: error, isOfTheMoment: time == .null)
            )
        }
        return parts
    }

    private static func management(_ field: String, _ value: JSONValue, of entry: JSONValue, _ entryID: String) -> Part {
        let key = "e:\(hash(entryID, field, ["time": entry["time"] ?? .null, "value": value]))"
        return Part(
            lane: .management,
            kind: String(field.prefix(64)),
            // Events of one account are handled in the order in which they came.
            orderKey: "\(field)\u{1F}\(entryID)",
            dedupeKey: key,
            entryID: entryID,
            phoneNumberID: value["metadata"]?["phone_number_id"]?.text,
            contactName: nil,
            raw: value
        )
    }

    /// The phone number where there is one, else the BSUID.
    static func contact(of message: JSONValue, in value: JSONValue) -> String? {
        if let from = message["from"]?.text, !from.isEmpty { return from }
        if let user = message["from_user_id"]?.text { return user }
        let only = value["contacts"]?.array?.count == 1 ? value["contacts"]?[0] : nil
        return only?["wa_id"]?.text ?? only?["user_id"]?.text
    }

    /// The writer's entry among the change's contacts.
    private static func entry(of contact: String?, in value: JSONValue) -> JSONValue? {
        value["contacts"]?.array?.first { $0["wa_id"]?.text == contact || $0["user_id"]?.text == contact }
    }

    /// Message and contact name them; one of both may be all there is.
    private static func userIDs(of contact: String?, _ message: JSONValue, in value: JSONValue) -> [ContactID] {
        let entry = Self.entry(of: contact, in: value)
        var ids: [ContactID] = []
        for told in [message["from_user_id"], entry?["user_id"], message["from_parent_user_id"], entry?["parent_user_id"]] {
            guard let id = told?.id(ContactID.self), !ids.contains(id) else { continue }
            ids.append(id)
        }
        return ids
    }

    /// Whom a status is about, and their entry among the change's contacts: only one that has one of their names.
    private static func recipient(of status: JSONValue, in value: JSONValue) -> (String?, [ContactID], JSONValue?) {
        let (phone, own) = MessageStatus.names(status)
        var ids = own
        let contacts = value["contacts"]?.array ?? []
        let isUnnamed = phone == nil && ids.isEmpty && MessageStatus.participant(status) == nil
        let entry =
            isUnnamed && contacts.count == 1
            ? contacts[0]
            : contacts.first { entry in
                phone != nil && entry["wa_id"]?.text == phone?.rawValue || ids.contains { $0.rawValue == entry["user_id"]?.text }
            }
        for id in [entry?["user_id"], entry?["parent_user_id"]].compactMap({ $0?.id(ContactID.self) }) where !ids.contains(id) {
            ids.append(id)
        }
        return (phone?.rawValue ?? entry?["wa_id"]?.text ?? ids.first?.rawValue, ids, entry)
    }

    /// A key as it stands, or its hash where it is longer than the table takes.
    private static func short(_ key: String) -> String {
        key.utf8.count <= 512 ? key : "h:\(hash("", "key", .string(key)))"
    }

    private static func hash(_ entryID: String, _ field: String, _ value: JSONValue) -> String {
        var hasher = SHA256()
        hasher.update(data: Data("\(entryID)\u{1F}\(field)\u{1F}".utf8))
        hasher.update(data: JSON.encode(value, sorted: true))
        return hasher.finalize().map { String(format: "%02x", $0) }.joined()
    }
}
