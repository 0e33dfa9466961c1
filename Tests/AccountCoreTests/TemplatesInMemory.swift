import Logging
import RPCContract
import RPCTransport
import Support
import TemplateContract
import Vocabulary

/// template-service as a test says that it answers, called in memory.
struct TemplatesInMemory: Sendable {
    let network = RPCNetwork()
    let client: RPCClient
    /// What composing gives instead of a message.
    let fault = MutexBox<Fault?>(nil)
    /// Those that do not exist, whatever else does.
    let missing = MutexBox<Set<String>>([])
    /// The accounts that have them, by name.
    let accounts = MutexBox<[String: WABAID]>([:])
    /// How many batches more may name no language, before each template has several.
    let unnamed = MutexBox(Int.max)
    let category = MutexBox(Template.Category.utility)
    /// What happens before a batch is answered.
    let composing = MutexBox<@Sendable () async -> Void>({})
    let recorded = MutexBox<[RecordExperiment.Params]>([])

    init() { client = RPCClient(TemplateContract.self, in: network, name: "test") }

    func serve(_ body: () async throws -> Void) async throws {
        var router = RPCRouter()
        router.on(ComposeTemplate.self) { params, _ in
            if let fault = fault.value { throw fault }
            return .init(
                name: params.name, language: params.language ?? "en", version: 1, category: category.value,
                wabaID: accounts.value[params.name], components: [])
        }
        router.on(ComposeTemplateBatch.self) { params, _ in
            await composing.value()
            if let fault = fault.value { throw fault }
            if missing.value.contains(params.name) { throw Fault(.templateUnknown, "There is no template \(params.name).") }
            if params.language == nil { unnamed.update { $0 -= 1 } }
            if params.language == nil, unnamed.value < 0 {
                throw Fault(.languageNeeded, "\(params.name) exists in en, hi; `language` says which is meant.", path: "language")
            }
            var problems: [String: String] = [:]
            for (n, row) in params.rows.enumerated() where row.contains("broken") { problems["\(n)"] = "no" }
            return .init(
                name: params.name, language: params.language ?? "en", version: 1, category: category.value,
                wabaID: accounts.value[params.name], variables: ["name"], components: params.rows.map { _ in "[]" }, problems: problems)
        }
        router.on(GetTemplate.self) { params, _ in
            if let fault = fault.value { throw fault }
            guard accounts.value[params.name] != nil else { throw Fault(.templateUnknown, "There is no template \(params.name).") }
            var template = Template.example
            template.category = category.value
            return template
        }
        router.on(AssignExperiment.self) { params, _ in
            .init(templates: ["a", "b"], choices: params.contacts.indices.map { $0 % 2 })
        }
        router.on(RecordExperiment.self) { params, _ in
            if let fault = fault.value { throw fault }
            recorded.update { $0.append(params) }
            return Nothing()
        }
        let served = router
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await network.serve("template-service", served, logger: logger) }
            try await body()
            group.cancelAll()
        }
    }
}
