import AccountContract
import RPCContract
import Vocabulary

/// The moments at which a delivery window opens.
enum Opening {
    static func next(_ window: DeliveryWindow, after time: Timestamp) throws(Fault) -> Timestamp {
        // An opening that begins before the moment must still be able to.
        guard let next = try openings(window, after: time - window.spreadFrom.milliseconds, count: 1).first else {
            throw Fault(.windowInvalid, "The window \(window.name) never opens.", path: "window")
        }
        return next
    }

    /// The opening after one of its own openings.
    static func following(_ window: DeliveryWindow, after opening: Timestamp) throws(Fault) -> Timestamp {
        do {
            guard let next = try SendTimes.openings(window, after: opening, count: 1, isOpening: true).first else {
                throw Fault(.windowInvalid, "The window \(window.name) never opens again.", path: "window")
            }
            return next
        } catch let problem as CronExpression.Problem {
            throw Fault(.windowInvalid, "\(window.cron): \(problem.message).", path: "cron")
        } catch { throw (error as? Fault) ?? Fault(.windowInvalid, "The window \(window.name) never opens again.", path: "window") }
    }

    /// The last opening that is over at a time, looked for in the days before it.
    static func latest(_ window: DeliveryWindow, before time: Timestamp) throws(Fault) -> Timestamp? {
        // A day usually has one; one that opens every minute has its last a minute ago.
        for span in [Milliseconds.minutes(2), .hours(2), .days(2), .days(40), .days(400)] {
            var last: Timestamp?
            var place = time - span
            // Few fit between two such spans: what opens more often was found before.
            while let next = Optional(try following(window, after: place)), next <= time {
                (last, place) = (next, next)
            }
            if let last { return last }
        }
        return nil
    }

    static func openings(_ window: DeliveryWindow, after time: Timestamp, count: Int) throws(Fault) -> [Timestamp] {
        do { return try SendTimes.openings(window, after: time, count: count) } catch {
            throw Fault(.windowInvalid, "\(window.cron): \(error.message).", path: "cron")
        }
    }
}
