package import RPCContract
package import Vocabulary

package enum RecordHistoryProgress: RPCMethod {
    package static let name = "history.recordProgress"
    package static let summary =
        "Notes how far the chats that a number had in the WhatsApp Business app have come over, or that they were refused."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.accountUnknown]

    package struct Params: Described {
        package var key: String
        package var phoneNumberID: PhoneNumberID
        package var phase: Int?
        package var chunk: Int?
        package var percent: Int?
        package var isDeclined: Bool?
        package var code: Int?
        package var reason: String?
        package var messages: Int
        package var unread: Int

        package static let fields: Fields = [
            "key": .text("Identifies the piece of news; the same key again changes nothing.", 1...640),
            "phoneNumberID": "The number whose chats they are.",
            "phase": .whole(
                "Meta's phase: 0 is the last day, 1 goes back 90 days, 2 goes back 180. Absent if Meta does not say.", 0...1000),
            "chunk": .whole("The place of the chunk among those of its phase. Absent if Meta does not say.", 0...1_000_000_000),
            "percent": .whole("How much of all has come. Absent if Meta does not say.", 0...100, unit: "%"),
            "isDeclined": "Whether the business does not share its chats. False if absent.",
            "code": .whole("Meta's code of what went wrong. Absent if nothing did, or Meta gives none.", 0...2_147_483_647),
            "reason": .text("What Meta says of it. Absent if nothing went wrong.", 0...1024),
            "messages": .count("Messages of this chunk that were handed over."),
            "unread": .count("Messages of this chunk that have no id or are nobody's, and stand in the inbox alone."),
        ]

        package init(
            key: String, phoneNumberID: PhoneNumberID, phase: Int? = nil, chunk: Int? = nil, percent: Int? = nil, isDeclined: Bool? = nil,
            code: Int? = nil, reason: String? = nil, messages: Int, unread: Int
        ) {
            self.key = key
            self.phoneNumberID = phoneNumberID
            self.phase = phase
            self.chunk = chunk
            self.percent = percent
            self.isDeclined = isDeclined
            self.code = code
            self.reason = reason
            self.messages = messages
            self.unread = unread
        }
    }

    package static let example = RPCExample(
        Params(
            key: "hash:0", phoneNumberID: "106540352242922", phase: 1, chunk: 7, percent: 55, isDeclined: false, code: 131_000,
            reason: "Something went wrong", messages: 2, unread: 0),
        Nothing())
}
