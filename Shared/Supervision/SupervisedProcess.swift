/// What a supervisor starts, waits for and ends.
package protocol SupervisedProcess: Sendable {
    var pid: Int32 { get }
    /// Returns when it is ready, or with its ending if that comes first.
    func ready() async -> ChildProcess.Ending?
    func ended() async -> ChildProcess.Ending
    /// SIGTERM asks it to end, SIGKILL ends it.
    func signal(_ signal: Int32)
}
