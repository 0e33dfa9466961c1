import RPCContract
import SandboxContract
import Vocabulary

/// Sets the virtual clock that all processes of a trial follow.
struct ClockSteering: Sendable {
    /// Empty where there is none.
    let path: String

    func set(_ params: SandboxSetClock.Params) throws -> SandboxSetClock.Reply {
        guard !path.isEmpty else {
            throw Fault(.noVirtualClock, "Time passes as it does: start with linda up --sandbox --virtual-clock.")
        }
        let real = WallClock.system.now
        var setting = try VirtualClock.read(path)
        let now = setting.time(at: real)
        let target = max(now, params.to ?? now) + (params.advance ?? 0)
        setting = VirtualClock.Setting(real: real, virtual: target, speed: params.speed ?? setting.speed)
        try VirtualClock.write(setting, to: path)
        return SandboxSetClock.Reply(now: target, speed: setting.speed)
    }
}
