import RPCContract
import RPCTransport
import ServiceKit
import Support
import Testing

@Suite struct ServicePeersTests {
    private let members = MutexBox(["linda-gateway", "asha"])
    private let time = MutexBox(ContinuousClock.now)
    private let reads = MutexBox(0)
    private let isBroken = MutexBox(false)

    private func peers() -> ServicePeers {
        let (members, time, reads, isBroken) = (members, time, reads, isBroken)
        let ids: [String: UInt32] = ["linda-gateway": 9001, "asha": 9002, "ravi": 9003]
        return ServicePeers(
            uid: { name throws(UserDatabase.Unreadable) in
                if isBroken.value { throw UserDatabase.Unreadable() }
                return ids[name]
            },
            members: { _ throws(UserDatabase.Unreadable) in
                reads.update { $0 += 1 }
                return members.value
            }, now: { time.value })
    }

    @Test func whoJoinsCountsWithinASecondAndWhoLeavesWithinAMinute() {
        let peers = peers()
        #expect(peers.standing(of: 0) == .trusted && peers.standing(of: 9002) == .trusted)
        #expect(peers.standing(of: 9001) == .process(.gateway), "a service's user is no operator, though it is in the group")
        #expect(peers.standing(of: 9003) == .unknown)
        members.set(["linda-gateway", "asha", "ravi", "nobody-is-called-so"])
        #expect(peers.standing(of: 9003) == .unknown && reads.value == 1, "strangers make it ask once a second at most")
        time.update { $0 += .seconds(1) }
        #expect(peers.standing(of: 9003) == .trusted && reads.value == 2)
        members.set(["linda-gateway"])
        time.update { $0 += .seconds(59) }
        #expect(peers.standing(of: 9002) == .trusted && reads.value == 2)
        time.update { $0 += .seconds(1) }
        #expect(peers.standing(of: 9002) == .unknown && peers.standing(of: 9003) == .unknown)
    }

    /// A database that does not answer turns nobody out.
    @Test func whoWasKnownStaysSoWhileTheDatabaseIsAway() {
        let peers = peers()
        isBroken.set(true)
        time.update { $0 += .seconds(3600) }
        #expect(peers.standing(of: 9001) == .process(.gateway) && peers.standing(of: 9002) == .trusted)
    }
}
