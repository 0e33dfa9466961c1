/// The methods that every process answers.
package enum CommonContract {
    package static let methods: [any RPCMethod.Type] = [
        ServicePing.self, ServiceInfo.self, ServiceHealth.self, ServiceMetrics.self, ServiceSpans.self, ServiceSetLogLevel.self,
        ServiceCheck.self,
        EventsRead.self, EventsFollow.self, RPCDiscover.self,
    ]
}

package enum ServicePing: RPCMethod {
    package static let name = "service.ping"
    package static let summary = "Answers at once, to see that the process lives."
    package static let effect = RPCEffect.read
    package static let callers = Set(Caller.allCases)
    package static let example = RPCExample(Nothing(), Nothing())
}

package enum ServiceInfo: RPCMethod {
    package static let name = "service.info"
    package static let summary = "Names the program, its version, schema and age."
    package static let effect = RPCEffect.read
    package static let callers = Set(Caller.allCases)

    package struct Reply: Codable, Sendable {
        package var process: String
        package var version: String
        /// The last migration that the database has seen.
        package var schema: String?
        package var uptimeSeconds: Double
        package var pid: Int

        package init(process: String, version: String, schema: String?, uptimeSeconds: Double, pid: Int) {
            self.process = process
            self.version = version
            self.schema = schema
            self.uptimeSeconds = uptimeSeconds
            self.pid = pid
        }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(process: "gateway", version: "0.1.0", schema: "v1", uptimeSeconds: 12.5, pid: 4711)
    )
}

package enum ServiceHealth: RPCMethod {
    package static let name = "service.health"
    package static let summary = "Runs the process's own checks and tells each outcome."
    package static let effect = RPCEffect.read
    package static let callers = Set(Caller.allCases)

    package struct Check: Codable, Sendable {
        package var name: String
        package var healthy: Bool
        package var detail: String?

        package init(name: String, healthy: Bool, detail: String? = nil) {
            self.name = name
            self.healthy = healthy
            self.detail = detail
        }
    }

    package struct Reply: Codable, Sendable {
        package var healthy: Bool
        package var checks: [Check]

        package init(healthy: Bool, checks: [Check]) {
            self.healthy = healthy
            self.checks = checks
        }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(healthy: true, checks: [Check(name: "database", healthy: true, detail: "0.1 ms")])
    )
}

package enum ServiceMetrics: RPCMethod {
    package static let name = "service.metrics"
    package static let summary = "Gives all metrics as Prometheus text."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Codable, Sendable {
        package var text: String

        package init(text: String) { self.text = text }
    }

    package static let example = RPCExample(Nothing(), Reply(text: "linda_rpc_calls_total{method=\"service.ping\"} 1\n"))
}

package enum ServiceSpans: RPCMethod {
    package static let name = "service.spans"
    package static let summary = "Gives the last calls that belonged to a trace, oldest first."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        /// Only this trace, 32 hexadecimal digits.
        package var trace: String?

        package init(trace: String? = nil) { self.trace = trace }
    }

    package struct Span: Codable, Sendable {
        package var traceID: String
        package var spanID: String
        package var parentID: String?
        package var name: String
        /// Unix milliseconds.
        package var start: Int64
        package var durationMs: Double
        /// The reason of the fault with which it ended.
        package var fault: String?

        package init(
            traceID: String,
            spanID: String,
            parentID: String?,
            name: String,
            start: Int64,
            durationMs: Double,
            fault: String?
        ) {
            self.traceID = traceID
            self.spanID = spanID
            self.parentID = parentID
            self.name = name
            self.start = start
            self.durationMs = durationMs
            self.fault = fault
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Span]

        package init(items: [Span]) { self.items = items }
    }

    package static let example = RPCExample(
        Params(trace: "4bf92f3577b34da6a3ce929d0e0e4736"),
        Reply(items: [
            Span(
                traceID: "4bf92f3577b34da6a3ce929d0e0e4736",
                spanID: "00f067aa0ba902b7",
                parentID: "53ce929d0e0e4736",
                name: "inbound.record",
                start: 1_790_000_000_000,
                durationMs: 1.5,
                fault: "account_unknown"
            )
        ])
    )
}

package enum ServiceSetLogLevel: RPCMethod {
    package static let name = "service.setLogLevel"
    package static let summary = "Sets the log level until the next start."
    package static let effect = RPCEffect.idempotentWrite

    package struct Params: Codable, Sendable {
        /// trace, debug, info, notice, warning, error or critical.
        package var level: String

        package init(level: String) { self.level = level }
    }

    package struct Reply: Codable, Sendable {
        package var previous: String

        package init(previous: String) { self.previous = previous }
    }

    package static let example = RPCExample(Params(level: "debug"), Reply(previous: "info"))

    package static func validate(_ params: Params) throws(Fault) {
        let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
        guard levels.contains(params.level) else {
            throw Fault(.params, "level is not one of \(levels.joined(separator: ", ")).", path: "level")
        }
    }
}

package enum ServiceCheck: RPCMethod {
    package static let name = "service.check"
    package static let summary = "Validates a call's params and touches nothing."
    package static let effect = RPCEffect.read
    package static let callers = Set(Caller.allCases)

    package struct Params: Codable, Sendable {
        package var method: String
        package var params: JSONValue

        package init(method: String, params: JSONValue) {
            self.method = method
            self.params = params
        }
    }

    package struct Reply: Codable, Sendable {
        package var valid: Bool

        package init(valid: Bool) { self.valid = valid }
    }

    package static let example = RPCExample(
        Params(method: "service.setLogLevel", params: ["level": "debug"]),
        Reply(valid: true)
    )
}

package enum RPCDiscover: RPCMethod {
    package static let name = "rpc.discover"
    package static let summary = "Describes every method of this process as an OpenRPC document."
    package static let effect = RPCEffect.read
    package static let callers = Set(Caller.allCases)
    package typealias Reply = JSONValue
    package static let example = RPCExample(Nothing(), JSONValue.object(["openrpc": "1.3.2"]))
}
