import GraphAPI
import Testing
import Vocabulary

/// What Meta's codes mean and what is done about them.
@Suite struct GraphErrorTests {
    @Test(arguments: [
        (130429, GraphError.Class.retry), (131056, .retry), (80007, .retry), (131000, .ambiguous), (2, .ambiguous), (131049, .delay),
        (132015, .delay), (131026, .never), (100, .never), (190, .never), (205, .never), (999_999, .never),
    ])
    func codesHaveTheirClass(code: Int, expected: GraphError.Class) {
        #expect(GraphError(code: code, status: 400, details: "").errorClass == expected)
        #expect(GraphError(inStatus: code, details: "").errorClass == expected, "the same in a status")
    }

    @Test(arguments: [
        (502, GraphError.Class.ambiguous), (408, .ambiguous), (200, .ambiguous), (429, .retry), (401, .never), (404, .never), (302, .retry),
        (511, .retry),
    ])
    func anAnswerWithoutCodeIsReadByItsStatus(status: Int, expected: GraphError.Class) {
        #expect(GraphError(code: nil, status: status, details: "").errorClass == expected)
    }

    /// What a code is told to be agrees with what is done about it, on every row.
    @Test func everyRowIsOfOnePiece() throws {
        #expect(GraphErrorCode.all.count >= 94)
        for code in GraphErrorCode.all {
            let row = try #require(GraphErrorCode.of(code))
            let error = GraphError(code: code, status: 400, details: "d")
            #expect(error.measures == row.measures && error.errorClass == row.errorClass)
            switch row.errorClass {
            case .retry: #expect(error.fate == .again, "\(code)")
            case .ambiguous: #expect(error.fate == .awaitsStatus, "\(code)")
            case .delay, .never:
                #expect((error.fate == .again) == !row.measures.isDisjoint(with: [.holdNumber, .restNumber, .restTemplates]), "\(code)")
            }
            // Nothing of the number, its account or the token goes out, so nothing of it may fail for that either; but for
            // 131048, which is about what the number begins and would grow worse by waiting.
            if row.errorClass == .never, [.number, .account, .token].contains(row.scope), code != 131048 {
                #expect(row.measures.subtracting([.holdToken, .holdAccount, .lockAccount]) == [.holdNumber], "\(code)")
            }
            // Each says more about a hold that there is.
            if row.measures.contains(.holdToken) { #expect(row.measures.contains(.holdNumber) && row.scope == .token, "\(code)") }
            if row.measures.contains(.lockAccount) { #expect(row.measures.contains(.holdAccount), "\(code)") }
            if row.measures.contains(.pauseCampaign) { #expect(row.scope == .template, "\(code)") }
            #expect(row.meaning.hasSuffix(".") && row.nextStep.hasSuffix("."), "\(code)")
            #expect(error.explanation.contains(row.meaning) && error.explanation.hasSuffix(row.nextStep), "\(code)")
        }
        let taken = Set(GraphErrorCode.all.flatMap { GraphErrorCode.of($0)?.measures ?? [] })
        #expect(taken == Set(GraphError.Measure.allCases))
    }

    /// One question for the code and the subcode by which Meta says that an id is not there.
    @Test(
        arguments: [
            (33, nil, true), (100, 33, true), (100, nil, false), (100, 2_494_055, false), (190, 33, false), (nil, 33, false),
        ] as [(Int?, Int?, Bool)])
    func anIdThatIsNotThereIsMissing(code: Int?, subcode: Int?, isMissing: Bool) {
        let error = GraphError(code: code, subcode: subcode, status: 400, details: "")
        #expect(error.isMissing == isMissing)
    }

    @Test func whatIsNotKnownSpeaksWithMetasOwnWords() {
        let unknown = GraphError(code: 424_242, status: 400, details: "Something new")
        #expect(unknown.explanation == "Something new" && unknown.fate == .fails && unknown.measures.isEmpty)
        #expect(GraphError(code: 424_242, status: 500, details: "", isTransient: true).fate == .awaitsStatus)
        #expect(GraphError(code: 424_242, status: 400, details: "", isTransient: true).fate == .awaitsStatus)
        // The answer's status tells whether it is worth while, and whether it may have been carried out.
        for status in [408, 500, 503] { #expect(GraphError(code: 424_242, status: status, details: "").fate == .awaitsStatus) }
        #expect(GraphError(code: 424_242, status: 429, details: "").fate == .again)
        #expect(GraphError(inStatus: 424_242, details: "").fate == .fails)
        // A proxy's refusal is nothing that the message did.
        #expect(GraphError(code: nil, status: 403, details: "").measures == [.holdNumber])
        #expect(GraphError(code: nil, status: 403, details: "").fate == .again)
        #expect(GraphError(inStatus: 131026, details: "x").description == "Meta's status says failed, code 131026: x")
    }
}
