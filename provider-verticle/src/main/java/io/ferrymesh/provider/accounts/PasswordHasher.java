package io.ferrymesh.provider.accounts;

import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Hashes passwords under the pepper, a few at once, which bounds the memory and the processor time that strangers can ask for.
 * Those beyond wait, up to a number and for a time; then OVERLOADED. A hash is bound to its account: copied to another it fits
 * nothing.
 */
final class PasswordHasher {

    private static final int WAITING_FOR_EACH = 16;
    private static final long LONGEST_WAIT_MS = 5_000;
    private static final long RETRY_SECONDS = 2;

    private final AccountSecrets secrets;
    private final Argon2Cost cost;
    private final SecureRandom random;
    private final Semaphore running;
    private final Semaphore places;
    private final Timer timer;
    /** Of no password. */
    private final PasswordHash nobodys;
    /** Of the hashes there are, and of those to come: what every answer costs. */
    private volatile Argon2Cost dearest;

    PasswordHasher(AccountSecrets secrets, Argon2Cost cost, int atOnce, SecureRandom random, MeterRegistry meters) {
        this.secrets = secrets;
        this.cost = cost;
        this.random = random;
        this.running = new Semaphore(atOnce, true);
        this.places = new Semaphore(atOnce * (1 + WAITING_FOR_EACH));
        this.timer = meters.timer("ferrymesh.accounts.password.hashing");
        this.dearest = cost;
        this.nobodys = new PasswordHash(cost, drawn(PasswordHash.SALT_BYTES), drawn(PasswordHash.HASH_BYTES));
    }

    private byte[] drawn(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** For storing. OVERLOADED. */
    String hash(long account, byte[] password) {
        return inTurn(account, password, input -> PasswordHash.of(cost, drawn(PasswordHash.SALT_BYTES), input)
                .text());
    }

    /** There is a stored hash of this cost, maybe of a time when the option was higher. */
    synchronized void hasSeen(Argon2Cost stored) {
        if (stored.work() > dearest.work()) {
            dearest = stored;
        }
    }

    /**
     * Whether it is the account's. Takes as long when there is no hash, and when the hash is one that cost less than others.
     * OVERLOADED.
     *
     * @param stored empty for an account without a password, and for none at all
     */
    boolean verify(long account, byte[] password, Optional<String> stored) {
        Optional<PasswordHash> known = stored.flatMap(PasswordHash::parse);
        PasswordHash asked = known.orElse(nobodys);
        known.map(PasswordHash::cost).ifPresent(this::hasSeen);
        return inTurn(account, password, input -> {
            boolean matches = asked.matches(input);
            makeUpFor(asked.cost(), input);
            return matches && known.isPresent();
        });
    }

    private void makeUpFor(Argon2Cost spent, byte[] input) {
        Argon2Cost most = dearest;
        long missing = (most.work() - spent.work()) / most.iterations();
        if (missing >= Argon2Cost.LEAST_KIB) {
            PasswordHash unused =
                    PasswordHash.of(new Argon2Cost((int) missing, most.iterations()), nobodys.salt(), input);
        }
    }

    /** Whether a hash of the same password should take its place. */
    boolean isDated(String stored) {
        return PasswordHash.parse(stored)
                .map(hash -> hash.cost().work() < cost.work())
                .orElse(true);
    }

    private interface Work<T> {
        T of(byte[] input);
    }

    private <T> T inTurn(long account, byte[] password, Work<T> work) {
        byte[] owner = ByteBuffer.allocate(Long.BYTES).putLong(account).array();
        return inTurn(() -> {
            byte[] input = secrets.mac(AccountSecrets.Purpose.PASSWORD, owner, password);
            try {
                return timer.record(() -> work.of(input));
            } finally {
                Arrays.fill(input, (byte) 0);
            }
        });
    }

    private <T> T inTurn(Supplier<T> work) {
        if (!places.tryAcquire()) {
            throw overloaded();
        }
        try {
            if (!running.tryAcquire(LONGEST_WAIT_MS, TimeUnit.MILLISECONDS)) {
                throw overloaded();
            }
            try {
                return work.get();
            } finally {
                running.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw overloaded();
        } finally {
            places.release();
        }
    }

    private static ServiceException overloaded() {
        return new ServiceException(
                ServiceError.OVERLOADED, "too many logins at once; try again", OptionalLong.of(RETRY_SECONDS));
    }
}
