// linda-sandbox: stands in for Meta and for customers' phones, on loopback.
//
// Owns   nothing real; what it knows is gone when it ends.
// Sockets passed in as `rpc` (Unix) and `http` (TCP, the Graph API).
// Credentials  graph-token, meta-app-secret, meta-verify-token: the same as the processes it plays with.
// Seed   --set seed=N replays chance.
import SandboxCore
import ServiceKit

await ServiceMain.run(SandboxProcess.self)
