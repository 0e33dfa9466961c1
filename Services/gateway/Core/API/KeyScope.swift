import Foundation
import GatewayContract
import RPCContract
import Vocabulary

/// Which numbers whoever asks may send from and ask for.
struct KeyScope {
    private let numbers: Set<String>?
    private let isOfHost: Bool
    private let end: Timestamp?

    /// The member that names a number, whatever the method calls it.
    private static let names = ["account", "phoneNumberID"]

    init(_ asker: Asker) {
        numbers = asker.numbers.map { Set($0.map(\.rawValue)) }
        isOfHost = asker.isOfHost
        end = asker.end
    }

    /// The params as the key may ask them: a number that was left out is the key's, where it has one.
    func narrowed(_ params: Data, _ entry: RouteTable.Entry) throws(Fault) -> Data {
        let schema: Schema
        do { schema = try entry.schema() } catch {
            throw Fault(.internal, "The params of \(entry.method.name) cannot be read.", cause: error)
        }
        guard end == nil || !entry.route.givesWithoutEnd else {
            throw Fault(
                .roleTooLow,
                "The key ends by itself, and what \(entry.method.name) gives does not: use a key without an end, or a session of an owner.")
        }
        try checkReach(params, schema)
        guard let numbers else { return params }
        guard entry.method.effect == .read || entry.route.isOfNumber else {
            throw Fault(
                .numberForeign, "\(entry.method.name) changes more than one number's, and the key is for some; use a key for all numbers.")
        }
        guard let name = Self.names.first(where: { name in schema.members.contains { $0.name == name } }) else {
            // By an id of ours; whose it is shows in the answer.
            guard entry.method.effect == .read, entry.route.captures == ["id"] else {
                throw Fault(
                    .numberForeign, "\(entry.method.name) is not about one number, and the key is for some; use a key for all numbers.")
            }
            return params
        }
        let value: JSONValue
        do { value = try JSON.decode(JSONValue.self, from: params) } catch { throw error.fault }
        guard case .object(var members) = value else {
            throw Fault(.parse, "The params are not one JSON object.")
        }
        if let given = members[name] {
            guard let number = given.string, numbers.contains(number) else {
                throw Fault(
                    .numberForeign, "The key is for \(Self.list(numbers)); name one of its numbers, or use a key for this one.", path: name)
            }
            return params
        }
        guard numbers.count == 1, let only = numbers.first else {
            throw Fault(.numberForeign, "The key is for \(Self.list(numbers)); \(name) says which of them.", path: name)
        }
        members[name] = .string(only)
        return JSON.encode(.object(members))
    }

    /// A key's own numbers, of many the first.
    private static func list(_ numbers: Set<String>) -> String {
        let told = numbers.sorted().prefix(5).joined(separator: ", ")
        return numbers.isEmpty ? "no number" : numbers.count > 5 ? "\(told) and \(numbers.count - 5) more" : told
    }

    /// Refuses an answer that was found by an id of ours and is not of the key's numbers.
    func check(_ reply: Data, of entry: RouteTable.Entry) throws(Fault) {
        guard let numbers, entry.route.captures == ["id"] else { return }
        let account = (try? JSONMembers(object: reply))?["account"] ?? Data()  // what names no number is not shown
        guard let number = try? JSON.decode(String.self, from: account), numbers.contains(number) else {
            throw Fault(.numberForeign, "What was asked for is of a number that the key is not for; use a key for that number.")
        }
    }

    /// Nobody gives a key, or sees keys, that reach further than the own, or outlast it.
    private func checkReach(_ params: Data, _ schema: Schema) throws(Fault) {
        // Few methods have either, and what has not refuses it as unknown: a message is not read once more for that.
        guard schema.members.contains(where: { ["ofHost", "expiresAt"].contains($0.name) }) else { return }
        let members: JSONMembers
        do { members = try JSONMembers(object: params) } catch { throw Fault(.parse, "The params are not one JSON object.") }
        if !isOfHost, members["ofHost"] == Data("true".utf8) {
            throw Fault(.workspaceForeign, "Only a key or a user of the whole host makes such ones and sees them.", path: "ofHost")
        }
        guard let end, schema.members.contains(where: { $0.name == "expiresAt" }) else { return }
        let asked = members["expiresAt"].flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
        guard let asked, asked <= end.milliseconds else {
            throw Fault(.roleTooLow, "The key ends by itself: what it gives has an `expiresAt` that is not later.", path: "expiresAt")
        }
    }
}
