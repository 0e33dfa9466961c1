import RPCContract
import SandboxContract
import Vocabulary

/// Sets the virtual clock that all processes of a trial follow.
struct ClockSteering: Sendable {
    /// Empty where there is none.
    let path: String

    /// Returns once the change is in force, in every process at the same moment.
    func set(_ params: SandboxSetClock.Params) async throws -> SandboxSetClock.Reply {
        guard !path.isEmpty else {
            throw Fault(.noVirtualClock, "Time passes as it does: start with linda up --sandbox --virtual-clock.")
        }
        let setting = try VirtualClock.change(path) { setting, real in
            let now = setting.time(at: real)
            let target = max(now, params.to ?? now) + (params.advance ?? 0)
            return VirtualClock.Setting(real: real, virtual: target, speed: params.speed ?? setting.speed)
        }
        // Machine time: a change of virtual time is announced in real time.
        try await Task.sleep(for: VirtualClock.notice)
        return SandboxSetClock.Reply(now: setting.virtual, speed: setting.speed)
    }
}
