import AccountContract
import ArgumentParser
import Foundation
import GraphMessages
import RPCContract
import Vocabulary

/// Sends one message.
struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send one message of any type.",
        discussion: """
            linda send "+91 98765 43210" --text "Your order has left." --fallback order_update --var name=Asha --var order=4711
            linda send "+91 98765 43210" --template order_update --var name=Asha --var order=4711
            linda send "+91 98765 43210" --document https://example.org/bill.pdf --filename bill.pdf --caption "Your bill"
            linda send "+91 98765 43210" --content buttons.json

            A content file holds one member named after Meta's type, such as {"interactive": {"type": "button", …}}; "-" reads
            standard input. Everything but a template needs the customer to have written within 24 hours.
            """
    )

    @OptionGroup var connection: Connection
    @Argument(help: "Phone number with country code, or a BSUID.") var to: String
    @Option(help: ArgumentHelp("Free text.", valueName: "text")) var text: String?
    @Option(help: ArgumentHelp("A picture, by link or by the id of an upload.", valueName: "media")) var image: String?
    @Option(help: ArgumentHelp("A video.", valueName: "media")) var video: String?
    @Option(help: ArgumentHelp("A sound; with --voice a voice note.", valueName: "media")) var audio: String?
    @Option(help: ArgumentHelp("A document.", valueName: "media")) var document: String?
    @Option(help: ArgumentHelp("A sticker.", valueName: "media")) var sticker: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("A place.", valueName: "latitude,longitude")) var location: String?
    @Option(help: ArgumentHelp("An emoji on the message --reply-to; \"\" takes it back.", valueName: "emoji")) var reaction: String?
    @Option(help: ArgumentHelp("A file with the content as JSON.", valueName: "file"), completion: .file()) var content: String?
    @Option(help: ArgumentHelp("An approved template.", valueName: "name")) var template: String?
    @Option(help: ArgumentHelp("Template that is sent where the 24-hour window is closed.", valueName: "name")) var fallback: String?
    @Option(help: ArgumentHelp("The template's language; needed where there are several.", valueName: "code")) var language: String?
    @Option(name: .customLong("var"), help: ArgumentHelp("A variable of the template; repeatable.", valueName: "name=value")) var variables:
        [String] = []
    @Option(help: ArgumentHelp("Text under a picture, video or document; name of a place.", valueName: "text")) var caption: String?
    @Option(help: ArgumentHelp("A document's name.", valueName: "name")) var filename: String?
    @Flag(help: "The sound is a voice note.") var voice = false
    @Option(help: ArgumentHelp("The message that is answered.", valueName: "wamid")) var replyTo: String?
    @Option(help: ArgumentHelp("The number to send from: its id, digits or name.", valueName: "number")) var account: String?
    @Option(help: ArgumentHelp("Names this message; the same key never sends it twice.", valueName: "key")) var requestKey: String?

    func validate() throws {
        let given = [text, image, video, audio, document, sticker, location, reaction, content, template].count { $0 != nil }
        guard given == 1 else {
            throw ValidationError(
                "Give exactly one of --text, --image, --video, --audio, --document, --sticker, --location, --reaction, --content, --template."
            )
        }
        if reaction != nil, replyTo == nil { throw ValidationError("--reaction needs --reply-to, the message it is put on.") }
    }

    func run() async throws {
        var params = try params()
        if let account { params.account = try await connection.number(account) }
        let reply: SendMessage.Reply
        do { reply = try await connection.call(AccountContract.self, SendMessage.self, params) } catch var fault as Fault {
            if fault.code == .deadline {
                fault.message +=
                    " It may have been taken: with --request-key \(params.requestKey) it is sent once, however often that is repeated."
            }
            throw fault
        }
        try connection.show(reply) {
            print("\(reply.state.rawValue)  \(reply.id)\nlinda messages why \(reply.id) tells what becomes of it.")
        }
    }

    private func params() throws -> SendMessage.Params {
        var params = try content.map(read) ?? SendMessage.Params(to: to, requestKey: "")
        params.to = to
        params.requestKey = requestKey ?? "cli:\(UUID().uuidString)"
        let values = try Assignment.values(variables)
        if let text { params.text = TextMessage(body: text) }
        params.image = image.map { media($0) } ?? params.image
        params.video = video.map { media($0) } ?? params.video
        params.audio = audio.map { media($0) } ?? params.audio
        params.document = document.map { media($0) } ?? params.document
        params.sticker = sticker.map { media($0) } ?? params.sticker
        if let location { params.location = try place(location) }
        if let reaction {
            params.reaction = Reaction(messageID: replyTo ?? "", emoji: reaction)
        } else {
            params.replyTo = replyTo.map { WAMID($0) }
        }
        params.template = template.map { SendMessage.Template(name: $0, language: language, variables: values) } ?? params.template
        params.fallback = fallback.map { SendMessage.Template(name: $0, language: language, variables: values) } ?? params.fallback
        return params
    }

    private func media(_ text: String) -> MediaMessage {
        let isLink = text.contains("://")
        return MediaMessage(
            id: isLink ? nil : text, link: isLink ? text : nil, caption: caption, filename: filename, voice: voice ? true : nil)
    }

    private func place(_ text: String) throws -> Location {
        let parts = text.split(separator: ",").map { FiniteNumber(argument: $0.trimmingCharacters(in: .whitespaces))?.value }
        guard parts.count == 2, let latitude = parts[0], let longitude = parts[1] else {
            throw Trouble("--location \(text): expected latitude,longitude such as 18.5204,73.8567")
        }
        return Location(latitude: latitude, longitude: longitude, name: caption)
    }

    /// The content's members with what every message has.
    private func read(_ file: String) throws -> SendMessage.Params {
        guard !TextFile.isFolder(file) else { throw Trouble("\(file): is a folder, not a file; name a file in it") }
        let data: Data
        do {
            data = try file == "-" ? FileHandle.standardInput.readToEnd() ?? Data() : Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            throw Trouble("\(file): cannot be read: \(error.localizedDescription)")
        }
        do {
            guard case .object(var members) = try JSON.decode(JSONValue.self, from: data) else {
                throw Trouble("\(file): holds no JSON object")
            }
            members["to"] = .string(to)
            members["requestKey"] = "-"
            return try JSON.decode(SendMessage.Params.self, from: JSON.encode(.object(members)))
        } catch let error as NotJSON {
            throw Trouble("\(file): \(error)")
        } catch let error as DecodingError {
            throw Trouble("\(file): \(error.place.path) \(error.place.problem)")
        }
    }
}

/// `name=value`, as options write it.
enum Assignment {
    static func values(_ texts: [String]) throws -> [String: String] {
        var values: [String: String] = [:]
        for text in texts {
            guard let mark = text.firstIndex(of: "=") else { throw Trouble("--var \(text): expected name=value") }
            values[String(text[..<mark])] = String(text[text.index(after: mark)...])
        }
        return values
    }
}
