package import AccountContract

/// How a number is treated because of its quality; a plain value with the rules of every step.
///
/// GREEN → YELLOW: marketing at half the rate, with conservative templates. RED or a restriction: no marketing.
/// Better again: marketing comes back in steps. A ban stops everything until Meta reinstates.
package struct NumberHealth: Equatable, Sendable {
    /// News of a number.
    package enum Word: Equatable, Sendable {
        case quality(Account.Quality)
        /// Meta takes RED back without a rating: until it is asked the number counts as YELLOW.
        case unflagged
        /// Meta restricts what the business begins; the free text says what.
        case restricted(String)
        /// Meta lets the business begin nothing at all.
        case barred(String)
        case unbarred
        /// The account is taken from us, or given back: not Meta's judgement of it.
        case detached(String)
        case attached
        case unrestricted
        /// Statuses refuse what Meta had accepted: nothing more is to be wasted on it.
        case refused(String)
        /// They refuse it because Meta has locked the account; what reinstates it ends that, too.
        case locked(String)
        /// Somebody has acted on it.
        case released
        case banned(String)
        case reinstated
        /// So much time has passed since the last step.
        case waited
    }

    var quality: Account.Quality = .unknown
    var health: Account.Health = .ready
    /// Percent of the rate that marketing may use.
    var marketingShare = 100

    /// Whether Meta restricts what the business begins, whatever else is the matter with the number.
    var isRestricted = false
    /// Whether Meta lets the business begin nothing, whatever else is the matter.
    var isBarred = false
    /// Whether it is held because Meta has locked the account, and not for its bill.
    var isLocked = false

    /// How the reason begins for which a number is out of reach without being banned.
    static let detachment = "the account was taken from us"
    /// How the reason begins for which a number is held until Meta reinstates its account.
    static let lock = "Meta has locked the account"
    /// How the reason begins for which a number is held until somebody has paid.
    static let bill = "Meta refuses what the account pays for"
    /// How the reason begins for which a number may begin nothing.
    static let bar = "Meta lets the number begin nothing"
    /// How the reason begins with which an account is Meta's to use again.
    static let reinstatement = "Meta has reinstated the account"

    /// Percent after each step of coming back.
    static let ramp = [10, 25, 50, 100]

    /// Meta's rating is another; in plain words what follows.
    private mutating func rate(_ quality: Account.Quality) -> String {
        let before = self.quality
        self.quality = quality
        switch quality {
        case .unknown: return "Meta gives no rating"
        case .red:
            if ![.banned, .held, .restricted].contains(health) { (health, marketingShare) = (.resting, 0) }
            return "Meta rates the number RED: marketing stops, and what waits moves to other numbers where any can send it"
        case .yellow:
            if health == .resting, before == .red, !isRestricted {
                (health, marketingShare) = (.recovering, Self.ramp[0])
                return "Meta rates the number YELLOW again: marketing comes back step by step"
            } else {
                if health == .ready { (health, marketingShare) = (.cautious, 50) }
                return "Meta rates the number YELLOW: marketing goes at half the rate"
            }
        case .green:
            // Resting for a restriction, it rests until that ends, whatever the rating.
            if health == .resting, before == .red, !isRestricted {
                (health, marketingShare) = (.recovering, Self.ramp[0])
                return "Meta rates the number GREEN again: marketing comes back step by step"
            } else {
                if health == .cautious { (health, marketingShare) = (.recovering, 50) }
                return "Meta rates the number GREEN"
            }
        }
    }

    /// Meta takes RED back; in plain words what follows.
    private mutating func unflag() -> String {
        _ = rate(.yellow)
        return "Meta flags the number no longer\(health == .recovering ? ": marketing comes back step by step" : "")"
    }

    /// How a number begins with its rating, restricted or not.
    private var fresh: (Account.Health, Int) {
        if isBarred { return (.restricted, 0) }
        if isRestricted { return (.resting, 0) }
        return switch quality {
        case .red: (.resting, 0)
        case .yellow: (.cautious, 50)
        case .green, .unknown: (.ready, 100)
        }
    }

    /// How a number comes back from what has ended: what else is the matter with it holds on.
    private var returning: (Account.Health, Int) {
        if isBarred { return (.restricted, 0) }
        return isRestricted || quality == .red ? (.resting, 0) : (.recovering, Self.ramp[0])
    }

    /// What that means for marketing.
    private var outlook: String {
        switch health {
        case .resting where isRestricted: "marketing waits until Meta's restriction ends"
        case .resting: "its quality is RED, and marketing stays stopped"
        case .restricted: "it begins nothing until Meta's bar ends"
        case .held: "it stays held until its bill is paid and it is released"
        case .banned: "nothing goes out until Meta reinstates the account"
        case .ready, .cautious: "marketing goes as its rating allows"
        case .recovering: "marketing comes back step by step"
        }
    }

    /// Meta gives the account back: a ban ends, and a hold that came of it.
    private mutating func reinstate() {
        // Messages that were under way when it was banned are refused as locked.
        if health == .banned || health == .held && isLocked { (health, marketingShare) = returning }
        isLocked = false
    }

    /// The state after a word, and in plain words why; nil where nothing changes.
    func after(_ word: Word) -> (next: NumberHealth, reason: String)? {
        var next = self
        let reason: String
        switch word {
        case .quality(let quality): reason = next.rate(quality)
        case .unflagged: reason = next.unflag()
        case .restricted(let what):
            next.isRestricted = true
            if ![.banned, .held, .restricted].contains(health) { (next.health, next.marketingShare) = (.resting, 0) }
            reason = "Meta restricts the number: \(what)"
        case .barred(let what):
            next.isBarred = true
            if ![.banned, .held].contains(health) { (next.health, next.marketingShare) = (.restricted, 0) }
            reason = "\(Self.bar): \(what)"
        case .unrestricted:
            next.isRestricted = false
            if health == .resting { (next.health, next.marketingShare) = next.returning }
            reason = "Meta's restriction has ended: \(next.outlook)"
        case .unbarred:
            next.isBarred = false
            if health == .restricted { (next.health, next.marketingShare) = next.returning }
            reason = "Meta's bar has ended: \(next.outlook)"
        case .detached(let what):
            (next.health, next.marketingShare) = (.banned, 0)
            reason = "\(Self.detachment): \(what)"
        case .attached:
            return after(.reinstated).map { ($0.next, "the account was given back: \($0.next.outlook)") }
        case .refused(let what):
            // Held for a lock, it is held for its bill from now on: that is no better for a reinstatement.
            if health != .banned { (next.health, next.marketingShare, next.isLocked) = (.held, 0, false) }
            reason = "\(Self.bill): \(what)"
        case .locked(let what):
            if ![.banned, .held].contains(health) { (next.health, next.marketingShare, next.isLocked) = (.held, 0, true) }
            reason = "\(Self.lock): \(what)"
        case .released:
            if health == .held { (next.health, next.marketingShare, next.isLocked) = (fresh.0, fresh.1, false) }
            reason = "an operator has released the account"
        case .banned(let what):
            (next.health, next.marketingShare) = (.banned, 0)
            reason = "Meta has disabled the account: \(what)"
        case .reinstated:
            next.reinstate()
            reason = "\(Self.reinstatement): \(next.outlook)"
        case .waited:
            guard health == .recovering, let share = Self.ramp.first(where: { $0 > marketingShare }) else { return nil }
            // Back at a YELLOW number's full share it stays cautious.
            if quality == .yellow, share > 50 {
                (next.health, next.marketingShare) = (.cautious, 50)
                reason = "recovered as far as YELLOW allows"
            } else {
                next.marketingShare = share
                next.health = share == 100 ? .ready : .recovering
                reason = share == 100 ? "recovered" : "marketing grows to \(share) %"
            }
        }
        return next == self ? nil : (next, reason)
    }

    /// Whether Meta itself has decided that another state follows: what it holds against the number has begun or ended.
    ///
    /// Ratings are Meta's as well, but what follows from them is decided here.
    func isDecidedByMeta(_ next: NumberHealth) -> Bool {
        (health == .banned) != (next.health == .banned) || isRestricted != next.isRestricted || isBarred != next.isBarred
    }

    /// In plain words, for whoever looks at it.
    var explanation: String {
        switch health {
        case .ready: quality == .unknown ? "Meta gives no rating yet; the number is used fully." : "The number is used fully."
        case .cautious: "Quality is YELLOW: marketing goes at half the rate."
        case .resting: "No marketing goes out; answers and utility messages do."
        case .recovering: "Coming back: marketing goes at \(marketingShare) % of the rate and grows step by step."
        case .restricted: "Meta lets it begin nothing: only answers go out until the restriction ends."
        case .held: "Meta refuses what the account pays for: only answers go out until account.release."
        case .banned: "Meta has banned or disabled it: nothing goes out until Meta reinstates it."
        }
    }
}
