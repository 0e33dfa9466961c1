import HTTPServer
import Hummingbird
import Logging
package import RPCContract
import RPCTransport
import SandboxContract
package import ServiceKit
import ServiceLifecycle
import Vocabulary

/// Assembles the sandbox.
package enum SandboxProcess: ServiceProcess {
    package static let contract: any Contract.Type = SandboxContract.self

    package static func assemble(_ environment: ServiceEnvironment, _ settings: SandboxSettings) async throws -> Assembly {
        let seed = UInt64(settings.seed)
        let webhooks = WebhookSender(
            appSecret: try environment.credentials.require("meta-app-secret"),
            verifyToken: try environment.credentials.require("meta-verify-token"),
            clock: environment.clock,
            retries: min(settings.retryFirst, settings.retryMost)...settings.retryMost,
            seed: seed
        )
        let descriptor = try environment.descriptor("http")
        let world = MetaWorld(
            schemas: try SchemaDocument.embedded(), clock: environment.clock, webhooks: webhooks, seed: seed,
            address: LoopbackAddress.url(of: descriptor) ?? "")
        environment.logger.notice("the sandbox stands in for Meta", metadata: ["seed": "\(seed)"])
        let http = Router(context: BasicRequestContext.self)
        let token = try environment.credentials.follow("graph-token", logger: environment.logger)
        GraphRoutes(
            world: world, token: { token() }, isNext: { token.isNext($0) }, chance: .seeded(FNV1a.hash("traces", seed: seed))
        ).add(to: http)
        var assembly = Assembly(
            router: router(world, webhooks, ClockSteering(path: environment.clockFile)),
            services: [World(world: world, webhooks: webhooks)])
        assembly.frontends = [SocketServer(descriptor: descriptor, router: http, logger: environment.logger)]
        return assembly
    }

    private static func router(_ world: MetaWorld, _ webhooks: WebhookSender, _ steering: ClockSteering) -> RPCRouter {
        var router = RPCRouter()
        router.on(SandboxAddNumber.self) { params, _ in
            await world.addNumber(params)
            return Nothing()
        }
        router.on(SandboxSubscribe.self) { params, _ in
            try await webhooks.subscribe(params.url)
            return Nothing()
        }
        router.on(SandboxWrite.self) { params, _ in SandboxWrite.Reply(wamid: try await world.write(params)) }
        router.on(SandboxPlay.self) { params, _ in
            try await world.play(params)
            return Nothing()
        }
        router.on(SandboxStatistics.self) { _, _ in await world.statistics() }
        router.on(SandboxMessages.self) { params, _ in SandboxMessages.Reply(items: await world.messages(to: params.contact)) }
        router.on(SandboxDuplicates.self) { _, _ in SandboxDuplicates.Reply(items: await world.duplicates()) }
        router.on(SandboxSetPortfolio.self) { params, _ in
            await world.set(params)
            return Nothing()
        }
        router.on(SandboxSetQuality.self) { params, _ in
            try await world.set(params)
            return Nothing()
        }
        router.on(SandboxUpgrade.self) { params, _ in
            try await world.upgrade(params.phoneNumberID)
            return Nothing()
        }
        router.on(SandboxBan.self) { params, _ in
            await world.ban(params)
            return Nothing()
        }
        router.on(SandboxSetTemplate.self) { params, _ in
            try await world.set(params)
            return Nothing()
        }
        router.on(SandboxSetCalls.self) { params, _ in
            await world.set(params)
            return Nothing()
        }
        router.on(SandboxPreference.self) { params, _ in
            try await world.prefer(params)
            return Nothing()
        }
        router.on(SandboxChangeNumber.self) { params, _ in
            try await world.changeNumber(params)
            return Nothing()
        }
        router.on(SandboxSetClock.self) { params, _ in try await steering.set(params) }
        router.on(SandboxCode.self) { params, _ in SandboxCode.Reply(code: try await world.code(params.phoneNumberID)) }
        router.on(SandboxFault.self) { params, _ in
            await world.set(params)
            return Nothing()
        }
        addCustomers(to: &router, world)
        return router
    }

    private static func addCustomers(to router: inout RPCRouter, _ world: MetaWorld) {
        router.on(SandboxAddress.self) { _, _ in SandboxAddress.Reply(graphURL: world.address) }
        router.on(SandboxSend.self) { params, _ in SandboxWrite.Reply(wamid: try await world.write(params)) }
        router.on(SandboxTap.self) { params, _ in SandboxWrite.Reply(wamid: try await world.tap(params)) }
        router.on(SandboxCall.self) { params, _ in SandboxCall.Reply(callID: try await world.call(params)) }
        router.on(SandboxRestrict.self) { params, _ in
            await world.restrict(params)
            return Nothing()
        }
        router.on(SandboxTell.self) { params, _ in
            await world.tell(params)
            return Nothing()
        }
    }
}

/// Lets time pass in the sandbox.
private struct World: Service {
    let world: MetaWorld
    let webhooks: WebhookSender

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await world.fetchLinks() }
            await webhooks.run { await world.advance() }
            group.cancelAll()
        }
    }
}
