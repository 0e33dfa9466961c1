import AccountContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountNumbers

@Suite struct RoutingTests {
    private func account(_ id: String, _ change: (inout Account) -> Void = { _ in }) -> Account {
        var account = Account.example
        account.phoneNumberID = PhoneNumberID(id)
        account.role = .secondary
        account.portfolio = "p\(id)"
        change(&account)
        return account
    }

    private func choose(_ table: RoutingTable, _ contact: ContactID = "919800000001", _ change: (inout RouteRequest) -> Void = { _ in })
        throws
        -> String
    {
        var request = RouteRequest(contact: contact)
        change(&request)
        return try table.choose(request).account.phoneNumberID.rawValue
    }

    @Test func whatIsAskedForWinsThenPreferenceThenHabit() throws {
        let table = RoutingTable([account("1"), account("2"), account("3") { $0.enabled = false }])
        #expect(try choose(table) { ($0.asked, $0.preferred, $0.sticky) = ("2", "1", "1") } == "2")
        #expect(try choose(table) { ($0.preferred, $0.sticky) = ("1", "2") } == "1")
        #expect(try choose(table) { $0.sticky = "2" } == "2")
        #expect(try choose(table) { ($0.preferred, $0.sticky) = ("3", "2") } == "2", "a preference for one that cannot is passed over")
        #expect(throws: Fault.self) { try choose(table) { $0.asked = "9" } }
        let fault = #expect(throws: Fault.self) { try choose(table) { $0.asked = "3" } }
        #expect(fault?.message.contains("disabled") == true)
        #expect(throws: Fault.self) { try choose(RoutingTable([])) }
    }

    /// A fault names numbers as they are dialled: nobody knows Meta's ids by heart.
    @Test func aFaultNamesNumbersAsTheyAreDialled() {
        let table = RoutingTable([account("4711") { ($0.enabled, $0.displayPhoneNumber) = (false, "+91 80 4718 1003") }])
        for asked in [PhoneNumberID?.none, "4711"] {
            let fault = #expect(throws: Fault.self) { try choose(table) { $0.asked = asked } }
            #expect(fault?.code == .noRoute && fault?.message.contains("+91 80 4718 1003") == true, "\(fault?.message ?? "")")
            #expect(fault?.message.contains("4711 ") == false && fault?.message.contains("4711:") == false, "\(fault?.message ?? "")")
        }
    }

    /// Utility that nobody may begin now is kept: the restriction ends. Marketing is refused.
    @Test func whatNobodyMayBeginNowWaits() throws {
        let table = RoutingTable([account("1") { $0.health = .restricted }, account("2") { $0.health = .banned }])
        #expect(try choose(table) { $0.category = .utility } == "1")
        #expect(throws: Fault.self) { try choose(table) { $0.category = .marketing } }
        #expect(throws: Fault.self) { try choose(RoutingTable([account("2") { $0.health = .banned }])) { $0.category = .utility } }
    }

    @Test(arguments: [
        ("resting", Message.Category.marketing), ("banned", .service), ("unlinked", .utility), ("disabled", .utility),
        ("draining", .utility), ("restricted", .utility), ("held", .authentication), ("held", .marketing),
    ])
    func whatCannotSendIsPassedOver(what: String, category: Message.Category) throws {
        let bad = account("1") { account in
            switch what {
            case "resting": (account.health, account.quality) = (.resting, .red)
            case "banned": account.health = .banned
            case "restricted": account.health = .restricted
            case "held": account.health = .held
            case "unlinked": account.link = .unlinked
            case "disabled": account.enabled = false
            default: account.duty = .draining
            }
        }
        let table = RoutingTable([bad, account("2")])
        for n in 0..<50 {
            #expect(try choose(table, ContactID("91980000\(1000 + n)")) { $0.category = category } == "2")
        }
        #expect(table.obstacles(category)["1"] != nil)
        // Who is used to a draining number is still answered from it; from the others not.
        let sticky = try choose(table) { ($0.category, $0.sticky) = (category, "1") }
        #expect(sticky == (what == "draining" ? "1" : "2"))
        // What may be begun again later waits there (whatNobodyMayBeginNowWaits).
        guard !["restricted", "held"].contains(what) || category == .marketing else { return }
        #expect(throws: Fault.self) { try choose(RoutingTable([bad])) { $0.category = category } }
    }

    @Test func aRestingNumberStillAnswers() throws {
        let table = RoutingTable([account("1") { ($0.health, $0.quality) = (.resting, .red) }])
        #expect(try choose(table) { $0.sticky = "1" } == "1")
    }

    @Test func aSpareIsUsedOnlyWhereNoActiveNumberCan() throws {
        let spare = account("9") { $0.duty = .spare }
        for n in 0..<50 { #expect(try choose(RoutingTable([account("1"), spare]), ContactID("9198000\(n)")) == "1") }
        let resting = account("1") { $0.health = .resting }
        #expect(try choose(RoutingTable([resting, spare])) { $0.category = .marketing } == "9")
        let route = try RoutingTable([resting, spare]).choose(RouteRequest(contact: "919", category: .marketing))
        #expect(route.reason.contains("spare"))
    }

    @Test func anExhaustedPortfolioOpensNoConversation() throws {
        let table = RoutingTable([account("1"), account("2")])
        for n in 0..<50 {
            let request = RouteRequest(contact: ContactID("9198000\(n)"), category: .utility)
            #expect(try table.choose(request, exhausted: ["p1"]).account.phoneNumberID == "2")
        }
        let answer = RouteRequest(contact: "919", category: .service, sticky: "1")
        #expect(try table.choose(answer, exhausted: ["p1", "p2"]).account.phoneNumberID == "1")
        #expect(throws: Fault.self) { try table.choose(RouteRequest(contact: "919", category: .utility), exhausted: ["p1", "p2"]) }
    }

    @Test func contactsSpreadByWeightAndStayWhenANumberComes() throws {
        let two = [account("111"), account("222") { $0.weight = 3 }]
        let (before, after) = (RoutingTable(two), RoutingTable(two + [account("333")]))
        var counts: [String: Int] = [:]
        var moved = 0
        for n in 0..<8000 {
            let contact = ContactID(String(919_800_000_000 + n))
            let chosen = try choose(before, contact)
            counts[chosen, default: 0] += 1
            let more = try choose(after, contact)
            if more != chosen, more != "333" { moved += 1 }
        }
        let share = Double(counts["222"] ?? 0) / 8000
        #expect((0.72...0.78).contains(share), "\(share)")
        #expect(moved == 0)
    }

    @Test func aRecoveringNumberGetsItsShareOfMarketing() throws {
        let table = RoutingTable([account("1") { ($0.health, $0.marketingShare) = (.recovering, 10) }, account("2")])
        var own = 0
        for n in 0..<4000 where try choose(table, ContactID(String(919_800_000_000 + n)), { $0.category = .marketing }) == "1" { own += 1 }
        #expect((250...480).contains(own), "\(own) of 4000, a tenth of the other's weight")
    }

    @Test(arguments: RoutingStrategy.allCases)
    func everyStrategyChoosesAsItsNameSays(strategy: RoutingStrategy) throws {
        let accounts = [account("1") { $0.role = .master }, account("2"), account("3") { $0.health = .cautious }]
        let table = RoutingTable(accounts, strategy: strategy)
        var counts: [String: Int] = [:]
        for n in 0..<3000 {
            let request = RouteRequest(contact: ContactID(String(919_800_000_000 + n)), ticket: UInt64(n))
            let route = try table.choose(request, load: { $0 == "2" ? 1 : 5 })
            counts[route.account.phoneNumberID.rawValue, default: 0] += 1
        }
        switch strategy {
        case .weighted, .random: #expect(accounts.allSatisfy { (900...1100).contains(counts[$0.phoneNumberID.rawValue] ?? 0) }, "\(counts)")
        case .roundRobin: #expect(counts == ["1": 1000, "2": 1000, "3": 1000])
        case .leastLoaded: #expect(counts == ["2": 3000])
        case .masterFirst: #expect(counts == ["1": 3000])
        case .qualityFirst: #expect(counts["3"] == nil && counts.count == 2)
        }
    }

    @Test func numbersOfTheContactsCountryComeFirstWhereThatIsWanted() throws {
        let accounts = [
            account("1") { $0.displayPhoneNumber = "+91 80 4718 1000" }, account("2") { $0.displayPhoneNumber = "+44 20 7946 0000" },
        ]
        let table = RoutingTable(accounts, isGeographic: true)
        for n in 0..<50 {
            #expect(try choose(table, ContactID("9198000000\(n)")) == "1")
            #expect(try choose(table, ContactID("4479000000\(n)")) == "2")
            #expect(try choose(table, ContactID("IN.1349120865530274191\(n)")) == "1")
        }
        #expect(try ["1", "2"].contains(choose(table, "819012345678")), "no number of that country: any")
    }
}

@Suite struct NumberHealthTests {
    private func after(_ words: [NumberHealth.Word]) -> NumberHealth {
        words.reduce(NumberHealth()) { $0.after($1)?.next ?? $0 }
    }

    @Test func ratingsThrottleStopAndComeBackInSteps() {
        #expect(after([.quality(.green)]).health == .ready)
        #expect(after([.quality(.yellow)]) == NumberHealth(quality: .yellow, health: .cautious, marketingShare: 50))
        #expect(after([.quality(.red)]) == NumberHealth(quality: .red, health: .resting, marketingShare: 0))
        #expect(after([.quality(.red), .quality(.green)]) == NumberHealth(quality: .green, health: .recovering, marketingShare: 10))
        let shares = (0...4).map { after([.quality(.red), .quality(.green)] + Array(repeating: .waited, count: $0)).marketingShare }
        #expect(shares == [10, 25, 50, 100, 100])
        #expect(after([.quality(.red), .quality(.green), .waited, .waited, .waited]).health == .ready)
        // A YELLOW number comes back as far as YELLOW goes.
        let yellow = after([.quality(.red), .quality(.yellow)] + Array(repeating: .waited, count: 9))
        #expect(yellow == NumberHealth(quality: .yellow, health: .cautious, marketingShare: 50))
        #expect(NumberHealth().after(.waited) == nil)
        #expect(after([.quality(.red)]).after(.quality(.red)) == nil, "the same again is no step")
    }

    @Test func bansAndRestrictionsStopUntilTheyEnd() {
        #expect(after([.banned("x")]).health == .banned)
        #expect(after([.banned("x"), .quality(.green)]).health == .banned)
        #expect(after([.banned("x"), .restricted("y")]).health == .banned)
        #expect(after([.banned("x"), .reinstated]) == NumberHealth(quality: .unknown, health: .recovering, marketingShare: 10))
        #expect(after([.restricted("y")]).health == .resting)
        #expect(after([.quality(.red), .unrestricted]).health == .resting, "RED is reason enough")
        #expect(after([.restricted("y"), .unrestricted]).health == .recovering)
        #expect(after([.barred("z")]).health == .restricted)
        #expect(after([.barred("z"), .restricted("y"), .quality(.red), .quality(.green), .quality(.yellow)]).health == .restricted)
        #expect(after([.barred("z"), .unbarred]) == NumberHealth(health: .recovering, marketingShare: 10))
        #expect(after([.barred("z"), .quality(.red), .unbarred]).health == .resting, "RED is reason enough")
        #expect(after([.barred("z"), .restricted("y"), .unbarred]).health == .resting, "the lesser one still holds")
        #expect(after([.restricted("y"), .barred("z"), .unrestricted]).health == .restricted, "the greater one still holds")
        #expect(after([.barred("z"), .refused("x"), .released]).health == .restricted)
        #expect(after([.refused("x"), .barred("z"), .released]).health == .restricted)
        #expect(after([.barred("z"), .banned("x"), .reinstated]).health == .restricted)
        #expect(after([.detached("x")]).health == .banned && after([.detached("x"), .attached]).health == .recovering)
        #expect(after([.restricted("y"), .barred("z")]).health == .restricted)
        #expect(after([.banned("x"), .barred("z")]).health == .banned && after([.refused("x"), .barred("z")]).health == .held)
    }

    /// Whatever has happened and in whatever order: what still is the matter with a number holds on, and is what is told.
    @Test func noEndOfOneThingEndsAnother() {
        let words: [NumberHealth.Word] = [
            .quality(.red), .quality(.yellow), .quality(.green), .unflagged, .restricted("r"), .unrestricted, .barred("b"), .unbarred,
            .banned("x"), .detached("d"), .reinstated, .attached, .refused("p"), .locked("l"), .released, .waited,
        ]
        var reached: [(next: NumberHealth, way: [Int])] = [(NumberHealth(), [])]
        for _ in 0..<4 {
            reached = reached.flatMap { from in
                words.indices.compactMap { word in
                    guard let (next, reason) = from.next.after(words[word]) else { return nil }
                    let stays = next.quality == .red || next.isRestricted || next.isBarred
                    if stays, next.marketingShare > 0 || [.ready, .cautious, .recovering].contains(next.health) {
                        Issue.record("\((from.way + [word]).map { words[$0] }): \(next)")
                    }
                    if next.health != .recovering, reason.contains("comes back step by step") {
                        Issue.record("\((from.way + [word]).map { words[$0] }): \(next.health), but \(reason)")
                    }
                    return (next, from.way + [word])
                }
            }
        }
        #expect(reached.count > 1000)
        #expect(after([.quality(.red), .banned("x"), .reinstated]) == NumberHealth(quality: .red, health: .resting, marketingShare: 0))
    }

    /// A restriction lasts whatever else happens to the number meanwhile, in either order.
    @Test(
        arguments: [
            ([.quality(.red)], [.quality(.green)]), ([.quality(.red)], [.quality(.yellow)]), ([.refused("x")], [.released]),
            ([.banned("x")], [.reinstated]), ([.quality(.red), .refused("x")], [.quality(.green), .released]),
        ] as [([NumberHealth.Word], [NumberHealth.Word])])
    func aRestrictionOutlastsTheRest(worse: [NumberHealth.Word], better: [NumberHealth.Word]) {
        for words in [[.restricted("y")] + worse + better, worse + [.restricted("y")] + better] {
            let health = after(words)
            #expect(health.health == .resting && health.marketingShare == 0, "\(words)")
            #expect(health.after(.unrestricted)?.next.health == .recovering, "\(words)")
        }
    }

    @Test func linkingGoesStepByStep() throws {
        let path: [(LinkStep, Account.Link)] = [
            (.requestCode, .codeRequested), (.requestCode, .codeRequested), (.verifyCode, .verified), (.register, .registered),
            (.deregister, .unlinked),
        ]
        var state = Account.Link.unlinked
        for (step, expected) in path {
            state = try step.state(after: state)
            #expect(state == expected)
        }
        var allowed = 0
        for step in LinkStep.allCases {
            for state in Account.Link.allCases where (try? step.state(after: state)) != nil { allowed += 1 }
        }
        #expect(allowed == 5, "everything else is refused")
    }
}
