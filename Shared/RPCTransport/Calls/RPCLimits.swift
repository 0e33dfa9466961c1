/// What the peers of a server may use of it.
package struct RPCLimits: Sendable {
    /// Bytes of one frame without its newline.
    package var frameBytes = 8 * 1024 * 1024
    /// Calls of one connection that are being served at the same time.
    package var inFlight = 256
    /// Calls in one batch.
    package var batch = 256
    package var connections = 16_384
    /// Bytes of frames and of replies that all connections hold together.
    package var bytes = 64 * 1024 * 1024
    /// How long a peer may take to read the last replies once it has nothing more to say.
    package var lastReplies = Duration.seconds(30)
    /// How long calls in flight may take once the process stops; after as much again their connections are closed.
    package var drain = Duration.seconds(1)

    package init() {}
}
