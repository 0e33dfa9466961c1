import ArgumentParser
import PosterContract
import RPCContract
import Testing
import Vocabulary

@testable import linda

/// What `linda webhooks` asks for and prints.
@Suite struct WebhooksTests {
    @Test func theSecretStandsAloneOnItsLine() {
        let new = NewEndpoint.example
        #expect(WebhooksCommand.lines(new)[1] == new.secret)
        #expect(WebhooksCommand.lines(new).last?.hasPrefix("The former secret signs, too, until ") == true)
        var made = new
        (made.endpoint.rotatedAt, made.endpoint.formerUntil) = (nil, nil)
        #expect(WebhooksCommand.lines(made).count == 3, "a new one has no former secret")
    }

    @Test func anEndpointIsToldWithWhatIsWrong() {
        let lines = WebhooksCommand.lines(WebhookEndpoint.example)
        #expect(lines[0] == "https://shop.example/webhooks is disabled, \(WebhookEndpoint.example.id)")
        for words in [
            "disabled: Every attempt", "types: order.created, message.failed", "headers: X-Shop", "at most 100 a second", "3 waiting",
        ] {
            #expect(lines.contains { $0.hasPrefix(words) }, "\(words): \(lines)")
        }
    }

    @Test func whereNothingIsPostedTheReasonIsTold() {
        var endpoint = WebhookEndpoint.example
        #expect(WebhooksCommand.standing(endpoint) == "The endpoint is disabled: \(endpoint.reason ?? "")")
        endpoint.state = .paused
        #expect(WebhooksCommand.standing(endpoint)?.contains("paused") == true)
        endpoint.state = .enabled
        #expect(WebhooksCommand.standing(endpoint) == nil)
    }

    /// A receiver's answer steers no terminal.
    @Test func anAttemptIsOneLine() {
        var attempt = DeliveryAttempt.example
        attempt.answer = "a\u{1B}[2J\nb"
        let found = GetDelivery.Reply(delivery: .example, payload: ["type": "message.sent"], attempts: [attempt])
        let lines = WebhooksCommand.lines(found)
        #expect(lines.count == 3 && lines[1] == #"{"type":"message.sent"}"#)
        #expect(lines.joined().unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "\(lines)")
        #expect(lines[2].contains("the receiver answered 503"))
    }

    @Test func whatIsWishedIsRead() throws {
        let words = ["webhooks", "add", "https://shop.example/a", "--type", "order.created", "--header", "X-Shop: berlin: 1", "--order"]
        let add = try #require(try Linda.parseAsRoot(words) as? WebhooksCommand.Add)
        #expect(add.wishes.types == ["order.created"] && add.wishes.order == true && add.wishes.rate == nil)
        #expect(try add.wishes.fields() == ["X-Shop": "berlin: 1"])
        let plain = try #require(
            try Linda.parseAsRoot(["webhooks", "update", "e", "--no-order", "--rate", "0"]) as? WebhooksCommand.Update)
        #expect(plain.wishes.order == false && plain.wishes.rate == 0 && plain.wishes.types == nil)
        let wrong = try #require(try Linda.parseAsRoot(["webhooks", "add", "u", "--header", "X-Shop"]) as? WebhooksCommand.Add)
        #expect(throws: Trouble.self) { try wrong.wishes.fields() }
    }

    @Test func listsFitATerminal() {
        let lines = WebhooksCommand.List.table([.example], ids: false).lines(width: 80)
        #expect(lines.count == 2 && lines.allSatisfy { TerminalWidth.of($0) <= 80 }, "\(lines)")
        #expect(WebhooksCommand.ListOfDeliveries.table([.example]).lines(width: nil)[1].contains(EventDelivery.example.event))
    }
}
