/// What one peer may use of a server.
package struct RPCLimits: Sendable {
    /// Bytes of one frame without its newline.
    package var frameBytes = 8 * 1024 * 1024
    /// Calls of one connection that are being served at the same time.
    package var inFlight = 256
    /// Calls in one batch.
    package var batch = 256
    package var connections = 16_384

    package init() {}
}
