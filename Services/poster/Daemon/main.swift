// linda-poster: outgoing webhooks.
//
// Owns   endpoints of customers' programs, deliveries of events to them, and every attempt.
// Files  STATE_DIRECTORY/poster.sqlite, which holds the endpoints' secrets
// Sockets passed in as `rpc` (Unix); it connects to addresses of the internet, and to those of this network only where
//         `endpoints.allowPrivate` is true.
// Credentials  none
// Signals  SIGTERM drains and ends; SIGHUP reads the configuration again.
// Exit   64 usage, 65 newer schema, 69 missing socket, 74 database, 78 configuration.
import PosterCore
import ServiceKit

await ServiceMain.run(PosterProcess.self)
