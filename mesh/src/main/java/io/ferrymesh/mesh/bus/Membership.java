package io.ferrymesh.mesh.bus;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import io.ferrymesh.mesh.MeshOptions;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who else is a member: tells the directory when the cluster may have lost something, and whom the bus cannot reach. */
final class Membership extends MembershipAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final String TLS = "ferrymesh.eventbus.tls";

    private final boolean tls;
    private final BusRendezvous rendezvous;

    private Membership(boolean tls, BusRendezvous rendezvous) {
        this.tls = tls;
        this.rendezvous = rendezvous;
    }

    /** Lets the others know whether this member's event bus is plain. */
    static void announce(Config config, MeshOptions options) {
        config.getMemberAttributeConfig()
                .setAttribute(TLS, Boolean.toString(options.eventBusTls().isPresent()));
    }

    static void follow(HazelcastInstance hazelcast, MeshOptions options, BusRendezvous rendezvous) {
        Membership membership = new Membership(options.eventBusTls().isPresent(), rendezvous);
        UUID unusedMembers = hazelcast.getCluster().addMembershipListener(membership);
        UUID unusedMerges = hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
                rendezvous.lost();
            }
        });
        hazelcast.getCluster().getMembers().forEach(membership::compare);
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        compare(event.getMember());
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        rendezvous.lost();
    }

    private void compare(Member member) {
        boolean theirs = Boolean.parseBoolean(member.getAttribute(TLS));
        if (theirs != tls) {
            LOG.warn(
                    "nothing can pass between this process and the member at {}: its event bus is {}, this one's {}"
                            + " (FERRYMESH_EVENTBUS_TLS_CERTIFICATE, _KEY and _CA must be set everywhere or nowhere)",
                    member.getAddress(),
                    kind(theirs),
                    kind(tls));
        }
    }

    private static String kind(boolean tls) {
        return tls ? "TLS" : "plain";
    }
}
