package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Credential;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Credentials of one usage, and who waits for one. Guarded by {@link CredentialPool}. */
final class Stock {

    /** Most that wait at once. */
    static final int MAX_WAITING = 256;

    private final ArrayDeque<Credential> credentials = new ArrayDeque<>();
    private final ArrayDeque<Promise<Credential>> waiting = new ArrayDeque<>();

    /** The next that is valid until then at least; closes what is not. */
    Optional<Credential> poll(long validUntil) {
        @Nullable Credential next = credentials.poll();
        while (next != null && next.certificate().info().notAfter() < validUntil) {
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
    List<Runnable> deliver(long validUntil) {
        List<Runnable> deliveries = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Optional<Credential> next = poll(validUntil);
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

    /** Closes those that are not valid until then. */
    void drop(long validUntil) {
        credentials.removeIf(credential -> {
            boolean expiring = credential.certificate().info().notAfter() < validUntil;
            if (expiring) {
                credential.close();
            }
            return expiring;
        });
    }

    void close() {
        credentials.forEach(Credential::close);
        credentials.clear();
    }
}
