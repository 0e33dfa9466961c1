import GatewayContract
import Testing

@testable import linda

/// What is said of a key's secrets.
@Suite struct KeysTests {
    @Test func howLongTheFormerSecretWorksIsTold() {
        var new = NewAPIKey.example
        (new.key.rotatedAt, new.key.formerUntil) = (nil, nil)
        #expect(KeysCommand.lines(new).count == 3, "a new key has no former secret")
        new.key.rotatedAt = new.key.createdAt
        #expect(KeysCommand.lines(new).last == "The former secret has ended and is refused.")
        new.key.formerUntil = new.key.createdAt
        #expect(KeysCommand.lines(new).last?.hasPrefix("The former secret works until ") == true)
    }

    @Test func aKeyThatIsTakenIsRotatedByACommand() {
        #expect(
            Spoken.text("There is a key shop already; key.rotate gives it a new secret.")
                == "There is a key shop already; linda keys rotate gives it a new secret.")
    }
}
