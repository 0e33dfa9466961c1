/// One remote method, declared once.
///
/// Client, server binding, `rpc.discover`, `service.check`, documentation and
/// contract tests derive from it; nothing about a method is written twice.
package protocol RPCMethod: Sendable {
    associatedtype Params: Described
    /// Always an object on the wire, never a bare array or scalar.
    associatedtype Reply: Described

    /// `noun.verb`; never renamed, only superseded.
    static var name: String { get }
    /// One sentence for documentation, ending in a full stop.
    static var summary: String { get }
    static var effect: RPCEffect { get }
    /// Where it is found over HTTP; nil where only processes and whoever is on the host call it.
    static var http: HTTPRoute? { get }
    /// After it the client stops waiting and the server cancels the call.
    static var deadline: Duration { get }
    /// Every application fault it may raise; anything else becomes an internal error.
    static var faults: [FaultCode] { get }
    /// Who may call it besides root, the service's own user and operators.
    static var callers: Set<Caller> { get }
    /// Every optional field is present, so that shapes can be read off it.
    static var example: RPCExample<Params, Reply> { get }
    /// Further params, where no single value can show every field.
    static var alternatives: [Params] { get }
    static var alternativeReplies: [Reply] { get }
    /// Checks what no single field can say, such as which of two are given; touches nothing.
    static func validate(_ params: Params) throws(Fault)
}

extension RPCMethod {
    package static var deadline: Duration { .seconds(10) }
    package static var faults: [FaultCode] { [] }
    package static var callers: Set<Caller> { [] }
    package static var alternatives: [Params] { [] }
    package static var alternativeReplies: [Reply] { [] }
    package static func validate(_ params: Params) throws(Fault) {}

    /// The processes that may call it: the gateway, too, where it is found over HTTP.
    package static var allowedCallers: Set<Caller> { http == nil ? callers : callers.union([.gateway]) }
}

/// What a call does to the receiver; decides whether a client may repeat it after a lost connection.
package enum RPCEffect: String, Codable, Sendable {
    case read
    /// The same `requestKey` (or the same params, where the method says so) has the effect once.
    case idempotentWrite
    /// Stays pending and sends notifications until cancelled.
    case stream
}

/// A process that may be named in an allow list.
package enum Caller: String, Codable, Sendable, CaseIterable {
    case gateway
    case templateService = "template-service"
    case accountRouter = "account-router"
    case intelligenceService = "intelligence-service"
    case syncService = "sync-service"
    case poster
}

/// A pair of params and reply that is true to the method's types.
package struct RPCExample<Params: Sendable, Reply: Sendable>: Sendable {
    package var params: Params
    package var reply: Reply

    package init(_ params: Params, _ reply: Reply) {
        self.params = params
        self.reply = reply
    }
}

/// Params or reply of a method that has none.
package struct Nothing: Described, Equatable {
    package static let fields: Fields = [:]

    package init() {}
}
