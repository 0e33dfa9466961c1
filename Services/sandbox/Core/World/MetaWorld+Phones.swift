import Foundation
import RPCContract
import SandboxContract
import Vocabulary

/// What customers do on their phones beside writing text.
///
/// Source: Meta, webhooks, messages object.
extension MetaWorld {
    /// Meta: a customer's file can be read for seven days.
    private static let lifetime = 604_800_000.0

    func write(_ params: SandboxSend.Params) throws(Fault) -> WAMID {
        try need(params.phoneNumberID)
        var members: [String: JSONValue] = ["type": .string(params.type.rawValue)]
        switch params.type {
        case .image, .video, .audio, .document, .sticker: members[params.type.rawValue] = try medium(params)
        case .unsupported:
            members["unsupported"] = params.content
            members["errors"] = [MetaError(code: 131051, details: "Message type is currently not supported.").inStatus]
        case .contacts:
            guard params.content.array != nil else { throw Self.wrong(params.content, "a list of contacts") }
            members["contacts"] = params.content
        case .text, .location, .reaction, .order, .edit, .revoke:
            guard params.content.object != nil else { throw Self.wrong(params.content, "an object") }
            try checkTarget(params.content)
            members[params.type.rawValue] = params.content
        }
        if let replyTo = params.replyTo { members["context"] = try context(replyTo, of: params.phoneNumberID) }
        customers.countWritten()
        let (part, wamid) = inbound(
            members, from: Self.digits(params.from), named: params.name, to: params.phoneNumberID, hidesNumber: params.hidesNumber ?? false)
        webhooks.deliver([part])
        return wamid
    }

    private static func wrong(_ content: JSONValue, _ expected: String) -> Fault {
        Fault(.params, "content is \(JSON.text(content, sorted: true).prefix(80)), not \(expected).", path: "content")
    }

    /// Reactions, edits and revokes name a message that there has been.
    private func checkTarget(_ content: JSONValue) throws(Fault) {
        for member in ["message_id", "original_message_id"] {
            if let wamid = content[member]?.string, WAMIDs.direction(of: wamid) == nil {
                throw Fault(.messageNotThere, "There is no message with this id here.", path: "content.\(member)")
            }
        }
    }

    private func medium(_ params: SandboxSend.Params) throws(Fault) -> JSONValue {
        let kind = params.type.rawValue
        guard case .object(var members) = params.content, let sample = MediaSamples.sample(kind) else {
            throw Self.wrong(params.content, "an object")
        }
        var (type, data) = sample
        if let given = params.data, !given.isEmpty {
            guard let bytes = Data(base64Encoded: given) else {
                throw Fault(
                    .params, "data is a text of \(given.utf8.count) bytes that begins with \"\(given.prefix(8))\", not Base64.",
                    path: "data")
            }
            (type, data) = (members["mime_type"]?.string ?? type, bytes)
        }
        guard MediaShelf.types[kind]?.types.contains(String(type.prefix { $0 != ";" })) == true else {
            throw Fault(.params, "WhatsApp sends no \(kind) of type \(type).", path: "content.mime_type")
        }
        let file = keep(data, type, members["filename"]?.string, for: Self.lifetime)
        members["id"] = .string(file.id)
        members["mime_type"] = .string(type)
        members["sha256"] = .string(file.digest64)
        members["url"] = .string(url(of: file))
        if params.type == .audio, members["voice"] == nil { members["voice"] = false }
        if params.type == .sticker, members["animated"] == nil { members["animated"] = false }
        return .object(members)
    }

    private func context(_ wamid: WAMID, of id: PhoneNumberID) throws(Fault) -> JSONValue {
        guard let direction = WAMIDs.direction(of: wamid.rawValue) else {
            throw Fault(.messageNotThere, "There is no message with this id here.", path: "replyTo")
        }
        let number = numbers[id]?.display ?? ""
        return ["from": .string(direction == .toCustomer ? number : accepted[wamid]?.contact ?? number), "id": .string(wamid.rawValue)]
    }

    func tap(_ params: SandboxTap.Params) throws(Fault) -> WAMID {
        guard let message = accepted[params.wamid], message.failure == nil, numbers[message.number] != nil else {
            throw Fault(.messageNotThere, "No phone has got a message with this id.", path: "wamid")
        }
        let answer = try Self.reply(to: params.button, of: message, response: params.response ?? [:], buttons: buttons(of: message))
        var members = answer
        members["context"] = try context(params.wamid, of: message.number)
        customers.countWritten()
        let (part, wamid) = inbound(
            members, from: message.contact, named: profiles[message.contact] ?? "Sandbox customer", to: message.number)
        webhooks.deliver([part])
        return wamid
    }

    /// The buttons of the template that a message was made of.
    private func buttons(of message: Accepted) -> [JSONValue] {
        guard message.type == "template", let waba = numbers[message.number]?.wabaID,
            case let template = Self.object(message.text), let name = template["name"]?.string,
            let language = template["language"]?["code"]?.string
        else { return [] }
        let components = templates[Self.key(waba, name, language)]?.components.array ?? []
        return components.first { $0["type"]?.string?.uppercased() == "BUTTONS" }?["buttons"]?.array ?? []
    }

    private static func reply(to button: String, of message: Accepted, response: JSONValue, buttons: [JSONValue]) throws(Fault)
        -> [String: JSONValue]
    {
        let sent = object(message.text)
        func filled(_ name: String) -> [String: JSONValue] {
            var answer = response.object ?? [:]
            // The phone gives back the token that came with the Flow.
            if answer["flow_token"] == nil { answer["flow_token"] = sent["action"]?["parameters"]?["flow_token"] ?? "unused" }
            let form: JSONValue = [
                "name": .string(name), "body": "Sent", "response_json": .string(JSON.text(.object(answer), sorted: true)),
            ]
            return ["type": "interactive", "interactive": ["type": "nfm_reply", "nfm_reply": form]]
        }
        func isMeant(_ item: JSONValue, _ words: String) -> Bool { item[words]?.string == button || item["id"]?.string == button }
        for reply in (sent["action"]?["buttons"]?.array ?? []).compactMap({ $0["reply"] }) where isMeant(reply, "title") {
            return ["type": "interactive", "interactive": ["type": "button_reply", "button_reply": reply]]
        }
        for row in (sent["action"]?["sections"]?.array ?? []).flatMap({ $0["rows"]?.array ?? [] }) where isMeant(row, "title") {
            return ["type": "interactive", "interactive": ["type": "list_reply", "list_reply": row]]
        }
        let action = sent["action"]
        if sent["type"]?.string == "flow", action?["parameters"]?["flow_cta"]?.string == button { return filled("flow") }
        if sent["type"]?.string == "address_message" { return filled("address_message") }
        for (index, item) in buttons.enumerated() where item["text"]?.string == button {
            switch item["type"]?.string?.uppercased() {
            case "QUICK_REPLY":
                let component = (sent["components"]?.array ?? []).first {
                    $0["type"]?.string == "button" && $0["index"]?.text == String(index)
                }
                let payload = component?["parameters"]?[0]?["payload"]?.string ?? button
                return ["type": "button", "button": ["payload": .string(payload), "text": .string(button)]]
            case "FLOW": return filled("flow")
            default: throw Fault(.messageNotThere, "The button \(button) opens something and answers nothing.", path: "button")
            }
        }
        throw Fault(.messageNotThere, "The message has no button or row \(button).", path: "button")
    }

    private static func object(_ text: String) -> JSONValue {
        do { return try JSON.decode(JSONValue.self, from: Data(text.utf8)) } catch { return .null }  // a text message has no buttons
    }

    private func need(_ id: PhoneNumberID) throws(Fault) {
        guard numbers[id] != nil else { throw Fault(.numberUnknown, "The sandbox has no number \(id).", path: "phoneNumberID") }
    }
}
