import Testing

@testable import AccountContacts

/// What the classifier sees of a text.
@Suite struct OptFeaturesTests {
    @Test func aTextHasItsPlacesOnceAndInOrder() {
        for text in ["", "stop", "please stop sending me these offers, ok?", "मैसेज भेजना बंद करो"] {
            let indices = OptFeatures(OptText(text)).indices
            #expect(indices == Set(indices).sorted() && indices.allSatisfy { (0..<OptFeatures.places).contains($0) }, "\(text)")
        }
        #expect(OptFeatures(OptText("STOP!")).indices == OptFeatures(OptText("stop !")).indices)
        #expect(OptFeatures(OptText("stop it")).indices != OptFeatures(OptText("it stop")).indices)
    }

    @Test func conceptsAreAlikeInAllLanguages() {
        #expect(OptConcept.of("stop") == .stop && OptConcept.of("unsubscribe") == .unsubscribe && OptConcept.of("zebra") == nil)
        for concept in OptConcept.allCases { #expect(Int(concept.rawValue) < OptFeatures.places) }
    }

    @Test(arguments: [
        ("don't stop the messages", true), ("please do not ever stop", true), ("stop the messages", false),
        ("i don't want messages", false),
        ("मैसेज बंद मत करो", true), ("मेसेज बंद करू नका", true), ("मैसेज बंद करो", false),
    ])
    func aDenialIsNoStop(text: String, isDenied: Bool) {
        #expect(OptDenial.isFound(OptText(text).words) == isDenied, "\(text)")
    }

    @Test(arguments: [
        ("not getting any messages", true), ("never received it", true), ("not getting this, stop", false), ("getting it", false),
    ])
    func whatIsMissedIsNoWishToEnd(text: String, isMissing: Bool) {
        #expect(OptDenial.isOfMissing(OptText(text).words) == isMissing, "\(text)")
    }

    @Test func aTableOfAnotherSizeDecidesNothing() {
        let text = OptText("stop")
        #expect(OptClassifier(weights: [1, 2, 3], scale: 1, bias: 9).probability(text) == 0)
        let even = OptClassifier(weights: Array(repeating: 0, count: OptFeatures.places), scale: 1, bias: 0)
        #expect(even.probability(text) == 0.5)
        let trained = OptClassifier.trained
        #expect(trained.probability(OptText("stop sending me messages")) > trained.probability(OptText("where is my order")))
    }
}
