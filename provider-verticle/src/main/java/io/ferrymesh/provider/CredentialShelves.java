package io.ferrymesh.provider;

import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.keys.Shelf;
import io.ferrymesh.provider.keys.StoredCredentials;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link StoredCredentials} as one process of the provider uses them, on worker threads. A database that cannot be reached is
 * UNAVAILABLE. Any thread.
 */
final class CredentialShelves {

    /** How long nobody else asks the key centre after this process has begun to, or was killed. */
    static final long LEASE_MS = 15_000;

    private static final Logger LOG = LoggerFactory.getLogger(CredentialPools.class);

    private final StoredCredentials stored;
    private final Workers workers;
    private final Clock clock;
    private final String holder;

    CredentialShelves(StoredCredentials stored, Workers workers, Clock clock, RandomGenerator random) {
        this.stored = stored;
        this.workers = workers;
        this.clock = clock;
        byte[] name = new byte[16];
        random.nextBytes(name);
        this.holder = HexFormat.of().formatHex(name);
    }

    /** Whether this process alone may ask the key centre for a while; asked for again it is prolonged. */
    Future<Boolean> lease() {
        return run(() -> stored.lease(holder, clock.millis(), clock.millis() + LEASE_MS));
    }

    /** Lets another process ask at once. If that fails, it may as soon as the lease has lapsed. */
    Future<Void> release() {
        return run(() -> {
                    stored.release(holder);
                    return true;
                })
                .otherwise(why -> {
                    LOG.debug("the lease is left to lapse", why);
                    return false;
                })
                .mapEmpty();
    }

    /** Keeps them durably, and one of them to ask for more with if that is due. Closes them either way. */
    Future<Void> put(KgcPublicKey kgc, List<Credential> credentials) {
        return run(() -> {
                    stored.put(credentials);
                    stored.keepSigner(kgc, now());
                    return true;
                })
                .onComplete(done -> credentials.forEach(Credential::close))
                .mapEmpty();
    }

    /** At most so many, the caller's to close; they are nowhere else any more. */
    Future<List<Credential>> take(KgcPublicKey kgc, Usage usage, int count) {
        return run(() -> stored.take(kgc, usage, count, now()));
    }

    /** What there is, after what has retired or expires soon was removed and signers that are due were replaced. */
    Future<Map<Digest, Shelf>> look(List<KgcPublicKey> gone, List<KgcPublicKey> trusted) {
        return run(() -> {
            gone.forEach(stored::dropKey);
            stored.dropExpired(now());
            Map<Digest, Shelf> seen = stored.look(now());
            List<KgcPublicKey> due = trusted.stream()
                    .filter(key -> signerIsDue(seen.getOrDefault(key.fingerprint(), Shelf.EMPTY)))
                    .toList();
            due.forEach(key -> stored.keepSigner(key, now()));
            return due.isEmpty() ? seen : stored.look(now());
        });
    }

    private boolean signerIsDue(Shelf shelf) {
        return shelf.signing() > 0
                && shelf.signer()
                        .map(validity ->
                                StoredCredentials.signerIsDue(validity.notBefore(), validity.notAfter(), now()))
                        .orElse(true);
    }

    /** Removes those with such a pseudonym; how many. */
    Future<Integer> dropIf(Predicate<Pseudonym> unwanted) {
        return run(() -> stored.dropIf(unwanted));
    }

    /** What signs for more under the first of these keys that has one, the caller's to close. */
    Future<Optional<Credential>> signer(List<KgcPublicKey> keys) {
        return run(
                () -> keys.stream().flatMap(key -> stored.signer(key).stream()).findFirst());
    }

    private <T> Future<T> run(Callable<T> task) {
        return workers.run(task)
                .recover(failure -> Future.failedFuture(
                        failure instanceof DatabaseException
                                ? new MeshException(
                                        ErrorCode.UNAVAILABLE,
                                        "the provider's credentials cannot be reached: " + failure.getMessage(),
                                        failure)
                                : failure));
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
