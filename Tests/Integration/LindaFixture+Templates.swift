import Foundation
import HTTPClient
import RPCContract
import SandboxContract
import Support
import Vocabulary

/// Templates on Meta's side.
extension LindaFixture {
    /// Meta has a template no more, and tells nobody.
    func dropTemplate(_ name: String) async throws {
        let graph = try await call(SandboxContract.self, SandboxAddress.self, Nothing()).graphURL
        let headers = ["Authorization: Bearer \(try credential("graph-token"))"]
        let answer = try await HTTPClient(connectionsPerHost: 1).perform(
            HTTPRequest(.delete, "\(graph)/v24.0/\(Self.waba)/message_templates?name=\(name)", headers: headers))
        guard answer.status == 200 else { throw Failure(description: "the template is not deleted: \(answer.status)") }
    }
}
