package import HTTPTypes
package import NIOCore

/// A route that is answered on its connection's event loop, without a task of its own.
///
/// For the one request that comes thousands of times a second and does one
/// thing; everything else goes through the router.
package protocol DirectRoute: Sendable {
    var method: HTTPRequest.Method { get }
    /// Without a query.
    var path: String { get }
    /// Bytes a body may have; one larger is answered 413 and its connection closed.
    var bodyLimit: Int { get }
    /// For the bodies of all its connections together.
    var budget: BodyBudget { get }

    /// Why a request is not worth its body; nil lets it come. The connection is closed after the answer.
    func refusal(of head: HTTPRequest) -> DirectResponse?
    /// Answers a whole request; called on the event loop, must not block it.
    ///
    /// - Parameter respond: to be called once, from any thread.
    func answer(_ head: HTTPRequest, _ body: ByteBuffer, _ respond: @escaping @Sendable (DirectResponse) -> Void)
    /// Tells of a body that was too large.
    func refusedTooLarge()
    /// Tells of a body for which there was no room.
    func refusedForRoom()
}

/// What a direct route answers.
package struct DirectResponse: Sendable {
    package var status: HTTPResponse.Status
    /// Plain text.
    package var text: String

    package init(_ status: HTTPResponse.Status, _ text: String = "") {
        self.status = status
        self.text = text
    }
}
