/// The processes by the one name that folder, program, unit, socket, database and log label share.
package enum ProcessName: String, Sendable, Codable, CaseIterable {
    case gateway
    case templateService = "template-service"
    case accountRouter = "account-router"
    case intelligenceService = "intelligence-service"
    case syncService = "sync-service"
    case poster
    case sandbox
}
