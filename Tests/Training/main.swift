import AccountContacts
import ConsentTexts
import Foundation
import Observability

// linda-train <folder with consent/> <file of weights>: trains the reader of withdrawals and prints how well it does.

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
    StandardStream.error.write("usage: linda-train <folder of texts> <file of weights>\n")
    exit(64)
}
do {
    let rows = try ConsentText.all(in: arguments[1], named: "train-")
    let trained = ConsentTrainer.trained(rows)
    try trained.source(of: rows).write(toFile: arguments[2], atomically: true, encoding: .utf8)
    let tests = try ConsentText.all(in: arguments[1], named: "test-")
    for hand in Set(tests.map(\.hand)).sorted() {
        print(ConsentReport(tests.filter { $0.hand == hand }, learnt: rows, trained.classifier).line(hand))
    }
} catch {
    StandardStream.error.write("linda-train: \(error)\n")
    exit(1)
}
