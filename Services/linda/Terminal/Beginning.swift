import AccountContract
import Foundation
import RPCContract
import Vocabulary

/// When a campaign begins, as people read it.
enum Beginning {
    /// - Parameters:
    ///   - localOpening: what everybody's clocks show, where each has the opening by their own.
    ///   - zone: whose clocks show the moment.
    static func words(_ startAt: Timestamp, _ localOpening: String?, in zone: TimeZone = .current) -> String {
        let moment = startAt.asTime(in: zone)
        return localOpening.map { "\($0) in everybody's own zone, first at \(moment)" } ?? moment
    }

    /// The distance from UTC that somebody has written with a time; nil where it is none.
    static func zone(written text: String) -> TimeZone? {
        guard let match = text.firstMatch(of: /([+-])([0-9]{2}):?([0-9]{2})?$/), let hours = Int(match.output.2) else { return nil }
        let seconds = hours * 3600 + (match.output.3.flatMap { Int($0) } ?? 0) * 60
        return TimeZone(secondsFromGMT: match.output.1 == "-" ? -seconds : seconds)
    }
}

extension Campaign {
    /// Nil where it begins when it is started.
    func beginning(in zone: TimeZone = .current) -> String? { startAt.map { Beginning.words($0, localOpening, in: zone) } }
}

extension Connection {
    /// Whose clocks show a campaign's times: those of its window's zone, else this terminal's.
    func zone(of campaign: Campaign?) async -> TimeZone {
        guard let id = campaign?.window else { return .current }
        let windows = try? await call(AccountContract.self, ListWindows.self, Nothing()).items  // without them, this terminal's
        return windows?.first { $0.window.id == id }.flatMap { TimeZone(identifier: $0.window.timeZone) } ?? .current
    }
}
