import AccountContacts
import ConsentTexts
import Foundation
import Vocabulary

/// Trains the reader of withdrawals and says how well it does on texts that it never saw.
///
/// The same texts and the same seed give the same weights.
struct ConsentTrainer {
    struct Model {
        var weights = [Float](repeating: 0, count: OptFeatures.places)
        var bias: Float = 0

        func score(_ indices: [Int]) -> Float {
            indices.reduce(into: Float(0)) { $0 += weights[$1] } / Float(max(1, indices.count)).squareRoot() + bias
        }
    }

    /// The same numbers every time.
    private static func random() -> SeededGenerator { SeededGenerator(seed: 20_261_127) }

    /// A logistic model by AdaGrad; what a careful clerk would ask about is left out.
    static func train(_ rows: [ConsentText], epochs: Int = 25) -> Model {
        var random = random()
        let ordinary = Dictionary(grouping: rows.filter { $0.label == "none" }, by: \.language).mapValues { $0.map(\.text) }
        var examples: [(indices: [Int], target: Float)] = []
        for row in rows where row.label != "unsure" {
            let target: Float = row.label == "stop" ? 1 : 0
            examples.append((OptFeatures(OptText(row.text)).indices, target))
            // People mistype; a share of the texts is learnt with a slip as well.
            if random.next() % 10 < 4, let slipped = slip(row.text, &random) {
                examples.append((OptFeatures(OptText(slipped)).indices, target))
            }
            // Two matters come in one message: one withdrawal among them is a withdrawal.
            if random.next() % 10 < 3, let other = ordinary[row.language]?.randomElement(using: &random) {
                let both = random.next() % 2 == 0 ? "\(other). \(row.text)" : "\(row.text). \(other)"
                examples.append((OptFeatures(OptText(both)).indices, target))
            }
        }
        var model = Model()
        var squares = [Float](repeating: 1e-3, count: OptFeatures.places)
        for _ in 0..<epochs {
            examples.shuffle(using: &random)
            for (indices, target) in examples {
                let share = 1 / Float(max(1, indices.count)).squareRoot()
                let error = 1 / (1 + exp(-model.score(indices))) - target
                for index in indices {
                    let gradient = error * share + 2e-6 * model.weights[index]
                    squares[index] += gradient * gradient
                    model.weights[index] -= 0.25 * gradient / squares[index].squareRoot()
                }
                model.bias -= 0.01 * error
            }
        }
        return model
    }

    /// One word with a letter lost, doubled or swapped, or without its vowels.
    static func slip(_ text: String, _ random: inout SeededGenerator) -> String? {
        var words = text.split(separator: " ").map(Array.init)
        let long = words.indices.filter { words[$0].count >= 4 }
        guard let chosen = long.randomElement(using: &random) else { return nil }
        let place = Int.random(in: 1..<(words[chosen].count - 1), using: &random)
        switch random.next() % 4 {
        case 0: words[chosen].remove(at: place)
        case 1: words[chosen].swapAt(place, place + 1)
        case 2: words[chosen].insert(words[chosen][place], at: place)
        default: words[chosen] = [words[chosen][0]] + words[chosen].dropFirst().filter { !"aeiou".contains($0) }
        }
        return words.map { String($0) }.joined(separator: " ")
    }

    /// Slope and shift that turn scores into probabilities (Platt), by gradient descent.
    static func calibrate(_ scored: [(score: Float, isStop: Bool)]) -> (slope: Float, shift: Float) {
        var slope: Float = 1
        var shift: Float = 0
        for _ in 0..<2000 {
            var slopeGradient: Float = 0
            var shiftGradient: Float = 0
            for (score, isStop) in scored {
                let error = 1 / (1 + exp(-(slope * score + shift))) - (isStop ? 1 : 0)
                slopeGradient += error * score
                shiftGradient += error
            }
            slope -= 0.1 * slopeGradient / Float(scored.count)
            shift -= 0.1 * shiftGradient / Float(scored.count)
        }
        return (slope, shift)
    }

    /// Each row's score by a model that never saw its part of ten.
    static func held(_ rows: [ConsentText]) -> [(score: Float, row: ConsentText)] {
        var random = random()
        let shuffled = rows.shuffled(using: &random)
        return (0..<10).flatMap { part in
            let model = train(shuffled.enumerated().filter { $0.offset % 10 != part }.map(\.element))
            return shuffled.enumerated().filter { $0.offset % 10 == part }
                .map { (model.score(OptFeatures(OptText($0.element.text)).indices), $0.element) }
        }
    }

    /// A model as it is shipped.
    struct Trained {
        var weights: [Int8]
        var scale: Float
        var bias: Float

        var classifier: OptClassifier { OptClassifier(weights: weights, scale: scale, bias: bias) }

        /// The file of weights.
        func source(of rows: [ConsentText]) -> String {
            let text = Data(weights.map { UInt8(bitPattern: $0) }).base64EncodedString()
            var lines: [Substring] = []
            var rest = text[...]
            while !rest.isEmpty {
                lines.append(rest.prefix(256))
                rest = rest.dropFirst(256)
            }
            return """
                // swift-format-ignore-file
                // Written by `make train` from Tests/Training/consent; not to be edited.

                /// The weights of `OptClassifier`, one byte for each place of the table.
                enum OptWeights {
                    /// What the training texts come to, by which a test sees that the weights are theirs.
                    static let fingerprint: UInt64 = \(ConsentTrainer.fingerprint(rows))
                    static let scale: Float = \(scale)
                    static let bias: Float = \(bias)
                    static let base64 = \"\"\"
                \(lines.map { "        \($0)" }.joined(separator: "\n"))
                        \"\"\"
                }

                """
        }
    }

    /// Trains on all rows, turns scores into probabilities by what ten models say of rows that they did not see, and rounds.
    static func trained(_ rows: [ConsentText]) -> Trained {
        let held = held(rows).filter { $0.row.label != "unsure" }
        let (slope, shift) = calibrate(held.map { ($0.score, $0.row.label == "stop") })
        let model = train(rows)
        let weights = model.weights.map { $0 * slope }
        // The few heaviest are cut, so that the many light ones keep their differences.
        let heaviest = weights.map { abs($0) }.sorted(by: >)[40]
        let scale = heaviest / 127
        return Trained(
            weights: weights.map { Int8(max(-127, min(127, ($0 / scale).rounded()))) }, scale: scale, bias: model.bias * slope + shift)
    }

    /// FNV-1a of labels and texts.
    static func fingerprint(_ rows: [ConsentText]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for row in rows {
            for byte in "\(row.label)\t\(row.text)\n".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return hash
    }
}
