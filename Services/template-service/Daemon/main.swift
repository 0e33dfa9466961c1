// linda-template-service: the texts that may be sent, and what Meta's review says of them.
//
// Owns   templates, rendering, composing, review state.
// Files  STATE_DIRECTORY/template-service.sqlite
// Sockets passed in as `rpc` (Unix).
// Credentials  graph-token
// Signals  SIGTERM drains and ends; SIGHUP reads the configuration again.
// Talks to Meta's Graph API and account-router.
// Exit   64 usage, 65 newer schema, 66 missing credential, 69 missing socket, 74 database, 78 configuration.
import ServiceKit
import TemplateCore

await ServiceMain.run(TemplateProcess.self)
