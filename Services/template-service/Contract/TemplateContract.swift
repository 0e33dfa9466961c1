package import RPCContract
import Vocabulary

/// What template-service answers.
package enum TemplateContract: Contract {
    package static let process = ProcessName.templateService.rawValue
    package static let version = "0.18.0"
    package static let methods: [any RPCMethod.Type] = [
        CreateTemplate.self, GetTemplate.self, ListTemplates.self, DeleteTemplate.self, ValidateTemplate.self, RenderTemplate.self,
        RenderTemplateBatch.self, ComposeTemplate.self, ComposeTemplateBatch.self, SubmitReview.self, ReviewStatus.self,
        RecordTemplateEvent.self, CreateExperiment.self, ExperimentStatus.self, ListExperiments.self, StopExperiment.self,
        AssignExperiment.self, RecordExperiment.self,
    ]
}

extension FaultCode {
    package static let templateUnknown = FaultCode(
        number: 2100, reason: "template_unknown", http: 404, meaning: "No such template in that language.")
    package static let templateTaken = FaultCode(
        number: 2101, reason: "template_taken", http: 409, meaning: "Name and language are taken by another text.")
    package static let templateInvalid = FaultCode(
        number: 2102, reason: "template_invalid", http: 422, meaning: "The template breaks rules; each mistake is told with its place.")
    package static let variableMissing = FaultCode(
        number: 2103, reason: "variable_missing", http: 422, meaning: "A variable has neither value nor default.")
    package static let templateNotApproved = FaultCode(
        number: 2104, reason: "template_not_approved", http: 409, meaning: "Meta has not approved the template.")
    package static let variableUnknown = FaultCode(
        number: 2106, reason: "variable_unknown", http: 422, meaning: "The template has no variable of this name.")
    package static let languageNeeded = FaultCode(
        number: 2107, reason: "language_needed", http: 422, meaning: "The template has several languages, and none was named.")
    package static let reviewRefused = FaultCode(
        number: 2105, reason: "review_refused", http: 422, meaning: "Meta did not take the template for review.")
}
