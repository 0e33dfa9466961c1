/// Meta's types of messages that are known here.
///
/// Source: Meta, webhooks, messages object.
package enum MessageKind: String, Sendable, CaseIterable {
    case text, image, video, audio, document, sticker, location, contacts, reaction, button, interactive, order, system, edit, revoke
    case unsupported
    /// No message of Meta's: a call is kept among them.
    case call
}
