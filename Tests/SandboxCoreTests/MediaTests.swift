import Foundation
import Testing

@testable import SandboxCore

@Suite struct MediaTests {
    private func read(_ body: String, _ type: String = "multipart/form-data; boundary=XX") -> MultipartForm? {
        MultipartForm(Data(body.replacing("\n", with: "\r\n").utf8), contentType: type)
    }

    private let whole = """
        --XX
        Content-Disposition: form-data; name="messaging_product"

        whatsapp
        --XX
        content-disposition: form-data; name="file"; filename="a.png"
        Content-Type: image/PNG

        one
        two
        --XX--

        """

    @Test func aFormIsReadWhole() throws {
        let form = try #require(read(whole))
        #expect(form.text("messaging_product") == "whatsapp")
        #expect(form["file"]?.filename == "a.png" && form["file"]?.contentType == "image/png")
        #expect(form["file"]?.data == Data("one\r\ntwo".utf8))
        #expect(form["nothing"] == nil)
    }

    @Test func halfAFormIsNone() throws {
        for length in 0..<(whole.utf8.count - 3) { #expect(read(String(whole.prefix(length))) == nil, "the first \(length) characters") }
        for type in ["", "multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=YY"] {
            #expect(read(whole, type) == nil)
        }
        let many = String(repeating: "--XX\nContent-Disposition: form-data; name=\"a\"\n\nb\n", count: 33) + "--XX--\n"
        #expect(read(many) == nil)
    }

    @Test func aShelfIsBounded() {
        var shelf = MediaShelf()
        let megabyte = Data(repeating: 1, count: 1 << 20)
        let first = shelf.put(megabyte, mimeType: "image/png", filename: nil, number: 0, expires: 10)
        #expect(shelf.find(first.id, at: 9) != nil && shelf.find(first.id, at: 10) == nil)
        for number in 1...64 { _ = shelf.put(megabyte, mimeType: "image/png", filename: nil, number: UInt64(number), expires: 10) }
        #expect(shelf.find(first.id, at: 0) == nil, "64 MiB are kept, the oldest goes first")
        for number in 100...1200 { _ = shelf.put(Data([1]), mimeType: "image/png", filename: nil, number: UInt64(number), expires: 10) }
        let removed = ["1000000000000100", "1000000000001200", "1000000000001200"].map { shelf.remove($0) }
        #expect(removed == [false, true, false], "1,000 files are kept")
    }

    @Test(arguments: [
        ("image/png", 0, "empty"), ("image/png", 5 << 20, nil), ("image/png", (5 << 20) + 1, "may have"), ("image/gif", 1, "image/gif"),
    ])
    func whatMetaTakesNotIsTold(type: String, bytes: Int, told: String?) {
        let problem = MediaShelf.problem(mimeType: type, bytes: bytes)
        #expect(told.map { problem?.contains($0) == true } ?? (problem == nil))
    }

    @Test func eachKindHasASampleThatMetaTakes() {
        for (kind, limits) in MediaShelf.types {
            let sample = MediaSamples.sample(kind)
            #expect(
                sample.map { limits.types.contains($0.mimeType) && MediaShelf.problem(mimeType: $0.mimeType, bytes: $0.data.count) == nil }
                    == true)
        }
    }
}
