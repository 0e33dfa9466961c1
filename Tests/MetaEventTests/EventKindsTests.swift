import RPCContract
import Testing

@testable import MetaEvents

/// Every kind of event has one reader, and every reader is asked.
@Suite struct EventKindsTests {
    private static let own: [AccountEvent.Kind] = [
        .preferences, .flow, .groupLifecycle, .groupParticipants, .groupSettings, .groupStatus,
    ]

    @Test(arguments: AccountEvent.Kind.allCases) func aKindOfAccountEventIsReadOnce(kind: AccountEvent.Kind) {
        #expect(AccountEvent.readers.count { $0.kinds.contains(kind) } == (Self.own.contains(kind) ? 0 : 1))
        switch MetaEvent(field: kind.rawValue, value: [:]) {
        case .account(let event): #expect(event.kind == kind && !Self.own.contains(kind))
        case .preferences(let event): #expect(event.told.kind == kind)
        case .flow(let event): #expect(event.notice.kind == kind)
        case .group(let event): #expect(event.notice.kind == kind)
        default: Issue.record("\(kind) is not read")
        }
    }

    @Test(arguments: MessageKind.allCases) func aTypeOfMessageIsReadOnce(type: MessageKind) {
        // A call is no message of Meta's.
        #expect(CustomerMessage.parts.count { $0.types.contains(type) } == (type == .call ? 0 : 1))
    }

    @Test(arguments: TemplateEvent.Kind.allCases) func aKindOfTemplateEventIsRead(kind: TemplateEvent.Kind) {
        guard case .template(let event) = MetaEvent(field: kind.rawValue, value: [:]) else {
            Issue.record("\(kind) is not read")
            return
        }
        #expect(event.kind == kind)
    }
}
