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

/** Who waits for a credential of one usage, first come first served. Guarded by {@link CredentialPools}. */
final class Takers {

    /** Most that wait at once. */
    static final int MAX_WAITING = 256;

    private final ArrayDeque<Promise<Credential>> waiting = new ArrayDeque<>();

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    Future<Credential> await() {
        if (waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(new MeshException(ErrorCode.OVERLOADED, "too many wait for a credential"));
        }
        Promise<Credential> promise = Promise.promise();
        waiting.add(promise);
        return promise.future();
    }

    /** Whose turn it is; complete the promise without the lock. */
    Optional<Promise<Credential>> next() {
        return Optional.ofNullable(waiting.poll());
    }

    /** Gives up on those who wait; run the result without the lock. */
    List<Runnable> fail(Throwable why) {
        List<Runnable> refusals = new ArrayList<>();
        waiting.forEach(promise -> refusals.add(() -> promise.fail(why)));
        waiting.clear();
        return refusals;
    }
}
