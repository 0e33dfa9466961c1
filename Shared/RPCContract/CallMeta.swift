/// The context that travels in `params._meta`.
package struct CallMeta: Codable, Sendable, Equatable {
    /// The tenant on whose rows the call works; `default` where none is named.
    package var workspace: String?
    /// Who asked: a user, a key, a customer or a process.
    package var actor: String?
    /// Milliseconds left when the call was sent.
    package var deadlineMs: Int?
    /// The same key has the effect once.
    package var requestKey: String?
    /// W3C Trace Context.
    package var traceparent: String?

    package init(
        workspace: String? = nil,
        actor: String? = nil,
        deadlineMs: Int? = nil,
        requestKey: String? = nil,
        traceparent: String? = nil
    ) {
        self.workspace = workspace
        self.actor = actor
        self.deadlineMs = deadlineMs
        self.requestKey = requestKey
        self.traceparent = traceparent
    }
}

/// The call that the current task is serving; outgoing calls nest their ids in it.
package struct CallContext: Sendable {
    package var id: String
    package var meta: CallMeta

    package init(id: String, meta: CallMeta) {
        self.id = id
        self.meta = meta
    }

    @TaskLocal package static var current: CallContext?
}
