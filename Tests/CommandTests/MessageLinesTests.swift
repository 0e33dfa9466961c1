import AccountContract
import ArgumentParser
import MetaEvents
import Testing
import Vocabulary

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

    /// Every column has a heading, and none is there for nothing.
    @Test func theStepsHaveMembersInGroupsOnly() throws {
        var step = ExplainMessage.Step(at: .zero, state: .failed, detail: "no WhatsApp")
        let connection = try Connection.parse([])
        func head() -> [Substring] { Messages.Why.table([step], connection).lines(width: nil)[0].split(separator: " ") }
        #expect(head() == ["AT", "STATE", "WHY"])
        step.member = "919876543210"
        #expect(head() == ["AT", "STATE", "MEMBER", "WHY"])
    }
}
