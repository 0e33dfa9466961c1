import AccountContract
package import GraphAPI
package import RPCContract
import Vocabulary

extension Fault {
    /// Makes a fault of Meta's answer to a request that was made at once, for its caller.
    package init(_ failure: GraphClient.Failure) {
        switch failure {
        case .refused(let error):
            let upstream = Upstream(code: error.code, details: error.details, fbtraceID: error.fbtraceID)
            let isLater = error.errorClass == .retry || error.errorClass == .delay
            self = Fault(
                .metaRefused, error.explanation, retry: isLater ? .after((error.pause ?? .seconds(1)).duration) : .never, upstream: upstream
            )
        case .noAnswer(let failure):
            self = Fault(.unavailable, "Meta does not answer: \(failure)", retry: .after(.seconds(10)))
        }
    }
}
