import Foundation
import HTTPServer
import Vocabulary

/// Which certificate counts, look by look at its files, and what is to be said of it.
struct FollowedCertificate: Sendable {
    /// What a look has changed.
    enum Step: Sendable, Equatable {
        case same
        case replaced
        /// The files hold nothing that could be served; told once.
        case refused(TLSProblem)
    }

    private(set) var facts: TLSIdentity.Facts
    /// Why the files do not count; nil where they do.
    private(set) var problem: TLSProblem?
    /// What the last look found wrong.
    private var found: TLSProblem?

    init(_ first: TLSIdentity.Facts) { facts = first }

    /// A pair that is whole counts at once, as no half of two pairs fits together; what is wrong counts once two looks agree on it.
    ///
    /// - Parameter isCertain: whoever asked for the look has written both files.
    mutating func look(_ read: Result<TLSIdentity.Facts, TLSProblem>, isCertain: Bool = false) -> Step {
        switch read {
        case .success(let new):
            (found, problem) = (nil, nil)
            guard new != facts else { return .same }
            facts = new
            return .replaced
        case .failure(let new):
            defer { found = new }
            guard isCertain || found == new, problem != new else { return .same }
            problem = new
            return .refused(new)
        }
    }

    /// What an operator has to know; nil where all is well.
    func trouble(at now: Timestamp, _ files: TLSFiles) -> String? {
        let told = [problem.map { "\(files.text(of: $0)); the certificate before is still served" }, ending(at: now, files)]
            .compactMap { $0 }
        return told.isEmpty ? nil : told.joined(separator: ". ")
    }

    private func ending(at now: Timestamp, _ files: TLSFiles) -> String? {
        guard facts.end - now <= Self.warning else { return nil }
        let (verb, date) = (facts.end <= now ? "ended" : "ends", Date(facts.end).formatted(.iso8601))
        return "the certificate \(verb) on \(date): put a new one and its key into \(files.certificate) and \(files.key)"
    }

    /// Certbot renews a month before the end: half of that has passed in vain.
    private static let warning = Milliseconds.days(14)
}
