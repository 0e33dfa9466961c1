import AccountContract
import RPCContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// What an operator is told about a window when it is defined.
@Suite struct WindowAdviceTests {
    /// Foundation takes BST for Bangladesh's time, and EST for one without summer time.
    @Test(arguments: [
        ("IST", "Asia/Kolkata, Asia/Jerusalem or Europe/Dublin"), ("ist", "Asia/Kolkata"), ("BST", "Europe/London or Asia/Dhaka"),
        ("EST", "America/New_York"), ("PST", "America/Los_Angeles"), ("MSK", "Europe/Moscow"),
        ("asia/kolkata", "did you mean Asia/Kolkata?"),
        ("Kolkata", "did you mean Asia/Kolkata?"), ("new york", "did you mean America/New_York?"),
        ("Asia/Kolkatta", "did you mean Asia/Kolkata?"), ("Mars/Olympus", "There is no time zone Mars/Olympus"),
    ])
    func whatIsNoZonesNameIsRefusedWithTheName(zone: String, hint: String) async throws {
        let desk = try await OutboxDesk()
        let fault = await #expect(throws: Fault.self) {
            try await desk.windows.create(.init(name: "X", cron: "0 6 * * *", timeZone: zone), workspace: "w")
        }
        #expect(fault?.code == .windowInvalid && fault?.path == "timeZone")
        #expect(fault?.message.contains(hint) == true, "\(fault?.message ?? "")")
        // A file's rows, too.
        #expect(BroadcastLists.problem(Recipient(contact: "919876543210", timeZone: zone)) != nil)
        try desk.end()
    }

    /// Where only one zone is meant nothing is said of several.
    @Test func anAbbreviationNamesWhatItMayMean() {
        #expect(WrittenZone.problem("AWST") == "AWST is an abbreviation; give the time zone's name: Australia/Perth")
        #expect(
            WrittenZone.problem("BST")
                == "BST is an abbreviation, which may mean more than one time zone; give the zone's name: Europe/London or Asia/Dhaka")
        #expect(WrittenZone.problem("MET") == "MET is an abbreviation; give the time zone's name, which is like Asia/Kolkata")
    }

    @Test(arguments: ["Asia/Kolkata", "Asia/Calcutta", "Europe/London", "UTC", "GMT", "America/Argentina/Buenos_Aires"])
    func zonesByTheirNamesAreTaken(zone: String) { #expect(WrittenZone.problem(zone) == nil) }

    @Test func aWindowWithinItsQuietHoursSaysSo() async throws {
        let desk = try await OutboxDesk()
        func warnings(_ cron: String, _ zone: String = "Asia/Kolkata", isQuiet: Bool = true) async throws -> [String] {
            let hours = isQuiet ? DeliveryWindow.QuietHours(from: "21:00", to: "08:00") : nil
            let params = CreateWindow.Params(name: "W", cron: cron, timeZone: zone, spreadFrom: 0, quietHours: hours)
            return try await desk.windows.create(params, workspace: "w").warnings
        }
        let night = try await warnings("0 23 * * *")
        #expect(night.count == 1 && night[0].hasPrefix("it opens within its own quiet hours, from 21:00 to 08:00"), "\(night)")
        #expect(night[0].contains("nobody in Asia/Kolkata") && night[0].hasSuffix("at 08:00"))
        #expect(try await warnings("0 23 * * *", "recipient").first?.contains("nobody is written to") == true)
        let sometimes = try await warnings("0 9,23 * * *")
        #expect(sometimes.first?.contains("of its next 5 openings lie within") == true, "\(sometimes)")
        let once = try await warnings("0 9,12,15,18,23 * * *")
        #expect(once.first?.hasPrefix("1 of its next 5 openings lies within") == true, "\(once)")
        for cron in ["0 9 * * *", "0 8 * * *", "0 20 * * *", "59 7 * * *"] { #expect(try await warnings(cron) == [], "\(cron)") }
        #expect(try await warnings("0 23 * * *", isQuiet: false) == [])
        try desk.end()
    }
}
