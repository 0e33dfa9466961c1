import GatewayContract
import RPCContract
import Vocabulary

/// Events of the inbox on the screen.
struct InboxList {
    /// How a business number is shown, by Meta's id of it.
    let number: (PhoneNumberID) -> String
    /// How a person is shown.
    let contact: (ContactID) -> String
    /// How a sentence is shown.
    let text: (String) -> String

    /// On a narrow terminal the person's name goes first, then how often an event was tried.
    func table(_ events: [InboundEvent]) -> Table {
        var table = Table("ID", "AT", "KIND", "STATE", "NUMBER", "PERSON", "NAME", "TRIES", "ERROR")
        table.cuttable = ["KIND", "NUMBER", "ERROR"]
        table.spare = ["NAME", "TRIES", "PERSON"]
        for event in events {
            table.addVerbatim(
                "\(event.id)", event.receivedAt.asTime, Self.kind(event), event.state.rawValue,
                event.phoneNumberID.map { number(PhoneNumberID(rawValue: $0)) } ?? "",
                event.contact.map { contact(ContactID(rawValue: $0)) } ?? "", text(event.contactName ?? ""), "\(event.attempts)",
                text(String((event.error ?? "").prefix(80))))
        }
        return table
    }

    /// Of a message its type, and of a status its word.
    private static func kind(_ event: InboundEvent) -> String {
        let word =
            switch event.kind {
            case "message": event.raw["type"]?.text
            case "status": event.raw["status"]?.text
            case "error": event.raw["code"]?.text
            default: String?.none
            }
        return word.map { "\(event.kind) \(String($0.prefix(32)))" } ?? event.kind
    }

    /// All of one event; what came is copied, and stays as it is.
    ///
    /// - Parameter width: columns of the terminal, to which our own lines are folded; nil where it is none.
    static func lines(_ event: InboundEvent, width: Int?) throws -> [String] {
        let about = [
            event.phoneNumberID.map { "number: \($0)" }, event.contact.map { "from or to: \($0)" }, event.contactName.map { "name: \($0)" },
            event.userIDs.map { "BSUIDs: \($0.map(\.rawValue).joined(separator: ", "))" }, event.error.map { "error: \($0)" },
        ]
        let tries = Spoken.count(event.attempts, "time")
        let head = "\(event.id)  \(event.receivedAt.asTime)  \(kind(event)), \(event.state.rawValue), tried \(tries)"
        let raw = try JSON.pretty(event.raw).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let own = ([head] + about.compactMap(\.self)).map(TerminalText.plain).flatMap { TerminalText.lines($0, width: width) }
        return own + raw.map(TerminalText.plain)
    }
}
