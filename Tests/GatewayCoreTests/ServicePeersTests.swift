import RPCContract
import RPCTransport
import ServiceKit
import Support
import Testing

@Suite struct ServicePeersTests {
    @Test func whoJoinsOrLeavesTheGroupCountsWithinASecond() {
        let members = MutexBox(["linda-gateway", "asha"])
        let time = MutexBox(ContinuousClock.now)
        let reads = MutexBox(0)
        let ids: [String: UInt32] = ["linda-gateway": 9001, "asha": 9002, "ravi": 9003]
        let peers = ServicePeers(
            uid: { ids[$0] },
            members: { _ in
                reads.update { $0 += 1 }
                return members.value
            }, now: { time.value })
        #expect(peers.standing(of: 0) == .trusted && peers.standing(of: 9002) == .trusted)
        #expect(peers.standing(of: 9001) == .process(.gateway), "a service's user is no operator, though it is in the group")
        #expect(peers.standing(of: 9003) == .unknown)
        members.set(["linda-gateway", "ravi", "nobody-is-called-so"])
        #expect(peers.standing(of: 9003) == .unknown && reads.value == 1, "the user database is asked once a second at most")
        time.set(time.value + .seconds(1))
        #expect(peers.standing(of: 9003) == .trusted && peers.standing(of: 9002) == .unknown && reads.value == 2)
    }
}
