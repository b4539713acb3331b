package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ferrymesh.database.PostgresServer;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.audit.AuditChain;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes of a key centre on one PostgreSQL: providers notice nothing when one of them dies. */
class KgcNodesIT {

    private static final int REQUESTS = 60;
    private static final int EACH = 4;
    private static final long VALIDITY = 3_600;
    private static final List<Line> LINES = List.of(new Line(Usage.SIGNING, 1));
    /** Refusals after which a provider sends the same bytes again. */
    private static final Set<ErrorCode> AGAIN =
            Set.of(ErrorCode.UNAVAILABLE, ErrorCode.OVERLOADED, ErrorCode.RATE_LIMITED, ErrorCode.INTERNAL);

    private Optional<KgcCluster> started = Optional.empty();

    @AfterEach
    void stop() {
        started.ifPresent(KgcCluster::close);
    }

    private KgcCluster twoNodes() {
        Optional<PostgresServer> server = PostgresServer.shared();
        assumeTrue(server.isPresent(), "PostgreSQL is not installed");
        KgcOptions options =
                KgcOptions.defaults().with("burstPerProvider", 1_000).with("ratePerProvider", 1_000);
        KgcCluster cluster = new KgcCluster(options, TestDatabase.postgres(server.orElseThrow()), 2);
        started = Optional.of(cluster);
        return cluster;
    }

    @Test
    void every_request_is_answered_and_issued_once_although_a_node_is_killed() {
        KgcCluster cluster = twoNodes();
        KgcParameters parameters =
                await(cluster.client().parameters(cluster.kgc.publicKey().fingerprint()));
        Credential signer = enrolled(cluster, parameters);
        List<IssuanceClient> requests = new ArrayList<>();
        List<Future<Buffer>> replies = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            IssuanceClient request = IssuanceClient.renew(order(cluster, parameters), signer, cluster.random);
            requests.add(request);
            replies.add(untilAnswered(cluster.mesh, Buffer.buffer(request.message())));
            if (i == REQUESTS / 2) {
                assertThat(await(replies.get(0)).length()).isPositive();
                cluster.nodes.get(0).kill();
            }
        }
        List<Pseudonym> issued = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            requests.get(i)
                    .accept(await(replies.get(i)).getBytes())
                    .forEach(each -> issued.add(each.certificate().pseudonym()));
        }
        assertThat(issued).hasSize(REQUESTS * EACH).doesNotHaveDuplicates();
        ProviderInfo provider = survivor(cluster, Role.ENROLMENT).provider(1);
        assertThat(provider.usedInEpoch()).isEqualTo(REQUESTS * EACH + 1);
        assertThat(provider.unexpired()).isEqualTo(REQUESTS * EACH + 1);
        assertThat(certificatesIn(audit(cluster))).isEqualTo(REQUESTS + 1);
        requests.forEach(IssuanceClient::close);
    }

    @Test
    void what_one_node_revokes_the_other_announces() throws Exception {
        KgcCluster cluster = twoNodes();
        Kgc other = cluster.nodes.get(1).kgc();
        Pseudonym pseudonym = Pseudonym.parse("ab".repeat(16));
        assertThat(other.operations(new Operator("bob", Role.REVOCATION))
                        .revokePseudonym(pseudonym, KgcCluster.REASON)
                        .number())
                .isEqualTo(1);
        Set<Boolean> seen = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            Bulletin bulletin = Awaiting.until("a bulletin that says so", () -> Optional.of(
                            await(cluster.client().bulletin(cluster.kgc.publicKey())))
                    .filter(each -> each.number() == 1));
            seen.add(bulletin.number() == 1);
        }
        assertThat(seen).containsExactly(true);
    }

    private Credential enrolled(KgcCluster cluster, KgcParameters parameters) {
        try (EnrolmentToken token = cluster.newToken("north")) {
            return await(cluster.client().enrol(parameters, token, LINES, VALIDITY))
                    .get(0);
        }
    }

    /** As a provider does: the same bytes, until somebody answers. */
    private static Future<Buffer> untilAnswered(Mesh mesh, Buffer request) {
        return mesh.call(KgcServices.ISSUE, request).recover(failure -> {
            boolean again = failure instanceof MeshException refused && AGAIN.contains(refused.code());
            return again
                    ? mesh.vertx().timer(50).compose(tick -> untilAnswered(mesh, request))
                    : Future.failedFuture(failure);
        });
    }

    private static IssuanceClient.Order order(KgcCluster cluster, KgcParameters parameters) {
        return new IssuanceClient.Order(
                parameters.kgc(),
                parameters.hpke(),
                List.of(new Line(Usage.KEY_AGREEMENT, EACH)),
                parameters.align(cluster.now(), VALIDITY),
                cluster.now());
    }

    private static io.ferrymesh.kgc.operator.KgcOperations survivor(KgcCluster cluster, Role role) {
        return cluster.nodes.get(1).kgc().operations(new Operator("bob", role));
    }

    /** The whole log, whose chain is intact. */
    private static List<AuditEntry> audit(KgcCluster cluster) {
        List<AuditEntry> entries = survivor(cluster, Role.AUDIT).audit(0, 1_000);
        Digest hash = AuditChain.START;
        for (int i = 0; i < entries.size(); i++) {
            assertThat(AuditChain.follows(entries.get(i), i + 1L, hash)).isTrue();
            hash = Digest.parse(entries.get(i).hash());
        }
        return entries;
    }

    private static long certificatesIn(List<AuditEntry> audit) {
        return audit.stream()
                .filter(entry -> entry.action().equals("certificates.issued"))
                .count();
    }
}
