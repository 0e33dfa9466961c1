import RPCContract
import RPCTransport
import SandboxContract
import Supervision

extension Stack {
    /// Registers the gateway's webhook with the sandbox, as one does in Meta's app dashboard.
    func subscribeSandbox() async throws {
        let sandbox = RPCClient(SandboxContract.self, in: runDirectory, name: "up")
        do throws(Fault) {
            _ = try await sandbox.call(SandboxSubscribe.self, SandboxSubscribe.Params(url: "\(address)/webhooks/whatsapp"))
        } catch {
            await sandbox.close()
            throw Trouble(error)
        }
        await sandbox.close()
    }
}
