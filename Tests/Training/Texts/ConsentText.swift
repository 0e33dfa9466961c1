import AccountContacts
import Foundation

/// One text of Tests/Training/consent, with what its hand says that it means.
package struct ConsentText: Sendable {
    package var label: String
    package var language: String
    package var text: String
    /// The file that it stands in: a file has the texts of one hand.
    package var hand: String

    package init(label: String, language: String, text: String, hand: String) {
        self.label = label
        self.language = language
        self.text = text
        self.hand = hand
    }

    /// Why a file is none of texts.
    package struct Unreadable: Error, CustomStringConvertible {
        package var description: String
    }

    /// The texts of a folder's files whose names begin alike; a line is label, language and text between tabs.
    package static func all(in folder: String, named prefix: String) throws -> [ConsentText] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(prefix) && $0.hasSuffix(".tsv") }.sorted()
            .flatMap { file in
                try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8).split(separator: "\n").map { line in
                    let fields = line.split(separator: "\t", maxSplits: 2).map(String.init)
                    guard fields.count == 3 else {
                        throw Unreadable(description: "\(file): a line has \(fields.count) fields: \(line.prefix(40))")
                    }
                    return ConsentText(label: fields[0], language: fields[1], text: fields[2], hand: file)
                }
            }
    }

    /// Those that stand nowhere in what is learnt: how well a text is read that was learnt word for word tells nothing.
    ///
    /// - Parameter learnt: the `words` of what is learnt.
    package static func unlearnt(_ texts: [ConsentText], besides learnt: Set<String>) -> [ConsentText] {
        texts.filter { !learnt.contains($0.words) }
    }

    /// The words as the reader sees them, without marks; the text itself where it has none, such as a sign.
    package var words: String {
        let words = OptText(text).words.filter { !",.!?".contains($0) }
        return words.isEmpty ? text : words.joined(separator: " ")
    }
}
