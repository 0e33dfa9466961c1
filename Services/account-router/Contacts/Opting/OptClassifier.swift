import Foundation

/// How likely a text withdraws consent: a logistic model of its words, trained on texts that people of several hands wrote.
///
/// `make train` makes the weights from Tests/Training/consent; docs/consent.md says how well it does on texts that it did not learn.
package struct OptClassifier: Sendable {
    private let weights: [Int8]
    private let scale: Float
    private let bias: Float

    package init(weights: [Int8], scale: Float, bias: Float) {
        self.weights = weights
        self.scale = scale
        self.bias = bias
    }

    /// The one that was trained.
    package static let trained: OptClassifier = {
        let weights =
            Data(base64Encoded: OptWeights.base64, options: .ignoreUnknownCharacters).map { $0.map { Int8(bitPattern: $0) } } ?? []
        return OptClassifier(weights: weights, scale: OptWeights.scale, bias: OptWeights.bias)
    }()

    /// The calibrated probability, between 0 and 1.
    package func probability(_ text: OptText) -> Float {
        let indices = OptFeatures(text).indices
        guard weights.count == OptFeatures.places, !indices.isEmpty else { return 0 }
        let sum = indices.reduce(into: 0) { $0 += Int(weights[$1]) }
        return 1 / (1 + exp(-(Float(sum) * scale / Float(indices.count).squareRoot() + bias)))
    }
}
