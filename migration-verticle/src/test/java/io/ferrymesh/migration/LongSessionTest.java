package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Validity;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What time brings about while a migration runs or a grant waits. */
class LongSessionTest {

    private static final EngineOptions OPTIONS =
            new EngineOptions(2, 4L << 20, 4, Duration.ofSeconds(30), 64, Duration.ofMinutes(10));

    private final Fixture fixture = new Fixture();
    private final MasterKey second = MasterKey.generate(fixture.random);
    private final Fixture.FixedTrust trust = fixture.new FixedTrust(List.of(fixture.master, second));
    private final Fixture.Provider source = fixture.provider(trust, fixture::supply, OPTIONS);
    private final Fixture.Provider destination = fixture.provider(fixture.master, OPTIONS);
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
        valid(Duration.ofHours(24));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void a_peer_of_which_nobody_can_say_for_too_long_whether_it_is_revoked_is_let_go_by_both() throws Exception {
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            if (frames.incrementAndGet() == 2) {
                staleFor(Duration.ofSeconds(601));
                fixture.vertx.runOnContext(v -> maintain());
            }
            return frames.get() < 2 ? frame : null; // nothing else could end it
        };

        assertThat(migrate().failure()).contains(ErrorCode.UNAVAILABLE);
        assertThat(atSource().failure()).contains(ErrorCode.UNAVAILABLE);
    }

    @Test
    void no_receipt_is_signed_for_such_a_peer_either() throws Exception {
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            if (frames.incrementAndGet() == 2) {
                staleFor(Duration.ofSeconds(601));
            }
            return frame;
        };

        MigrationStatus status = migrate();

        assertThat(status.failure()).contains(ErrorCode.UNAVAILABLE);
        assertThat(status.receipt()).isEmpty();
        assertThat(atSource().receipt()).isEmpty();
    }

    @Test
    void a_peer_of_which_nobody_can_say_for_a_while_is_kept() throws Exception {
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            if (frames.incrementAndGet() == 2) {
                staleFor(Duration.ofSeconds(599));
                maintain();
            }
            return frame;
        };

        assertThat(migrate().state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(frames).hasValueGreaterThan(2);
    }

    @Test
    void the_time_begins_anew_when_it_is_known_again() throws Exception {
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            if (frames.incrementAndGet() == 2) {
                staleFor(Duration.ofSeconds(599));
                fixture.stale = false;
                maintain();
                staleFor(Duration.ofSeconds(599));
                maintain();
            }
            return frame;
        };

        assertThat(migrate().state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(frames).hasValueGreaterThan(2);
    }

    /** 0 and 1 are the destination's credentials, 2 and 3 the source's, and so on. */
    @Test
    void what_a_grant_holds_under_a_retired_key_is_wiped() throws Exception {
        valid(Duration.ofMinutes(15));
        requireBroken();
        fixture.pass(Duration.ofMinutes(6)); // too old for another handshake
        valid(Duration.ofHours(24));
        requireBroken();
        maintain();
        assertThat(List.of(2, 3, 6, 7))
                .allMatch(number -> fixture.issued.get(number).copyPrivateKey().length == 32);

        trust.retire(fixture.master);
        maintain();

        for (int number : List.of(2, 3, 6, 7)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> fixture.issued.get(number).copyPrivateKey());
        }
        fixture.network.frames = frame -> frame;
        assertThat(fixture.fetch(fixture.provider(second, OPTIONS), id, key, DirectoryStore.open(to))
                        .state())
                .isEqualTo(MigrationState.COMPLETED);
    }

    @Test
    void a_key_that_is_retired_during_the_handshake_lets_nobody_in() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        fixture.network.requests = request -> {
            if (requests.incrementAndGet() == 2) {
                trust.retire(fixture.master);
                maintain();
            }
            return request;
        };

        assertThat(migrate().failure()).contains(ErrorCode.HANDSHAKE_REFUSED);
        assertThat(source.engine().refusals().count(Refusals.Reason.NO_KEY)).isEqualTo(1);
        assertThat(source.engine().refusals().count(Refusals.Reason.INTERNAL)).isZero();
    }

    private MigrationStatus migrate() throws StoreException {
        fixture.offer(source, id, key, DirectoryStore.open(from));
        return fixture.fetch(destination, id, key, DirectoryStore.open(to));
    }

    /** A run that leaves the grant waiting, with the credentials it took. */
    private void requireBroken() throws StoreException {
        fixture.network.frames = frame -> frame.copy().setByte(frame.length() - 1, (byte) 0);
        MigrationStatus status = source.engine().source(id).isEmpty()
                ? migrate()
                : fixture.fetch(destination, id, key, DirectoryStore.open(to));
        assertThat(status.failure()).contains(ErrorCode.INVALID_MESSAGE);
    }

    private MigrationStatus atSource() {
        return fixture.over(() -> source.engine().source(id).orElseThrow());
    }

    private void staleFor(Duration time) {
        fixture.stale = true;
        fixture.pass(time);
    }

    private void valid(Duration time) {
        long now = Fixture.NOW.getEpochSecond();
        fixture.validity = new Validity(now - 60, now + time.toSeconds());
    }

    private void maintain() {
        source.engine().maintain();
        destination.engine().maintain();
    }
}
