// linda-gateway: the front door.
//
// Owns   the HTTP surface (Meta's webhooks, health, metrics, status page), the durable inbox, dispatch, dead letters.
// Files  STATE_DIRECTORY/gateway.sqlite
// Sockets passed in as `rpc` (Unix) and `http` (TCP); both outlive the process.
// Credentials  meta-app-secret, meta-verify-token, admin-key
// Signals  SIGTERM drains and ends; SIGHUP reads the configuration again.
// Trusts  the kernel for who calls the Unix socket, Meta's signature for webhooks, nothing else.
// Exit   64 usage, 65 newer schema, 66 missing credential, 69 missing socket, 74 database, 78 configuration.
import GatewayCore
import ServiceKit

await ServiceMain.run(GatewayProcess.self)
