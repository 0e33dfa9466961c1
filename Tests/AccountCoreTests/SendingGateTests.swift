import AccountContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// Whether somebody may be written to now, by what their campaign has promised.
@Suite struct SendingGateTests {
    /// Six in the morning in UTC.
    private static let morning = Timestamp(milliseconds: 1_790_056_800_000)

    private func verdict(
        _ now: Timestamp, deadline: Timestamp?, quiet: DeliveryWindow.QuietHours? = nil, isLateAllowed: Bool = false, zone: String = "UTC"
    ) -> SendingGate.Verdict {
        var window = DeliveryWindow.example
        window.quietHours = quiet
        return SendingGate(window, isLateAllowed: isLateAllowed).verdict("919876543210", zone: zone, deadline: deadline, at: now)
    }

    private func isNever(_ verdict: SendingGate.Verdict, _ word: String) -> Bool {
        if case .never(let reason) = verdict { reason.contains(word) } else { false }
    }

    @Test func whatIsTooLateNeverGoesOut() {
        let now = Self.morning
        #expect(verdict(now, deadline: nil) == .open && verdict(now, deadline: now) == .open)
        #expect(isNever(verdict(now + 1, deadline: now), "closed at 2026-09-22T11:30:00+0530"))
        #expect(verdict(now + 1, deadline: now, isLateAllowed: true) == .open)
    }

    @Test func quietHoursPutOffWhatCanStillBeInTime() {
        let night = DeliveryWindow.QuietHours(from: "22:00", to: "06:00")
        let now = Self.morning - .hours(2)
        #expect(verdict(now, deadline: nil, quiet: night) == .later(Self.morning))
        #expect(verdict(now, deadline: Self.morning + .hours(1), quiet: night) == .later(Self.morning))
        #expect(isNever(verdict(now, deadline: Self.morning - 1, quiet: night), "quiet where the person is"))
        #expect(verdict(now, deadline: Self.morning - 1, quiet: night, isLateAllowed: true) == .later(Self.morning))
        #expect(verdict(now, deadline: nil, quiet: night, zone: "Asia/Kolkata") == .open, "half past nine there")
        #expect(verdict(Self.morning, deadline: nil, quiet: night) == .open)
    }
}
