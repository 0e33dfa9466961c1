package import Foundation

/// One request to somebody else's server.
package struct HTTPRequest: Sendable {
    /// The verbs that are used.
    package enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

    /// What is sent.
    package enum Body: Sendable {
        case none
        case bytes(Data)
        /// Streamed from disk, however large.
        case file(path: String)
    }

    package var method: Method
    package var url: String
    /// Written as `Name: value`.
    package var headers: [String]
    package var body: Body
    /// From start to the last byte.
    package var timeout: Duration
    /// Bytes of the answer that are kept; a longer one is an error.
    package var responseLimit: Int
    /// Where to stream the answer's body instead of keeping it.
    package var saveTo: String?
    /// An answer that is longer than `responseLimit` is cut there, and its status counts.
    package var cutsAnswer = false
    /// Which addresses may be connected to; nil for all.
    package var addresses: AddressCheck?

    /// Tells why an address may not be connected to; nil where it may.
    ///
    /// It is asked about the address itself, as the socket to it is opened: whatever a name resolved to before, nothing
    /// lies between the check and the connection. A request that has one goes through no proxy.
    ///
    /// - Parameter bytes: 4 or 16, in network order; none where the address is of another family.
    package typealias AddressCheck = @Sendable (_ bytes: [UInt8]) -> String?

    package init(
        _ method: Method,
        _ url: String,
        headers: [String] = [],
        body: Body = .none,
        timeout: Duration = .seconds(30),
        responseLimit: Int = 4 * 1024 * 1024,
        saveTo: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.responseLimit = responseLimit
        self.saveTo = saveTo
    }
}

/// What the server answered.
package struct HTTPResponse: Sendable {
    package var status: Int
    /// Names in lower case; of a repeated header the last.
    package var headers: [String: String]
    package var body: Data
    /// Whether there was more of the body than is kept.
    package var isCut: Bool

    package init(status: Int, headers: [String: String], body: Data, isCut: Bool = false) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isCut = isCut
    }
}

/// Why there is no answer.
package struct HTTPFailure: Error, Sendable, CustomStringConvertible {
    /// Whether the request can have reached the server: if not, repeating it is safe.
    package var mayHaveBeenSent: Bool
    /// Whether the client itself took no request, which says nothing of the server.
    package var isOurs: Bool
    package var description: String

    package init(mayHaveBeenSent: Bool, isOurs: Bool = false, _ description: String) {
        self.mayHaveBeenSent = mayHaveBeenSent
        self.isOurs = isOurs
        self.description = description
    }
}
