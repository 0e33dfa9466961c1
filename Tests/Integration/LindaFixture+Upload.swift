import Foundation
import HTTPClient
import RPCContract
import SandboxContract
import SandboxCore
import Support
import Testing

/// Files on Meta's side.
extension LindaFixture {
    /// Uploads a sample of a kind; Meta's id of it.
    func upload(_ kind: String) async throws -> String {
        let sample = try #require(MediaSamples.sample(kind))
        let graph = try await call(SandboxContract.self, SandboxAddress.self, Nothing()).graphURL
        var form = Data("--X\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n".utf8)
        form += Data(
            "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: \(sample.mimeType)\r\n\r\n".utf8)
        form += sample.data + Data("\r\n--X--\r\n".utf8)
        let headers = [
            "Authorization: Bearer \(try credential("graph-token"))", "Content-Type: multipart/form-data; boundary=X",
        ]
        let answer = try await HTTPClient(connectionsPerHost: 1).perform(
            HTTPRequest(.post, "\(graph)/v24.0/\(Self.numbers[0])/media", headers: headers, body: .bytes(form)))
        return try #require(JSON.decode(JSONValue.self, from: answer.body)["id"]?.string)
    }
}
