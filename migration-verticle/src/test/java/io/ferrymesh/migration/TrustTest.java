package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations while the key centre's keys follow one another and pseudonyms are revoked. */
class TrustTest {

    private static final EngineOptions OPTIONS = EngineOptions.defaults();

    private final Fixture fixture = new Fixture();
    private final MasterKey first = fixture.master;
    private final MasterKey second = MasterKey.generate(fixture.random);
    private final MigrationId id = MigrationId.random(fixture.random);
    private final byte[] key = new byte[32];

    @TempDir
    private Path root;

    private Path from;
    private Path to;

    @BeforeEach
    void directories() throws IOException {
        from = Files.createDirectories(root.resolve("from"));
        to = Files.createDirectories(root.resolve("to"));
        Files.write(from.resolve("large"), new byte[2_000_000]);
        Files.writeString(from.resolve("small"), "content");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Fixture.Provider trusting(MasterKey... keys) {
        return fixture.provider(List.of(keys), OPTIONS);
    }

    private MigrationStatus migrate(Fixture.Provider source, Fixture.Provider destination) throws Exception {
        fixture.offer(source, id, key, DirectoryStore.open(from));
        return fixture.fetch(destination, id, key, DirectoryStore.open(to));
    }

    private static void requireReceiptUnder(MigrationStatus status, MasterKey expected) {
        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(status.receipt().orElseThrow().verify(expected.publicKey())).isTrue();
    }

    @Test
    void the_preferred_key_is_used_when_both_ends_trust_it() throws Exception {
        requireReceiptUnder(migrate(trusting(first, second), trusting(second, first)), second);
    }

    @Test
    void a_destination_that_knows_a_newer_key_than_the_source_goes_on_with_the_older() throws Exception {
        Fixture.Provider source = trusting(first);

        requireReceiptUnder(migrate(source, trusting(second, first)), first);
        assertThat(source.engine().refusals().count(Refusals.Reason.NO_KEY)).isEqualTo(1);
    }

    @Test
    void the_destination_tells_of_the_handshake_that_succeeded_and_of_none_that_was_refused() throws Exception {
        List<Duration> told = new CopyOnWriteArrayList<>();
        Fixture.Provider destination = trusting(second, first);
        destination.engine().onHandshake(told::add);

        MigrationStatus status = migrate(trusting(first), destination);

        assertThat(told).containsExactly(status.handshake().orElseThrow());
    }

    @Test
    void a_source_that_knows_a_newer_key_than_the_destination_answers_under_the_older() throws Exception {
        Fixture.Provider source = trusting(second, first);

        requireReceiptUnder(migrate(source, trusting(first)), first);
        assertThat(fixture.taken.get()).as("a pair of credentials at each end").isEqualTo(4);
        assertThat(fixture.over(() -> source.engine().source(id).orElseThrow()).receipt())
                .isPresent();
    }

    @Test
    void a_grant_serves_destinations_of_different_keys_one_after_the_other() throws Exception {
        Fixture.Provider source = trusting(first, second);
        fixture.network.frames = frame -> frame.copy().setByte(frame.length() - 1, (byte) 0);
        assertThat(migrate(source, trusting(first)).failure()).contains(ErrorCode.INVALID_MESSAGE);
        fixture.network.frames = frame -> frame;

        requireReceiptUnder(fixture.fetch(trusting(second), id, key, DirectoryStore.open(to)), second);
    }

    @Test
    void two_that_trust_no_key_in_common_do_not_meet() throws Exception {
        MasterKey third = MasterKey.generate(fixture.random);
        Fixture.Provider source = trusting(first);
        int before = fixture.taken.get();

        assertThat(migrate(source, trusting(third, second)).failure()).contains(ErrorCode.HANDSHAKE_REFUSED);
        assertThat(source.engine().refusals().count(Refusals.Reason.NO_KEY)).isEqualTo(2);
        assertThat(fixture.taken.get() - before).as("of the destination's").isEqualTo(4);
    }

    @Test
    void one_that_trusts_no_key_at_all_meets_nobody() throws Exception {
        assertThat(migrate(trusting(first), trusting()).failure()).contains(ErrorCode.HANDSHAKE_REFUSED);
    }

    @Test
    void a_source_that_does_not_answer_is_not_asked_again_with_another_key() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        fixture.network.requests = request -> {
            requests.incrementAndGet();
            throw new MeshException(ErrorCode.UNAVAILABLE, "no reply in time");
        };

        assertThat(migrate(trusting(first), trusting(second, first)).failure()).contains(ErrorCode.UNAVAILABLE);
        assertThat(requests).hasValue(1);
    }

    @Test
    void a_peer_that_this_end_refuses_is_not_tried_under_another_key() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        fixture.network.requests = request -> {
            requests.incrementAndGet();
            fixture.revoked.add(fixture.pseudonym(3)); // the source's first
            return request;
        };

        assertThat(migrate(trusting(first, second), trusting(second, first)).failure())
                .contains(ErrorCode.HANDSHAKE_REFUSED);
        assertThat(requests).hasValue(1);
    }

    @Test
    void a_dry_pool_of_the_preferred_key_is_said_and_not_worked_around() throws Exception {
        Fixture.Provider dry = fixture.provider(
                fixture.new FixedTrust(List.of(second, first)),
                (kgc, usage) -> kgc.equals(second.publicKey())
                        ? Future.failedFuture(new MeshException(ErrorCode.QUOTA_EXCEEDED, "dry"))
                        : fixture.supply(kgc, usage),
                OPTIONS);

        assertThat(migrate(trusting(first), dry).failure()).contains(ErrorCode.QUOTA_EXCEEDED);
    }

    /** 1 and 2 are the destination's certificates for agreement and signing, 3 and 4 the source's. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void a_certificate_revoked_while_objects_flow_ends_both_ends(int number) throws Exception {
        Fixture.Provider source = trusting(first);
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            if (frames.incrementAndGet() == 2) {
                fixture.revoke(fixture.pseudonym(number));
            }
            return frames.get() < 2 ? frame : null; // nothing else could end it
        };

        assertThat(migrate(source, trusting(first)).failure()).contains(ErrorCode.REVOKED);
        assertThat(fixture.over(() -> source.engine().source(id).orElseThrow()).failure())
                .contains(ErrorCode.REVOKED);
    }

    @Test
    void somebody_else_being_revoked_ends_nothing() throws Exception {
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            if (frames.incrementAndGet() == 2) {
                fixture.revoke(fixture.pseudonym(77));
            }
            return frame;
        };

        requireReceiptUnder(migrate(trusting(first), trusting(first)), first);
    }

    @Test
    void a_list_that_becomes_stale_while_objects_flow_still_allows_the_receipt() throws Exception {
        fixture.network.frames = frame -> {
            fixture.stale = true;
            return frame;
        };
        Fixture.Provider source = trusting(first);

        requireReceiptUnder(migrate(source, trusting(first)), first);
        requireReceiptUnder(fixture.over(() -> source.engine().source(id).orElseThrow()), first);
    }

    @Test
    void a_list_that_is_stale_at_the_handshake_refuses() throws Exception {
        fixture.stale = true;

        assertThat(migrate(trusting(first), trusting(first)).failure()).contains(ErrorCode.HANDSHAKE_REFUSED);
    }

    @Test
    void a_key_that_is_retired_while_objects_flow_signs_no_receipt() throws Exception {
        Fixture.FixedTrust trust = fixture.new FixedTrust(List.of(first));
        fixture.network.frames = frame -> {
            trust.retire(first);
            return frame;
        };

        MigrationStatus status = migrate(trusting(first), fixture.provider(trust, fixture::supply, OPTIONS));

        assertThat(status.failure()).contains(ErrorCode.KEY_RETIRED);
        assertThat(status.receipt()).isEmpty();
    }
}
