import MetaEvents
import TemplateContract
import Vocabulary

/// What a submission comes to, by what Meta has under the template's name and language.
enum Filing: Equatable {
    /// Meta has none.
    case new
    /// Meta has it no more, whatever it said before.
    case again
    /// Meta has it already: its review counts.
    case known(TemplateEvent)
    /// Meta has another text, and keeps it.
    case taken

    init(of entry: TemplateStore.Entry, in account: WABAID, found: MetaTemplate?) {
        let isFiled = entry.isAtMeta && entry.wabaID == account
        guard let found else {
            self = isFiled ? .again : .new
            return
        }
        // What was filed from here is the same template, also where its text was changed at Meta afterwards.
        let isOurs = isFiled && (entry.metaID == nil || entry.metaID == found.event.metaID)
        self = isOurs || found.parts == TemplateParts(of: entry.template) ? .known(found.event) : .taken
    }
}
