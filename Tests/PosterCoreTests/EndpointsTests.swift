import PosterContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import PosterCore

/// Endpoints of workspaces.
@Suite(.timeLimit(.minutes(1))) struct EndpointsTests {
    @Test func whatIsMadeIsToldAndChanged() async throws {
        try await PosterDesk.run { desk in
            let new = try await desk.endpoints.create(
                .init(
                    url: "https://shop.example/a", description: "orders", types: ["order.created"], headers: ["X-Shop": "secret"], rate: 5,
                    isOrdered: true), workspace: "w")
            let made = new.endpoint
            #expect(made.state == .enabled && made.types == ["order.created"] && made.headerNames == ["X-Shop"] && made.isOrdered)
            #expect(new.secret.hasPrefix("whsec_"))
            #expect(desk.directory.endpoint(made.id)?.signings.map(\.secret.text) == [new.secret])
            #expect(desk.directory.workspaces == ["w"])
            let changed = try await desk.endpoints.update(
                .init(id: made.id, url: "https://shop.example/b", description: "", types: [], headers: [:], rate: 0, isOrdered: false),
                workspace: "w")
            #expect(changed.url == "https://shop.example/b" && changed.description == nil && changed.types == nil)
            #expect(changed.headerNames == nil && changed.rate == nil && !changed.isOrdered)
            let kept = try await desk.endpoints.update(.init(id: made.id, description: "x"), workspace: "w")
            #expect(kept.url == changed.url && kept.description == "x" && kept.createdAt == made.createdAt)
            try await desk.endpoints.delete(made.id, workspace: "w")
            #expect(desk.directory.endpoint(made.id) == nil)
            #expect(try await desk.endpoints.list(workspace: "w").items.isEmpty)
            #expect(try await desk.deliveries.reading("w") == nil, "nothing is read for nobody")
            #expect(try await desk.told() == ["webhook.created", "webhook.updated", "webhook.updated", "webhook.deleted"])
        }
    }

    @Test func aForeignEndpointIsNotThere() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await desk.endpoints.get(id, workspace: "x") },
                { _ = try await desk.endpoints.update(.init(id: id, rate: 1), workspace: "x") },
                { try await desk.endpoints.delete(id, workspace: "x") },
                { _ = try await desk.endpoints.pause(id, workspace: "x") }, { _ = try await desk.endpoints.resume(id, workspace: "x") },
                { _ = try await desk.endpoints.rotate(.init(id: id), workspace: "x") },
                { _ = try await desk.deliveries.test(id, workspace: "x") },
                { _ = try await desk.deliveries.list(.init(id: id), workspace: "x") },
                { _ = try await desk.deliveries.get(.init(id: id, event: "e"), workspace: "x") },
                { _ = try await desk.deliveries.resend(.init(id: id, event: "e"), workspace: "x") },
            ]
            for call in calls {
                let fault = await #expect(throws: Fault.self) { try await call() }
                #expect(fault?.code == .endpointUnknown)
            }
            #expect(try await desk.endpoints.list(workspace: "x").items.isEmpty)
            #expect(try await desk.get(id).state == .enabled)
        }
    }

    @Test func aURLIsThereOnceAndAWorkspaceHasSoMany() async throws {
        try await PosterDesk.run { desk in
            _ = try await desk.endpoint()
            let taken = await #expect(throws: Fault.self) { _ = try await desk.endpoint() }
            #expect(taken?.code == .endpointTaken)
            _ = try await desk.endpoints.create(.init(url: "https://shop.example/a"), workspace: "x")
            for n in 1..<Endpoints.most { _ = try await desk.endpoint("https://shop.example/a\(n)") }
            let full = await #expect(throws: Fault.self) { _ = try await desk.endpoint("https://shop.example/more") }
            #expect(full?.code == .endpointLimit)
        }
    }

    @Test func whatPointsInsideIsNotMade() async throws {
        try await PosterDesk.run(allowsPrivate: false) { desk in
            for url in ["http://shop.example/", "https://127.0.0.1/", "https://localhost/"] {
                let fault = await #expect(throws: Fault.self) { _ = try await desk.endpoint(url) }
                #expect(fault?.code == .endpointRefused, "\(url)")
            }
            let id = try await desk.endpoint()
            let fault = await #expect(throws: Fault.self) {
                _ = try await desk.endpoints.update(.init(id: id, url: "https://[::1]/"), workspace: "w")
            }
            #expect(fault?.code == .endpointRefused)
        }
    }

    /// The URL may hold what opens the receiver's door, so it is told to whoever may change it.
    @Test func endpointsAreToldToAdminsAlone() {
        #expect(ListEndpoints.http?.least == .admin && GetEndpoint.http?.least == .admin)
        // Where all addresses are allowed a rule says so, as no request goes through a proxy.
        #expect(EndpointURL(allowsPrivate: true).addresses([127, 0, 0, 1]) == nil)
        #expect(EndpointURL(allowsPrivate: false).addresses([127, 0, 0, 1]) != nil)
    }

    @Test func formerSecretsSignAsLongAsTheyWouldHave() async throws {
        try await PosterDesk.run { desk in
            let made = try await desk.endpoints.create(.init(url: "https://shop.example/a"), workspace: "w")
            let id = made.endpoint.id
            func secrets() -> [String] {
                let now = desk.now.value
                return desk.directory.endpoint(id)?.signings.filter { $0.until.map { now < $0 } ?? true }.map(\.secret.text) ?? []
            }
            let second = try await desk.endpoints.rotate(.init(id: id, overlap: .hours(1)), workspace: "w")
            #expect(second.endpoint.formerUntil == desk.now.value + .hours(1) && second.endpoint.rotatedAt == desk.now.value)
            #expect(secrets() == [second.secret, made.secret])
            // Once more, as by somebody who has lost the answer.
            let third = try await desk.endpoints.rotate(.init(id: id, overlap: .hours(2)), workspace: "w")
            #expect(secrets() == [third.secret, second.secret, made.secret])
            desk.now.update { $0 = $0 + .minutes(90) }
            #expect(secrets() == [third.secret, second.secret])
            let fourth = try await desk.endpoints.rotate(.init(id: id, overlap: 0), workspace: "w")
            #expect(secrets() == [fourth.secret] && fourth.endpoint.formerUntil == nil)
            for _ in 0..<20 { _ = try await desk.endpoints.rotate(.init(id: id), workspace: "w") }
            #expect(secrets().count == 8, "however often somebody asks")
        }
    }

    @Test func pausedAndResumed() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            #expect(try await desk.endpoints.pause(id, workspace: "w").state == .paused)
            #expect(try await desk.endpoints.pause(id, workspace: "w").state == .paused)
            #expect(desk.directory.endpoint(id)?.state == .paused)
            #expect(try await desk.endpoints.resume(id, workspace: "w").state == .enabled)
            #expect(try await desk.told() == ["webhook.created", "webhook.paused", "webhook.resumed"])
        }
    }

    /// What is in memory is what is in the database.
    @Test func aStartKnowsThemAll() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            desk.directory.remove(id)
            try desk.endpoints.load()
            #expect(desk.directory.endpoint(id)?.url == "https://shop.example/a")
        }
    }
}

/// Whoever follows the endpoints is told of each change.
@Suite(.timeLimit(.minutes(1))) struct EndpointDirectoryTests {
    @Test func changesAreTold() async {
        let directory = EndpointDirectory()
        var changes = directory.follow().makeAsyncIterator()
        await changes.next()
        directory.set(
            PostedEndpoint(id: "e", workspace: "w", url: "https://shop.example/", headers: [:], rate: nil, state: .enabled, signings: []))
        await changes.next()
        #expect(directory.all.map(\.id) == ["e"])
        directory.remove("e")
        await changes.next()
        #expect(directory.all.isEmpty && directory.workspaces.isEmpty)
    }

    @Test func aRunnerIsNudgedReleasedAndEnded() {
        let (runners, told) = (EndpointRunners(), MutexBox<[String]>([]))
        runners.nudge("e")
        runners.add(
            .init(
                nudge: { told.update { $0.append("nudged") } }, release: { told.update { $0.append("released") } },
                end: { told.update { $0.append("ended") } }), for: "e")
        runners.release("e")
        runners.end("e")
        #expect(told.value == ["released", "nudged", "ended"] && runners.has("e"))
        runners.remove("e")
        #expect(!runners.has("e"))
    }
}
