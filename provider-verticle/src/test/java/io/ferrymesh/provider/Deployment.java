package io.ferrymesh.provider;

import io.ferrymesh.provider.keys.StoredCredentials;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** A provider's dealings with a key centre, without threads, timers or HTTP: a test lets its time pass. */
final class Deployment {

    static final long DAY = 86_400;
    static final int POOL = 4;

    /** Half as long as a bulletin is good for here. */
    private static final long STEP = 30;

    final ManualClock clock;
    final LocalKgc kgc;
    final LocalMesh mesh;
    final KgcClient client;
    final ProviderOptions options;
    final KgcTrust trust;
    final CredentialPools pools;
    final RevocationWatch watch;
    final ProviderKeys keys;
    final ProviderState state;
    final StoredCredentials stored;

    Deployment() {
        this(new ManualClock(Instant.parse("2026-03-01T00:10:00Z")));
    }

    private Deployment(ManualClock clock) {
        this(clock, new LocalKgc(clock), 1);
    }

    /** A provider of this key centre, pinned to its key with this number. */
    Deployment(ManualClock clock, LocalKgc kgc, int pinned) {
        this(clock, kgc, options(kgc.key(pinned).fingerprint(), POOL, 2));
    }

    Deployment(ManualClock clock, LocalKgc kgc, ProviderOptions options) {
        this(clock, kgc, options, TestState.fresh());
    }

    /** A process of the provider with this state. */
    Deployment(ManualClock clock, LocalKgc kgc, ProviderOptions options, ProviderState state) {
        this.state = state;
        stored = new StoredCredentials(state.database(), state.secrets(), options.expiryMarginSeconds());
        this.clock = clock;
        this.kgc = kgc;
        this.options = options;
        mesh = new LocalMesh(kgc);
        client = new KgcClient(mesh, LocalMesh.INLINE, clock, new SecureRandom());
        trust = new KgcTrust(client::parameters, options.kgcFingerprint(), clock);
        pools = new CredentialPools(
                trust::epochs,
                (parameters, signer, lines) ->
                        client.renewal(parameters, signer, lines, options.certificateValiditySeconds()),
                new CredentialShelves(stored, LocalMesh.INLINE, clock, new SecureRandom()),
                options,
                clock,
                new Random(1));
        watch = new RevocationWatch(client, trust::newest, options.revocationMaxAgeSeconds(), clock);
        keys = new ProviderKeys(trust, pools, watch);
        watch.onRevoked(() -> done(pools.dropRevoked(watch)));
    }

    static ProviderOptions options(Digest pin, int poolSize, int lowWater) {
        return new ProviderOptions(pin, poolSize, lowWater, DAY, 600, 2_000, 60, 10_000, 300, 5);
    }

    /** Learns the keys and enrols under the preferred one. */
    Deployment started() {
        done(trust.start());
        KeyEpoch epoch = trust.preferred();
        try (EnrolmentToken token = kgc.token()) {
            done(pools.enrolled(
                    epoch.kgc(),
                    result(client.enrol(
                            epoch.parameters().orElseThrow(), token, CredentialPool.firstLines(options), DAY))));
        }
        done(watch.refresh());
        return this;
    }

    /** What the timers do while so much time passes, a little of it at a time. */
    void pass(long seconds) {
        for (long passed = 0; passed < seconds; passed += STEP) {
            clock.advanceSeconds(Math.min(STEP, seconds - passed));
            turn();
        }
    }

    /** What the timers do once. Failures are no surprise to them. */
    void turn() {
        for (Future<Void> each : List.of(trust.refresh(), pools.maintain(), watch.refresh())) {
            if (!each.isComplete() && !mesh.hold) {
                throw new AssertionError("something waits although everything answers");
            }
        }
        watch.noteFreshness();
    }

    /** Takes one of both kinds, as a handshake and its receipt do. */
    List<Credential> spend(KgcPublicKey kgc) {
        List<Credential> taken = new ArrayList<>();
        for (Usage usage : CredentialPool.USAGES) {
            taken.add(result(keys.take(kgc, usage)));
        }
        return taken;
    }

    int stock(int epoch) {
        KgcPublicKey kgc = this.kgc.key(epoch);
        return Math.min(keys.available(kgc, Usage.KEY_AGREEMENT), keys.available(kgc, Usage.SIGNING));
    }

    long now() {
        return clock.instant().getEpochSecond();
    }

    List<String> problems() {
        List<HealthReason> all = new ArrayList<>(trust.problem().stream().toList());
        all.addAll(watch.problems());
        all.addAll(pools.problems());
        return all.stream().map(HealthReason::code).toList();
    }

    static void done(Future<Void> future) {
        if (!future.succeeded()) {
            throw new AssertionError("not done: " + future, future.cause());
        }
    }

    static <T> T result(Future<T> future) {
        if (!future.succeeded()) {
            throw new AssertionError("not done: " + future, future.cause());
        }
        return Objects.requireNonNull(future.result());
    }
}
