import Foundation
import RPCContract
import Testing

@testable import GatewayCore

/// Whoever asks for events of a type that there is not is told.
@Suite struct EventTypesTests {
    private func fault(_ types: [String]) -> Fault? {
        do throws(Fault) { try EventTypes.check(types) } catch { return error }
        return nil
    }

    @Test(arguments: [
        ("message.faild", "did you mean message.failed?"), ("mesage.sent", "did you mean message.sent?"),
        ("Message.Failed", "did you mean message.failed?"),
        ("campaign.begun-by-somebody", "there are campaign.cancelled, campaign.finished"),
        ("weather", "the kinds are account, campaign"), ("", "the kinds are account"),
    ])
    func aMisspeltTypeIsToldItsNearest(type: String, words: String) {
        let fault = fault(["message.sent", type])
        #expect(fault?.code == .params && fault?.path == "types[1]", "\(String(describing: fault))")
        #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "taken")")
    }

    @Test func whatThereIsMayBeAskedFor() {
        #expect(fault([]) == nil)
        for type in ["message.queued", "order.created", "template.approved", "consent.marketing_stopped", "meta.something_of_tomorrow"] {
            #expect(fault([type]) == nil, "\(type)")
        }
    }

    /// Whatever a process appends to its log under a name of its own can be asked for.
    @Test func everyTypeInTheSourcesIsKnown() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let services = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Services")
        let files = try #require(FileManager.default.enumerator(at: services, includingPropertiesForKeys: nil))
        var found: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let source = try String(contentsOf: file, encoding: .utf8)
            for call in source.matches(of: /append\(\s*db,(?:(?!\bappend\(|data:)[^;]){0,160}/) {
                for literal in call.output.matches(of: /"([a-z]+\.[a-zA-Z]+)"/) { found.insert(String(literal.output.1)) }
            }
        }
        #expect(found.count > 15 && found.isSubset(of: EventTypes.known), "\(found.subtracting(EventTypes.known).sorted())")
    }
}
