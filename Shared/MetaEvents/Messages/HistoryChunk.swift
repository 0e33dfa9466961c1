package import RPCContract
package import Vocabulary

/// A part of the chats that a number had in the WhatsApp Business app before it came to the Cloud API.
///
/// Media come later, in events of their own that have no threads.
/// Source: Meta, webhook history.
package struct HistoryChunk: Sendable, Equatable {
    package static let field = "history"

    /// How far the app has told its chats, or why it does not tell them.
    package struct Progress: Sendable, Equatable {
        /// 0: the last day, 1: 90 days, 2: 180 days.
        package var phase: Int?
        /// The place of the chunk among those of its phase.
        package var chunk: Int?
        /// Of all that is to be told.
        package var percent: Int?
        package var refusal: Refusal?
    }

    /// What Meta says where there is no history.
    package struct Refusal: Sendable, Equatable {
        package var code: Int?
        package var text: String

        /// Meta's code where the business does not share its chats.
        private static let declined = 2_593_109

        package var isDeclined: Bool { code == Self.declined }
    }

    /// One message, in whichever direction.
    package struct Message: Sendable, Equatable {
        package var id: WAMID
        /// The customer of the chat.
        package var contact: ContactID
        /// Their BSUID, where Meta gives one beside the phone number.
        package var userID: ContactID?
        /// Their name on WhatsApp, where Meta gives it.
        package var contactName: String?
        package var isFromBusiness: Bool
        package var type: MetaWord<MessageKind>
        package var text: String?
        /// What it says beside words; nil where there is nothing.
        package var content: ReceivedContent?
        /// Meta's word for where the message stood in the app, such as `READ`.
        package var status: String?
        package var at: Timestamp?
        package var raw: JSONValue
    }

    package var number: PhoneNumberID?
    package var progress: [Progress]
    package var messages: [Message]
    /// Messages that have no id or are nobody's.
    package var unread: Int

    init?(field: String, value: JSONValue) {
        guard field == Self.field else { return nil }
        let (history, media) = (value["history"]?.array ?? [], value["messages"]?.array ?? [])
        guard !history.isEmpty || !media.isEmpty else { return nil }
        let reader = HistoryReader(value)
        number = reader.number
        progress = history.compactMap { Progress($0) }
        let read =
            history.flatMap { $0["threads"]?.array ?? [] }.flatMap { thread in
                (thread["messages"]?.array ?? []).map { reader.message($0, in: thread) }
            } + media.map { reader.message($0, in: nil) }
        messages = read.compactMap(\.self)
        unread = read.count - messages.count
    }
}

extension HistoryChunk.Progress {
    fileprivate init?(_ item: JSONValue) {
        func whole(_ name: String, _ range: ClosedRange<Int64>) -> Int? {
            item["metadata"]?[name]?.integer.flatMap { range.contains($0) ? Int($0) : nil }
        }
        phase = whole("phase", 0...1000)
        chunk = whole("chunk_order", 0...1_000_000_000)
        percent = whole("progress", 0...100)
        refusal = item["errors"]?.array?.first.map { HistoryChunk.Refusal($0) }
        if self == HistoryChunk.Progress() { return nil }
    }
}

extension HistoryChunk.Refusal {
    fileprivate init(_ error: JSONValue) {
        code = error["code"]?.integer.flatMap { (0...Int64(Int32.max)).contains($0) ? Int($0) : nil }
        let words = [error["title"], error["message"], error["error_data"]?["details"]].compactMap { $0?.text }
        let told = words.enumerated().filter { !$0.element.isEmpty && !words.prefix($0.offset).contains($0.element) }.map(\.element)
        text = told.joined(separator: ": ").cut(to: 1024)
    }
}
