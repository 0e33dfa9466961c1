import AccountContract
import MetaEvents
import Testing

@testable import linda

/// What Meta itself said of a message, on the screen.
@Suite struct MessageLinesTests {
    @Test func errorsPriceAndConversationAreTold() {
        var message = Message.example
        message.conversation?.expiresAt = nil
        #expect(
            MessageLines.of(message) == [
                "Meta: Message undeliverable: Message could not be delivered: Message Undeliverable. (131026)",
                "Price: charged, utility, regular, PMP", "Conversation: 0e1b2c3d4e5f60718293a4b5c6d7e8f9, utility",
            ])
        (message.metaErrors, message.price, message.conversation) = (nil, nil, nil)
        #expect(MessageLines.of(message).isEmpty)
    }
}
