// linda-intelligence-service: conversations, what customers mean, and the answers.
//
// Owns   conversations in both directions, intents, orders, answers that wait to be sent.
// Files  STATE_DIRECTORY/intelligence-service.sqlite
// Sockets passed in as `rpc` (Unix).
// Credentials  none: it talks to account-router only and has no network.
// Signals  SIGTERM drains and ends; SIGHUP reads the configuration again.
// Exit   64 usage, 65 newer schema, 69 missing socket, 74 database, 78 configuration.
import IntelligenceCore
import ServiceKit

await ServiceMain.run(IntelligenceProcess.self)
