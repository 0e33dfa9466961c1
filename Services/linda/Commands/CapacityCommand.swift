import AccountContract
import ArgumentParser
import Vocabulary

/// Whether what is to be sent fits what the numbers may send.
struct CapacityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity",
        abstract: "Show what the numbers may send and have sent, what is coming, and whether it fits.",
        discussion: "linda capacity --messages 48000 --within 300"
    )
    @OptionGroup var connection: Connection
    @Option(parsing: .unconditional, help: ArgumentHelp("How many messages, to ask whether they fit.", valueName: "n")) var messages: Int?
    @Option(parsing: .unconditional, help: ArgumentHelp("Into how many seconds.", valueName: "n")) var within: Int?
    @Option(help: ArgumentHelp("marketing, utility, authentication or service.", valueName: "category")) var category = "marketing"
    @Option(parsing: .unconditional, help: ArgumentHelp("How many days back the load is looked at.", valueName: "n")) var days = 7

    func validate() throws {
        guard (messages == nil) == (within == nil) else { throw ValidationError("Give --messages and --within together.") }
        guard Message.Category(rawValue: category) != nil else {
            throw ValidationError("--category \(category) is not one of marketing, utility, authentication, service.")
        }
    }

    func run() async throws {
        let params = PlanCapacity.Params(
            days: days, category: Message.Category(rawValue: category), messages: messages, seconds: within.map { Seconds($0) })
        let reply = try await connection.call(AccountContract.self, PlanCapacity.self, params)
        let shown = await connection.shownNumbers()
        try connection.show(reply) {
            var table = Table("NUMBER", "NOW/S", "ALLOWED/S", "SENT", "PEAK/S", "PEAK IN THE HOUR FROM", "WAITS")
            for number in reply.numbers {
                table.add(
                    shown(number.account), Self.rate(number.rate), "\(number.allowed)", "\(number.messages)", "\(number.peak)",
                    number.peakAt?.asTime ?? "", number.queueTime >= .seconds(1) ? "\(number.queueTime.count / 1000) s" : "")
            }
            table.print()
            let people = reply.headroom.map { ", to \($0) new people in these 24 hours" } ?? ""
            print("\(Self.rate(reply.perSecond))/s of \(category) together\(people)")
            if reply.waiting > 0 { print("\(reply.waiting) messages wait to go out") }
            if !reply.busiest.isEmpty {
                print("busiest hours: \(reply.busiest.map { "\($0.at.asTime) (\($0.messages))" }.joined(separator: ", "))")
            }
            for item in reply.coming {
                print(
                    "\(item.enough ? "fits" : "TOO MUCH")  \(item.name): \(item.messages) from \(item.startAt.asTime) to \(item.deadline.asTime), \(Self.rate(item.perSecond))/s"
                )
            }
            if let need = reply.need { print(need.enough ? "it fits" : "it does NOT fit") }
            for line in reply.advice { print("  \(Spoken.text(line))") }
        }
        if reply.need?.enough == false || reply.coming.contains(where: { !$0.enough }) { throw ExitCode(1) }
    }

    private static func rate(_ value: Double) -> String { value >= 1e6 ? "no limit" : String(Double(Int((value * 10).rounded())) / 10) }
}
