package import Foundation

/// The context that travels in `params._meta`.
package struct CallMeta: Described, Equatable {
    package var workspace: String?
    package var actor: String?
    package var deadlineMs: Int?
    package var requestKey: String?
    package var traceparent: String?

    package static let fields: Fields = [
        "workspace": .workspace(
            "The workspace on whose data the call works; default if absent. events.read and events.follow read all workspaces if absent."),
        "actor": .text("Who asked for the call: a user, a key, a customer or a process.", 1...256, of: .line),
        "deadlineMs": .whole(
            "How much time was left when the call was sent. The method's own limit applies if it is shorter or this is absent.",
            0...86_400_000, unit: "ms"),
        "requestKey": .text("The key under which the call has its effect only once.", 1...512),
        "traceparent": .text(
            "The trace that the call belongs to, as a W3C traceparent header; a text that is not valid begins a new trace.", 1...512),
    ]

    package init(
        workspace: String? = nil,
        actor: String? = nil,
        deadlineMs: Int? = nil,
        requestKey: String? = nil,
        traceparent: String? = nil
    ) {
        self.workspace = workspace
        self.actor = actor
        self.deadlineMs = deadlineMs
        self.requestKey = requestKey
        self.traceparent = traceparent
    }
}

extension CallMeta {
    /// Every call carries it, so what has no escapes is written and read by hand; the rest is held against the table.
    package func json() throws -> Data {
        let texts = [("workspace", workspace), ("actor", actor), ("requestKey", requestKey), ("traceparent", traceparent)]
        guard texts.allSatisfy({ $0.1.map(Self.isPlain) ?? true }) else { return try JSON.encode(self) }
        var text = "{"
        for case (let name, .some(let value)) in texts { text += "\"\(name)\":\"\(value)\"," }
        if let deadlineMs { text += "\"deadlineMs\":\(deadlineMs)," }
        if text.utf8.count > 1 { text.removeLast() }
        return Data((text + "}").utf8)
    }

    package init(json data: Data) throws {
        if let members = try? JSONMembers(object: data), let plain = Self(plain: members) {
            self = plain
            return
        }
        let value = try JSON.decode(JSONValue.self, from: data)
        try Self.schema.check(value)
        self = try JSONValueDecoder.decode(CallMeta.self, from: value)
    }

    private static let schema: Schema = {
        let example = CallMeta(workspace: "default", actor: "cli:asha", deadlineMs: 10_000, requestKey: "k", traceparent: "00-4b-00-01")
        var gaps: [String] = []
        // A contract test says if it cannot be compiled; then nothing is taken but what is plain.
        return (try? Schema.of([example], gaps: &gaps)) ?? Schema(.words([]))
    }()

    private init?(plain members: JSONMembers) {
        self.init()
        for (key, value) in members.members {
            if key == "deadlineMs" {
                guard let number = Int(String(decoding: value, as: UTF8.self)), (0...86_400_000).contains(number) else { return nil }
                deadlineMs = number
                continue
            }
            guard value.count >= 2, value.first == 0x22 else { return nil }
            let text = String(decoding: value.dropFirst().dropLast(), as: UTF8.self)
            // What is longer than any member takes, or not known, is judged by the table.
            guard Self.isPlain(text), (1...256).contains(text.utf8.count) else { return nil }
            switch key {
            case "workspace": workspace = text
            case "actor": actor = text
            case "requestKey": requestKey = text
            case "traceparent": traceparent = text
            default: return nil
            }
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    }
}

/// The call that the current task is serving; outgoing calls nest their ids in it.
package struct CallContext: Sendable {
    package var id: String
    package var meta: CallMeta
    /// Whether the method only reads.
    package var isReading: Bool
    /// When whoever called gives up; nil outside of a call.
    package var end: ContinuousClock.Instant?

    package init(id: String, meta: CallMeta, isReading: Bool = false, end: ContinuousClock.Instant? = nil) {
        self.id = id
        self.meta = meta
        self.isReading = isReading
        self.end = end
    }

    @TaskLocal package static var current: CallContext?
}
