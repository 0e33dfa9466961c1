import TemplateContract
import Vocabulary

/// Gives each person their template of an experiment: by the person and the experiment's name, so that it never changes.
struct ExperimentAssignment {
    let templates: [String]
    private let shares: [Int]
    private let seed: UInt64

    init(_ experiment: Experiment) {
        let variants = experiment.winner.map { [Experiment.Variant(template: $0, share: 1)] } ?? experiment.variants
        templates = variants.map(\.template)
        shares = variants.map(\.share)
        seed = FNV1a.hash(experiment.name)
    }

    /// Which of the templates, counted from 0.
    func choice(_ contact: ContactID) -> Int {
        // Another experiment shares the same people out anew: those of the first are not all in one part of the second.
        var generator = SeededGenerator(seed: FNV1a.hash(contact.rawValue, seed: seed))
        var place = Int(generator.next() % UInt64(shares.reduce(0, +)))
        for (index, share) in shares.enumerated() {
            if place < share { return index }
            place -= share
        }
        return 0
    }
}
