import Foundation
import GRDB
import HTTPClient
import JobQueue
import Logging
import Metrics
import PosterContract
import RPCContract
import Vocabulary

/// Makes one request of a delivery that is due, and says what follows from its answer.
struct EventPoster: Sendable {
    let directory: EndpointDirectory
    let deliveries: Deliveries
    let urls: EndpointURL
    /// Endpoints that have answered well of late have connections of their own.
    let usual: HTTPClient
    let careful: HTTPClient
    let clock: WallClock
    let chance: Chance
    let logger: Logger
    let timeout: Milliseconds
    let disableAfter: Milliseconds

    /// What became of a request.
    struct Posted: Sendable {
        var outcome: JobOutcome
        /// Whether the endpoint took it; nil where none was made.
        var result: Bool?
        var asked: Milliseconds?
    }

    private static let delivered = Counter(label: "linda_posts_total", dimensions: [("outcome", "delivered")])
    private static let failed = Counter(label: "linda_posts_total", dimensions: [("outcome", "failed")])
    /// Bytes of an answer that are read; it is cut there, and its status counts.
    private static let answerLimit = 64 << 10

    func post(_ job: Job, to id: String, isCareful: Bool) async -> Posted {
        guard let n = Int64(job.key), let endpoint = directory.endpoint(id) else { return Posted(outcome: .done()) }
        let found: (event: PostedEvent, tries: Int)?
        do { found = try await deliveries.posted(n) } catch {
            logger.warning("a delivery could not be read, trying again", metadata: ["endpoint": "\(id)", "error": "\(error)"])
            return Posted(outcome: .retry(error: "\(error)", after: .seconds(1)))
        }
        guard let (event, tries) = found else { return Posted(outcome: .done()) }
        let outcome: AttemptOutcome
        do { outcome = try await attempt(event, to: endpoint, with: isCareful ? careful : usual) } catch let failure as HTTPFailure {
            // Nothing was sent for want of a place here, which says nothing of the receiver.
            return Posted(outcome: .retry(error: failure.description, after: .seconds(1)))
        } catch {
            // The process stops: nobody knows whether the receiver has it, so it is posted again.
            return Posted(outcome: .retry(error: "the process stopped", after: .zero))
        }
        (outcome.error == nil ? Self.delivered : Self.failed).increment()
        var chance = chance
        let pause = outcome.error == nil ? nil : RetrySchedule.pause(after: tries + 1, asked: outcome.asked, using: &chance)
        let (deliveries, limit) = (deliveries, disableAfter)
        let settle: @Sendable (Database) throws -> Void = { db in
            try deliveries.settle(db, n, of: id, outcome, again: pause, after: tries, disableAfter: limit)
        }
        let isTaken = outcome.error == nil
        guard let error = outcome.error, let pause else {
            return Posted(outcome: .done(also: settle), result: isTaken, asked: outcome.asked)
        }
        return Posted(outcome: .retry(error: error, after: pause.duration, also: settle), result: false, asked: outcome.asked)
    }

    /// - Throws: where the task was cancelled, or this side had no place for the request.
    private func attempt(_ event: PostedEvent, to endpoint: PostedEndpoint, with client: HTTPClient) async throws -> AttemptOutcome {
        let now = clock.now
        var outcome = AttemptOutcome(at: now, duration: .zero)
        // It may have been made when more was allowed.
        if let problem = urls.problem(endpoint.url) {
            outcome.error = problem
            return outcome
        }
        let (headers, body) = event.request(to: endpoint, at: now)
        var request = HTTPRequest(
            .post, endpoint.url, headers: headers, body: .bytes(body), timeout: timeout.duration, responseLimit: Self.answerLimit)
        request.cutsAnswer = true
        request.addresses = urls.addresses
        // Machine time: how long the receiver took.
        let start = ContinuousClock.now
        do {
            let response = try await client.perform(request)
            outcome.status = response.status
            outcome.error = Self.problem(response.status)
            // SQLite reads a text up to its first NUL only.
            let bytes = response.body.prefix(AttemptOutcome.answerBytes).filter { $0 != 0 }
            let text = String(decoding: bytes, as: UTF8.self)
            outcome.answer = text.isEmpty ? nil : text
            outcome.asked = RetryAfter.pause(response.status, headers: response.headers, at: now)
        } catch let failure as HTTPFailure where !failure.isOurs {
            outcome.error = String(failure.description.prefix(AttemptOutcome.answerBytes))
        }
        // Machine time: how long the receiver took.
        outcome.duration = Milliseconds(ContinuousClock.now - start)
        return outcome
    }

    /// Why an answer does not count as taken; nil where it does.
    private static func problem(_ status: Int) -> String? {
        switch status {
        case 200..<300: nil
        case 300..<400: "the receiver answered \(status), and redirects are not followed"
        default: "the receiver answered \(status)"
        }
    }
}
