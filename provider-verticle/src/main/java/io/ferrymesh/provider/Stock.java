package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Validity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of one usage, and who waits for one. One that expires within the margin, or within half of its life where that
 * is less, is closed and not handed out. Guarded by {@link CredentialPools}; times are in epoch seconds.
 */
final class Stock {

    /** Most that wait at once. */
    static final int MAX_WAITING = 256;

    private final ArrayDeque<Credential> credentials = new ArrayDeque<>();
    private final ArrayDeque<Promise<Credential>> waiting = new ArrayDeque<>();
    private final long marginSeconds;

    Stock(long marginSeconds) {
        this.marginSeconds = marginSeconds;
    }

    /** The next that does not expire too soon; closes what does. */
    Optional<Credential> poll(long now) {
        @Nullable Credential next = credentials.poll();
        while (next != null && expiresSoon(next, now)) {
            next.close();
            next = credentials.poll();
        }
        return Optional.ofNullable(next);
    }

    /** One that is valid for longer than that, the others stay. */
    Optional<Credential> outliving(long notAfter) {
        Optional<Credential> found = credentials.stream()
                .filter(each -> each.certificate().info().notAfter() > notAfter)
                .findFirst();
        found.ifPresent(credentials::remove);
        return found;
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    Future<Credential> await() {
        if (waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(new MeshException(ErrorCode.OVERLOADED, "too many wait for a credential"));
        }
        Promise<Credential> promise = Promise.promise();
        waiting.add(promise);
        return promise.future();
    }

    void add(Credential credential) {
        credentials.add(credential);
    }

    int size() {
        return credentials.size();
    }

    /** How many are missing, those for whom somebody waits included. */
    int missing(int target) {
        return Math.max(0, target + waiting.size() - credentials.size());
    }

    /** Pairs those who wait with what is there; run the result without the lock. */
    List<Runnable> deliver(long now) {
        List<Runnable> deliveries = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Optional<Credential> next = poll(now);
            if (next.isEmpty()) {
                return deliveries;
            }
            Promise<Credential> promise = waiting.remove();
            deliveries.add(() -> promise.complete(next.get()));
        }
        return deliveries;
    }

    /** Gives up on those who wait; run the result without the lock. */
    List<Runnable> fail(Throwable why) {
        List<Runnable> refusals = new ArrayList<>();
        waiting.forEach(promise -> refusals.add(() -> promise.fail(why)));
        waiting.clear();
        return refusals;
    }

    /** Closes those that expire too soon. */
    void drop(long now) {
        int unused = drop(credential -> expiresSoon(credential, now));
    }

    /** Closes those; how many they were. */
    int drop(Predicate<Credential> unwanted) {
        int before = credentials.size();
        credentials.removeIf(credential -> {
            boolean drop = unwanted.test(credential);
            if (drop) {
                credential.close();
            }
            return drop;
        });
        return before - credentials.size();
    }

    void close() {
        credentials.forEach(Credential::close);
        credentials.clear();
    }

    boolean expiresSoon(Credential credential, long now) {
        Validity validity = credential.certificate().info().validity();
        long margin = Math.min(marginSeconds, (validity.notAfter() - validity.notBefore()) / 2);
        return validity.notAfter() < now + margin;
    }
}
