package import RPCContract
import Vocabulary

/// What account-router answers.
package enum AccountContract: Contract {
    package static let process = ProcessName.accountRouter.rawValue
    package static let version = "0.36.0"
    package static let methods: [any RPCMethod.Type] = [
        AddAccount.self, ListAccounts.self, GetAccount.self, UpdateAccount.self, DeleteAccount.self, PromoteAccount.self,
        SwitchAccount.self, AccountHealth.self, LinkAccount.self, ConfirmLink.self, UnlinkAccount.self, PreviewRoute.self,
        PreferRoute.self, SetStrategy.self, GetStrategy.self, SetPortfolio.self, ListPortfolios.self, QualityStatus.self,
        RevertQuality.self, ReleaseAccount.self, RecordConsent.self, GetConsent.self, ListConsents.self,
        SendMessage.self, GetMessage.self, ExplainMessage.self, RetryMessage.self, ListMessages.self, MessageStatistics.self,
        MarkMessageRead.self,
        CreateBroadcastList.self, AddToBroadcastList.self, RemoveFromBroadcastList.self, GetBroadcastList.self,
        ListBroadcastLists.self, DeleteBroadcastList.self, PlanCampaign.self, StartCampaign.self, PauseCampaign.self,
        ResumeCampaign.self, CancelCampaign.self, CampaignStatus.self, ListCampaigns.self, RetryCampaign.self, SetCampaignBudget.self,
        CampaignResults.self, ListRecurrences.self, SkipRecurrence.self, UnskipRecurrence.self, StopRecurrence.self,
        CreateBatch.self, AddToBatch.self, ProcessBatch.self, BatchStatus.self, ListBatches.self, PauseBatch.self, ResumeBatch.self,
        CancelBatch.self, CreateWindow.self, ListWindows.self, DeleteWindow.self, ImportTariffs.self, ListTariffs.self,
        CostAnalytics.self, DeliveryAnalytics.self, SLAAnalytics.self, PlanCapacity.self,
        RecordInbound.self, RecordContactChange.self, RecordStatuses.self, RecordAccountEvent.self, RecordTemplateCategory.self,
        RecordEcho.self, NameCustomers.self, RecordHistoryProgress.self,
        GetConversationWindow.self,
    ]
}

extension FaultCode {
    package static let accountUnknown = FaultCode(
        number: 3100, reason: "account_unknown", http: 404, meaning: "No such number is configured.")
    package static let accountTaken = FaultCode(
        number: 3101, reason: "account_taken", http: 409, meaning: "The number is configured already.")
    package static let noRoute = FaultCode(number: 3102, reason: "no_route", http: 409, meaning: "No enabled number can send it.")
    package static let linkState = FaultCode(
        number: 3103, reason: "link_state", http: 409, meaning: "The step makes no sense in the number's present state.")
    package static let stepUnknown = FaultCode(
        number: 3104, reason: "step_unknown", http: 404, meaning: "No such step that could be taken back.")
    package static let stepOvertaken = FaultCode(
        number: 3105, reason: "step_overtaken", http: 409, meaning: "A later step holds, which would have to be taken back first.")
    package static let stepOfMeta = FaultCode(
        number: 3106, reason: "step_of_meta", http: 409, meaning: "Meta has decided it: the step ends at Meta's side only.")
    package static let messageUnknown = FaultCode(number: 3200, reason: "message_unknown", http: 404, meaning: "No such message.")
    package static let windowClosed = FaultCode(
        number: 3201,
        reason: "window_closed",
        http: 409,
        meaning: "More than 24 hours since the customer last wrote: only a template may be sent."
    )
    package static let requestKeyReused = FaultCode(
        number: 3202,
        reason: "request_key_reused",
        http: 409,
        meaning: "The request key belongs to another message."
    )
    package static let templateRefused = FaultCode(
        number: 3203,
        reason: "template_refused",
        http: 422,
        meaning: "template-service does not compose it: unknown, not approved, or a variable is missing."
    )
    package static let messageNotFailed = FaultCode(
        number: 3204, reason: "message_not_failed", http: 409, meaning: "Only a failed message can be sent again.")
    package static let metaRefused = FaultCode(
        number: 3205, reason: "meta_refused", http: 422, meaning: "Meta refused the request; upstream has its code.")
    package static let messageRetried = FaultCode(
        number: 3206, reason: "message_retried", http: 409, meaning: "The message's content has been sent again already.")
    package static let messageUnclear = FaultCode(
        number: 3207, reason: "message_unclear", http: 409, meaning: "Nobody knows whether Meta has sent the message.")
    package static let consentMissing = FaultCode(
        number: 3300, reason: "consent_missing", http: 403, meaning: "The contact has not agreed to marketing; consent.record records it.")
    package static let consentStopped = FaultCode(
        number: 3301, reason: "consent_stopped", http: 403, meaning: "The contact has stopped or paused messages.")
    package static let listUnknown = FaultCode(number: 3400, reason: "list_unknown", http: 404, meaning: "No such broadcast list.")
    package static let csvUnreadable = FaultCode(
        number: 3401, reason: "csv_unreadable", http: 422, meaning: "The CSV cannot be read or has no phone column.")
    package static let listBusy = FaultCode(
        number: 3405, reason: "list_busy", http: 409, meaning: "What recurs is planned from the broadcast list.")
    package static let campaignUnknown = FaultCode(
        number: 3402, reason: "campaign_unknown", http: 404, meaning: "No such campaign or batch.")
    package static let campaignState = FaultCode(
        number: 3403, reason: "campaign_state", http: 409, meaning: "The campaign's state does not allow it.")
    package static let campaignBlocked = FaultCode(
        number: 3404, reason: "campaign_blocked", http: 409, meaning: "The pre-flight report names what stands in the way.")
    package static let windowUnknown = FaultCode(number: 3500, reason: "window_unknown", http: 404, meaning: "No such delivery window.")
    package static let windowInvalid = FaultCode(
        number: 3501, reason: "window_invalid", http: 422, meaning: "The cron line or the time zone makes no sense.")
    package static let windowBusy = FaultCode(
        number: 3504, reason: "window_busy", http: 409, meaning: "A campaign that recurs in the window is planned for its next opening.")
    package static let windowPast = FaultCode(
        number: 3502, reason: "window_past", http: 409, meaning: "The time has passed; choose a later one.")
    package static let recurrenceMoved = FaultCode(
        number: 3503, reason: "recurrence_moved", http: 409,
        meaning: "What recurs is planned for another opening than the one that was named.")
}
