package import Vocabulary

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
    package static let http: HTTPRoute? = nil
    package static let callers = Set(Caller.allCases)
    package static let example = RPCExample(Nothing(), Nothing())
}

package enum ServiceInfo: RPCMethod {
    package static let name = "service.info"
    package static let summary = "Names the program, its version, schema and age."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil
    package static let callers = Set(Caller.allCases)

    package struct Reply: Described {
        package var process: String
        package var version: String
        package var schema: String?
        package var uptimeSeconds: Double
        package var pid: Int

        package static let fields: Fields = [
            "process": .text("The name of the process.", 1...64),
            "version": .text("The version of the program.", 1...64),
            "schema": .text("The last migration that the database has seen; absent if the process has no database.", 1...128),
            "uptimeSeconds": .number("How long the process has run.", 0...10_000_000_000, unit: "seconds"),
            "pid": .whole("The operating system's number of the process.", 1...4_194_304),
        ]

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
        Reply(process: ProcessName.gateway.rawValue, version: "0.1.0", schema: "v1", uptimeSeconds: 12.5, pid: 4711)
    )
}

package enum ServiceHealth: RPCMethod {
    package static let name = "service.health"
    package static let summary = "Runs the process's own checks and tells each outcome."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil
    package static let callers = Set(Caller.allCases)

    package struct Check: Described {
        package var name: String
        package var healthy: Bool
        package var detail: String?

        package static let fields: Fields = [
            "name": .text("What was checked.", 1...64),
            "healthy": "Whether the check found no problem.",
            "detail": .text("What the check found; usually absent if it found no problem.", 0...65_536),
        ]

        package init(name: String, healthy: Bool, detail: String? = nil) {
            self.name = name
            self.healthy = healthy
            self.detail = detail
        }
    }

    package struct Reply: Described {
        package var healthy: Bool
        package var checks: [Check]

        package static let fields: Fields = [
            "healthy": "Whether all checks found no problem.",
            "checks": .list("The outcome of each check.", 0...64),
        ]

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
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Described {
        package var text: String

        package static let fields: Fields = [
            "text": .text("All metrics, in Prometheus' text format.", 0...8_388_608)
        ]

        package init(text: String) { self.text = text }
    }

    package static let example = RPCExample(Nothing(), Reply(text: "linda_rpc_duration_seconds_count{method=\"service.ping\"} 1\n"))
}

package enum ServiceSpans: RPCMethod {
    package static let name = "service.spans"
    package static let summary = "Gives the last calls that belonged to a trace, oldest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var trace: String?

        package static let fields: Fields = [
            "trace": .text("Only calls of the trace with this id; calls of all traces if absent.", 32...32, of: .hex)
        ]

        package init(trace: String? = nil) { self.trace = trace }
    }

    package struct Span: Described {
        package var traceID: String
        package var spanID: String
        package var parentID: String?
        package var name: String
        package var start: Timestamp
        package var durationMs: Double
        package var fault: String?

        package static let fields: Fields = [
            "traceID": .text("The trace that the call belongs to.", 32...32, of: .hex),
            "spanID": .text("The call's own id within the trace.", 16...16, of: .hex),
            "parentID": .text("The call within the trace that made this one; absent if the trace began here.", 16...16, of: .hex),
            "name": .text("The method that was called.", 1...128),
            "start": "When the call began.",
            "durationMs": .number("How long the call took.", 0...1_000_000_000, unit: "milliseconds"),
            "fault": .text("The reason of the fault with which the call ended; absent if it succeeded.", 1...128),
        ]

        package init(
            traceID: String,
            spanID: String,
            parentID: String?,
            name: String,
            start: Timestamp,
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

    package struct Reply: Described {
        package var items: [Span]

        package static let fields: Fields = [
            "items": .list("The last calls that belonged to a trace, oldest first.", 0...1024)
        ]

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
                start: Timestamp(milliseconds: 1_790_000_000_000),
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
    package static let http: HTTPRoute? = nil

    package struct Params: Described {
        package var level: String

        package static let fields: Fields = [
            "level": .words("The least level at which something is logged from now on.", levels)
        ]

        package init(level: String) { self.level = level }
    }

    package struct Reply: Described {
        package var previous: String

        package static let fields: Fields = [
            "previous": .words("The level until now.", levels)
        ]

        package init(previous: String) { self.previous = previous }
    }

    package static let example = RPCExample(Params(level: "debug"), Reply(previous: "info"))

    private static let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
}

package enum ServiceCheck: RPCMethod {
    package static let name = "service.check"
    package static let summary = "Validates a call's params and touches nothing."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil
    package static let callers = Set(Caller.allCases)

    package struct Params: Described {
        package var method: String
        package var params: JSONValue

        package static let fields: Fields = [
            "method": .text("The method whose params are checked.", 1...128),
            "params": .json("The params to check, as they would be sent to the method."),
        ]

        package init(method: String, params: JSONValue) {
            self.method = method
            self.params = params
        }
    }

    package struct Reply: Described {
        package var valid: Bool

        package static let fields: Fields = [
            "valid": "Always true; params that are not valid are answered with the same fault as the call itself."
        ]

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
    package static let http: HTTPRoute? = nil
    package static let callers = Set(Caller.allCases)

    package struct Info: Described {
        package var title: String
        package var version: String
        package var hash: String

        package static let fields: Fields = [
            "title": .text("The program.", 1...64),
            "version": .text("The contract's version; it rises with every change that a caller can see.", 1...32),
            "hash": .text("Changes with everything that a caller can see.", 16...16, of: .hex),
        ]

        package init(title: String, version: String, hash: String) {
            self.title = title
            self.version = version
            self.hash = hash
        }
    }

    package struct Reply: Described {
        package var openrpc: String
        package var info: Info
        package var methods: [JSONValue]

        package static let fields: Fields = [
            "openrpc": .text("The version of the OpenRPC specification.", 1...16),
            "info": "Which contract this is.",
            "methods": .list("Every method, its params and reply as JSON Schema.", 0...1000),
        ]

        package init(openrpc: String, info: Info, methods: [JSONValue]) {
            self.openrpc = openrpc
            self.info = info
            self.methods = methods
        }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(
            openrpc: "1.3.2", info: Info(title: "linda-\(ProcessName.gateway.rawValue)", version: "0.2.0", hash: "00f067aa0ba902b7"),
            methods: [["name": "service.ping"]])
    )
}
