import GraphAPI
import RPCContract
import TemplateContract
import Testing
import Vocabulary

@testable import TemplateCore

@Suite struct ReviewFaultTests {
    private func fault(_ code: Int?, subcode: Int? = nil, status: Int = 400, isAtMeta: Bool = false) -> Fault {
        let error = GraphError(code: code, subcode: subcode, status: status, details: "Meta's own words.")
        return TemplateReview.fault(.refused(error), WABAID("1"), isAtMeta: isAtMeta)
    }

    /// Another name helps against neither an expired token nor a bill that is due.
    @Test(arguments: [190, 10, 200, 131042, nil]) func aRefusedRequestIsNotTheTemplates(code: Int?) {
        let fault = fault(code)
        #expect(fault.message.hasPrefix("Meta refused the request, not the template: Meta's own words. "), "\(fault.message)")
        #expect(!fault.message.contains("another name") && fault.message.hasSuffix("Then submit it again."), "\(fault.message)")
    }

    @Test func theNextStepForATokenIsTold() { #expect(fault(190).message.contains("graph-token")) }

    @Test(arguments: [4, 80007, 2]) func whatPassesIsTriedAgain(code: Int) {
        let fault = fault(code)
        #expect(fault.code == .unavailable && fault.message.contains("says nothing of the template"), "\(fault.message)")
    }

    @Test(arguments: [100, 132007, 2_388_039, 999_999]) func aRefusedTemplateIsToldSo(code: Int) {
        let fault = fault(code)
        #expect(fault.code == .reviewRefused && fault.message.hasPrefix("Meta does not take the template: "), "\(fault.message)")
    }

    @Test(arguments: [(33, nil), (100, 33)] as [(Int, Int?)]) func anAccountThatIsNotThereIsTheAccountsFault(code: Int, subcode: Int?) {
        let fault = fault(code, subcode: subcode)
        #expect(fault.code == .reviewRefused && fault.path == "wabaID", "\(fault.message)")
    }

    /// What Meta has not kept can be corrected under its name; of what it has, it keeps name and language.
    @Test func whetherTheNameIsFreeIsTold() {
        let free = fault(100).message
        #expect(free.contains("template.delete") && free.contains("the new one may have the same name"), "\(free)")
        let taken = fault(100, isAtMeta: true).message
        #expect(taken.hasSuffix("a corrected one needs another name.") && !taken.contains("template.delete"), "\(taken)")
    }
}
