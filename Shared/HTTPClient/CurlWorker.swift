import CCurl
import Foundation
import Synchronization

/// The thread that owns the multi handle; others hand it transfers through a queue and wake it.
final class CurlWorker: Sendable {
    typealias Waiter = CheckedContinuation<HTTPResponse, any Error>

    private struct Submission: Sendable {
        var number: Int
        var request: HTTPRequest
        var waiter: Waiter
    }

    private struct State {
        var submissions: [Submission] = []
        var cancellations: Set<Int> = []
        /// Numbers given out whose transfer has not been handed over yet; false once it was cancelled before that.
        var announced: [Int: Bool] = [:]
        var open = 0
        var next = 0
        var isStopped = false
        /// What is woken; nil once it is no more.
        var multi: MultiHandle?
    }

    /// curl_multi_wakeup(3) may be called from any thread; every other use of the handle is on the worker's own.
    private struct MultiHandle: @unchecked Sendable {
        let raw: UnsafeMutableRawPointer?
    }

    private static let initialised: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    /// Connections that may stay open for later, whatever is under way.
    private static let kept = 64

    private let state = Mutex(State())
    private let connectionsPerHost: Int
    private let connections: Int
    private let limit: Int
    private let userAgent: String
    private let rest: Duration

    /// - Parameter rest: after so long without a request, the connections of a burst are closed.
    init(connectionsPerHost: Int, connections: Int, limit: Int, userAgent: String, rest: Duration) {
        _ = Self.initialised
        self.connectionsPerHost = connectionsPerHost
        self.connections = connections
        self.limit = limit
        self.userAgent = userAgent
        self.rest = rest
        state.withLock { $0.multi = newHandle() }
    }

    private func newHandle() -> MultiHandle {
        let multi = MultiHandle(raw: curl_multi_init())
        _ = linda_curl_multi_set_long(multi.raw, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost)
        _ = linda_curl_multi_set_long(multi.raw, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
        _ = linda_curl_multi_set_long(multi.raw, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        return multi
    }

    func start() {
        let thread = Thread { [self] in loop() }
        thread.name = "http"
        thread.stackSize = 512 * 1024
        thread.start()
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        wake()
    }

    func nextNumber() -> Int {
        state.withLock { state in
            state.next += 1
            state.announced[state.next] = true
            return state.next
        }
    }

    func submit(_ number: Int, _ request: HTTPRequest, _ waiter: Waiter) {
        let problem: (any Error)? = state.withLock { state in
            if state.announced.removeValue(forKey: number) == false { return CancellationError() }
            if state.isStopped { return HTTPFailure(mayHaveBeenSent: false, isOurs: true, "the client has ended") }
            if state.open >= limit {
                return HTTPFailure(mayHaveBeenSent: false, isOurs: true, "more than \(limit) requests are under way")
            }
            state.open += 1
            state.submissions.append(Submission(number: number, request: request, waiter: waiter))
            return nil
        }
        if let problem { return waiter.resume(throwing: problem) }
        wake()
    }

    func cancel(_ number: Int) {
        state.withLock { state in
            if state.announced[number] != nil { state.announced[number] = false } else { state.cancellations.insert(number) }
        }
        wake()
    }

    private func wake() {
        state.withLock { state in
            if let multi = state.multi { curl_multi_wakeup(multi.raw) }
        }
    }

    /// Puts another handle in the place of the worker's own, which goes with its connections.
    private func replace(_ former: MultiHandle, by multi: MultiHandle?) {
        state.withLock { $0.multi = multi }
        curl_multi_cleanup(former.raw)
    }

    private func loop() {
        guard var multi = state.withLock({ $0.multi }) else { return }
        var transfers: [Int: CurlTransfer] = [:]
        var (opened, lastEnd) = (0, ContinuousClock.now)
        while true {
            let (submissions, cancellations, isStopped) = state.withLock { state in
                defer {
                    state.submissions.removeAll(keepingCapacity: true)
                    state.cancellations.removeAll()
                }
                return (state.submissions, state.cancellations, state.isStopped)
            }
            for submission in submissions {
                let transfer = CurlTransfer(submission.number, submission.request, submission.waiter, userAgent: userAgent)
                guard transfer.attach(to: multi.raw) else {
                    transfer.finish(.failure(HTTPFailure(mayHaveBeenSent: false, isOurs: true, "the request could not be set up")))
                    release()
                    continue
                }
                transfers[submission.number] = transfer
            }
            for number in cancellations { end(transfers.removeValue(forKey: number), on: multi, .failure(CancellationError())) }
            if isStopped {
                for transfer in transfers.values { end(transfer, on: multi, .failure(CancellationError())) }
                return replace(multi, by: nil)
            }
            var running: Int32 = 0
            curl_multi_perform(multi.raw, &running)
            var left: Int32 = 0
            while let message = curl_multi_info_read(multi.raw, &left) {
                guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
                let code = linda_curl_message_result(message)
                guard let transfer = CurlTransfer.of(easy) else { continue }
                transfers[transfer.number] = nil
                opened += transfer.openedConnections
                lastEnd = .now
                end(transfer, on: multi, transfer.outcome(code))
            }
            // libcurl would look at what a burst has left only when the next request begins.
            if opened > Self.kept, transfers.isEmpty, .now - lastEnd >= rest {
                let next = newHandle()
                replace(multi, by: next)
                (multi, opened) = (next, 0)
                continue
            }
            curl_multi_poll(multi.raw, nil, 0, 1000, nil)
        }
    }

    private func end(_ transfer: CurlTransfer?, on multi: MultiHandle, _ outcome: Result<HTTPResponse, any Error>) {
        guard let transfer else { return }
        transfer.detach(from: multi.raw)
        transfer.finish(outcome)
        release()
    }

    private func release() { state.withLock { $0.open -= 1 } }
}
