import AccountContract
import Foundation
import Vocabulary

/// Meta's rate card as a file: lines of country, category, currency, amount and day.
enum RateCard {
    /// The prices of a text, or all that is wrong with it: one line that cannot be read keeps the others back, too.
    ///
    /// - Parameter file: what the text is called where its lines are told.
    static func read(_ text: String, from file: String) throws(Trouble) -> [Tariff] {
        var items: [Tariff] = []
        var problems: [String] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
            // A line without any text, or the names of the columns.
            if cells.allSatisfy(\.isEmpty) || index == 0 && cells.first?.lowercased() == "country" { continue }
            do throws(Trouble) { items.append(try tariff(cells)) } catch { problems.append("\(file):\(index + 1): \(error.description)") }
        }
        guard problems.isEmpty else { throw Trouble(lines: problems, "nothing was imported; correct these lines first") }
        guard !items.isEmpty else { throw Trouble("\(file): has no prices; a line is such as \(example)") }
        return items
    }

    private static let example = "IN,marketing,INR,0.8631,2026-10-01"

    private static func tariff(_ cells: [String]) throws(Trouble) -> Tariff {
        guard cells.count == 5 else {
            throw Trouble("expected country,category,currency,amount,day such as \(example); the line has \(cells.count) of these five")
        }
        guard cells[0] == "*" || cells[0].wholeMatch(of: /[A-Z]{2}/) != nil else {
            throw Trouble("\"\(cells[0])\" is no country such as IN, or * for all others")
        }
        guard let category = Message.Category(rawValue: cells[1]) else {
            let known = Message.Category.allCases.map(\.rawValue).joined(separator: ", ")
            throw Trouble("\"\(cells[1])\" is no category; it is one of \(known)")
        }
        guard let currency = Currency(argument: cells[2]) else {
            throw Trouble("\"\(cells[2])\" is no currency; it has three letters (ISO 4217), such as INR")
        }
        guard let price = Money(cells[3], currency: currency.code) else {
            throw Trouble("\"\(cells[3])\" is no amount such as 0.8631")
        }
        guard let day = Timestamp(writtenDay: cells[4]) else {
            throw Trouble("\"\(cells[4])\" is no day such as 2026-10-01, or the month has fewer days")
        }
        return Tariff(country: cells[0], category: category, price: price, from: day)
    }
}
