package import RPCContract
package import Vocabulary

extension Timestamp {
    /// Seconds since 1970 as Meta gives them, in a string or as a number; nil where a calendar has no such moment.
    package static func meta(_ seconds: JSONValue?) -> Timestamp? {
        guard let seconds = seconds?.integer else { return nil }
        let moment = Timestamp(seconds: seconds)
        return (.zero ... .latest).contains(moment) ? moment : nil
    }
}
