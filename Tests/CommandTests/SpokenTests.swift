import Testing

@testable import linda

@Suite struct SpokenTests {
    @Test(arguments: [
        ("It waits; account.release ends it.", "It waits; linda accounts release ends it."),
        ("see https://wa.me/account.release and x@account.release", "see https://wa.me/account.release and x@account.release"),
        ("say whose numbers these are (countryCode)", "say whose numbers these are (--country-code)"), ("nothing to say", "nothing to say"),
        ("plan it for another, or with late: true.", "plan it for another, or with --late."),
        ("startAt has passed", "--at has passed"), ("phoneNumberID has a character", "the number's id has a character"),
        ("the variable firstName", "the variable firstName"),
        ("no contact has the words \u{1B}[2J\u{202E}x", "no contact has the words  [2Jx"),
    ])
    func methodsBecomeCommands(text: String, spoken: String) { #expect(Spoken.text(text) == spoken) }

    @Test(arguments: [
        (79.2, "79/s"), (12.0, "12/s"), (1.0, "1/s"), (0.4, "0.4/s"), (0.05, "3/min"), (0.001, "3.6/h"), (0.0, "0/s"),
    ])
    func whatIsSlowIsNoZero(perSecond: Double, text: String) { #expect(Spoken.rate(perSecond) == text) }

    @Test(arguments: [
        (["campain"], "did you mean linda campaigns?"), (["campaigns", "wach", "x"], "did you mean linda campaigns watch?"),
        (["frobnicate"], "there are up, demo, status"),
        (["campaigns", "recurring", "stp"], "did you mean linda campaigns recurring stop?"),
    ])
    func whatThereIsNotHasItsNearest(words: [String], hint: String) {
        #expect(NearestCommand.problem(words, of: Linda.self)?.contains(hint) == true)
    }

    @Test(arguments: [
        [], ["campaigns"], ["campaigns", "watch", "Spring sale"], ["rpc", "gateway", "service.ping"], ["--help"], ["help", "send"],
        ["accounts", "--json"],
    ])
    func whatThereIsPasses(words: [String]) { #expect(NearestCommand.problem(words, of: Linda.self) == nil) }

    /// Whoever runs it as a service has other commands than whoever has started it by hand.
    @Test func aSilentProcessHasANextStep() {
        let service = Connection.silence(of: "account-router", in: nil)
        #expect(service.contains("systemctl restart linda-account-router") && service.contains("linda status"))
        let stack = Connection.silence(of: "account-router", in: "/srv/trial")
        #expect(stack.contains("`linda up` of /srv/trial") && !stack.contains("systemctl"))
    }

    @Test func aLanguageThatIsAskedForIsAnOption() {
        #expect(
            Spoken.text("offer exists in en, hi; `language` says which is meant.")
                == "offer exists in en, hi; --language says which is meant.")
        #expect(Spoken.text("`wabaID` says in which account.") == "--waba says in which account.")
    }
}
