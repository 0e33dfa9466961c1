// linda-account-router: the numbers, and every message that goes out.
//
// Owns   accounts, routing, outbox, pacing, delivery status, the 24-hour window.
// Files  STATE_DIRECTORY/account-router.sqlite
// Sockets passed in as `rpc` (Unix).
// Credentials  graph-token
// Signals  SIGTERM drains (requests to Meta under way finish) and ends; SIGHUP reads the configuration again.
// Crash  A message that was being sent is unknown afterwards; its status tells, it is never resent blindly.
// Talks to Meta's Graph API and template-service.
// Exit   64 usage, 65 newer schema, 66 missing credential, 69 missing socket, 74 database, 78 configuration.
import AccountCore
import ServiceKit

await ServiceMain.run(AccountProcess.self)
