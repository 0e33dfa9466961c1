// linda-sync-service: the contact mirror.
//
// Owns   contacts, their import and look-up.
// Files  STATE_DIRECTORY/sync-service.sqlite
// Sockets passed in as `rpc` (Unix).
// Credentials  none yet
// Signals  SIGTERM drains and ends; SIGHUP reads the configuration again.
// Exit   64 usage, 65 newer schema, 69 missing socket, 74 database, 78 configuration.
import ServiceKit
import SyncCore

await ServiceMain.run(SyncProcess.self)
