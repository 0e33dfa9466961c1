import AccountContract
import Foundation
import GRDB
import RPCContract
import SandboxContract
import Supervision
import Support
import Testing
import Vocabulary

/// What is counted as recipients move, held against the recipients themselves.
@Suite struct CampaignCountTests {
    /// Anything may happen to a campaign, in any order; after each step the database counts itself.
    @Test func countsAgreeWithTheRecipientsWhateverHappens() async throws {
        let seed = Seed.current
        try await LindaFixture.run(expectsCrashes: true) { linda in
            var generator = SeededGenerator(seed: seed)
            try await linda.addNumbers(messagesPerSecond: 200)
            for number in LindaFixture.numbers {
                _ = try await linda.call(AccountContract.self, UpdateAccount.self, .init(phoneNumberID: number, messagesPerSecond: 200))
            }
            try await linda.addOffer()
            let people = LindaFixture.contacts(1200)
            try await linda.grant(people)
            _ = try await linda.call(
                SandboxContract.self, SandboxFault.self, .init(errorShare: 0.05, code: 131000, undeliverableShare: 0.05))
            let recipients = people.map { Recipient(contact: $0, variables: ["name": "Asha"]) }
            let id = try await linda.planned(
                .init(name: "C", template: "spring_sale", recipients: recipients, start: true, requestKey: "c")
            )
            .campaign.id
            for step in 0..<10 {
                let what = generator.next() % 6
                do {
                    try await act(Int(what), id, linda)
                } catch let fault as Fault {
                    // What the present state does not allow is refused; that, too, must leave the counts right.
                    #expect([.campaignState, .noRoute].contains(fault.code) || fault.retry != .never, "seed \(seed): \(fault)")
                }
                let (counted, kept) = try counts(linda, id)
                #expect(counted == kept, "seed \(seed), step \(step), act \(what)")
            }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0, undeliverableShare: 0))
            try await rate(linda, "GREEN")
            // A number that recovers would take its time.
            let numbers = LindaFixture.numbers
            _ = try await linda.call(AccountContract.self, SwitchAccount.self, .init(from: numbers[0], to: numbers[1]))
            try await eventually(within: .seconds(120), "the end") {
                let progress = try await linda.progress(id)
                if progress.campaign.state == .paused {
                    _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init(id))
                }
                // What was being asked when the process was killed, and of which no status told, waits for its grace time.
                return progress.campaign.state == .finished || progress.done + (progress.counts["unknown"] ?? 0) == 1200
            }
            let (counted, kept) = try counts(linda, id)
            #expect(counted == kept, "seed \(seed)")
            #expect(counted.values.reduce(0, +) == 1200, "seed \(seed): \(counted)")
            #expect(try await linda.statistics().sentTwice == 0, "seed \(seed)")
        }
    }

    private func act(_ what: Int, _ id: CampaignID, _ linda: LindaFixture) async throws {
        switch what {
        case 0: _ = try await linda.call(AccountContract.self, PauseCampaign.self, .init(id))
        case 1: _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init(id))
        case 2: _ = try await linda.call(AccountContract.self, RetryCampaign.self, .init(id: id.rawValue, codes: [131026, 131049, 131000]))
        case 3: try await rate(linda, "RED")
        case 4:
            try await rate(linda, "GREEN")
            let numbers = LindaFixture.numbers
            _ = try await linda.call(AccountContract.self, SwitchAccount.self, .init(from: numbers[1], to: numbers[0]))
        default:
            let before = linda.stack.restarts(of: "account-router")
            linda.stack.child("account-router")?.signal(SIGKILL)
            try await eventually("account-router is back") {
                guard linda.stack.restarts(of: "account-router") > before else { return false }
                do { return try await !linda.progress(id).campaign.id.rawValue.isEmpty } catch is Fault { return false }
            }
        }
        let before = try await linda.statistics().accepted
        let state = try await linda.progress(id).campaign.state
        // Some of it moves on before the next step.
        guard state == .running else { return }
        try await eventually("some of it") {
            if try await linda.statistics().accepted > before { return true }
            return try await isOver(linda, id)
        }
    }

    private func isOver(_ linda: LindaFixture, _ id: CampaignID) async throws -> Bool {
        let progress = try await linda.progress(id)
        return progress.campaign.state != .running || progress.done + (progress.counts["unknown"] ?? 0) == progress.total
    }

    private func rate(_ linda: LindaFixture, _ quality: String) async throws {
        _ = try await linda.call(
            SandboxContract.self, SandboxSetQuality.self,
            .init(phoneNumberID: LindaFixture.numbers[0], quality: quality, event: true))
    }

    /// By number and state: from the recipients and their messages, and as they are kept; of one moment.
    private func counts(_ linda: LindaFixture, _ id: CampaignID) throws -> (counted: [String: Int], kept: [String: Int]) {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(
            path: "\(linda.stack.dataDirectory)/account-router/account-router.sqlite", configuration: configuration)
        defer { try? database.close() }  // nothing is written through it
        return try database.read { db in
            func read(_ sql: String) throws -> [String: Int] {
                try Row.fetchAll(db, sql: sql, arguments: [id])
                    .reduce(into: [:]) { $0["\($1["account"] as String) \($1["state"] as String)"] = $1["n"] as Int }
            }
            let counted = try read(
                """
                SELECT coalesce(m.account, '') AS account, CASE WHEN m.state = 'sending' THEN 'queued' ELSE coalesce(m.state, r.state) END AS state,
                  count(*) AS n FROM campaignRecipient r LEFT JOIN message m ON m.id = r.message WHERE r.campaign = ? GROUP BY 1, 2
                """)
            let kept = try read(
                """
                SELECT account, state, n FROM campaignCount WHERE campaign = ? AND n <> 0
                  AND state NOT LIKE '%side' AND state NOT LIKE '%OptOut' AND state <> 'failedBefore'
                """
            )
            return (counted, kept)
        }
    }
}
