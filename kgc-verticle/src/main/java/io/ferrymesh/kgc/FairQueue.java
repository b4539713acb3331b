package io.ferrymesh.kgc;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Work of many senders for a few workers: each sender has a short queue of its own and they take turns, so that one who floods
 * waits behind itself. What does not fit is OVERLOADED: where all queues together are full, the last of the longest one, so that
 * there is always room for somebody who has little. Event loop only.
 */
final class FairQueue {

    private record Task(Callable<Buffer> work, Promise<Buffer> reply) {}

    private final int maxAtWork;
    private final int maxWaiting;
    private final int maxPerSender;
    private final Function<Callable<Buffer>, Future<Buffer>> workers;
    /** In the order of their turns; none is empty. */
    private final Map<PeerAddress, Deque<Task>> waiting = new LinkedHashMap<>();

    private int waits;
    private int atWork;

    /** As many workers at most do something at once. */
    FairQueue(int maxAtWork, int maxWaiting, int maxPerSender, Function<Callable<Buffer>, Future<Buffer>> workers) {
        this.maxAtWork = maxAtWork;
        this.maxWaiting = maxWaiting;
        this.maxPerSender = maxPerSender;
        this.workers = workers;
    }

    /** Has it done when it is the sender's turn. */
    Future<Buffer> submit(PeerAddress sender, Callable<Buffer> work) {
        Deque<Task> own = waiting.computeIfAbsent(sender, fresh -> new ArrayDeque<>());
        if (own.size() >= maxPerSender || (waits >= maxWaiting && !makeRoom(own.size()))) {
            waiting.computeIfPresent(sender, (key, queue) -> queue.isEmpty() ? null : queue);
            return Future.failedFuture(overloaded());
        }
        Task task = new Task(work, Promise.promise());
        own.add(task);
        waits++;
        next();
        return task.reply().future();
    }

    /** Requests that wait for a worker. */
    int waiting() {
        return waits;
    }

    /** Drops the last of the longest queue, if that is longer than the one there should be room in. */
    private boolean makeRoom(int size) {
        Optional<Deque<Task>> longest = waiting.values().stream().max(Comparator.comparingInt(Deque::size));
        if (longest.isEmpty() || longest.get().size() <= size + 1) {
            return false;
        }
        Task dropped = longest.get().removeLast();
        waits--;
        dropped.reply().fail(overloaded());
        return true;
    }

    private void next() {
        while (atWork < maxAtWork && waits > 0) {
            Task task = take();
            atWork++;
            Future<Buffer> unused = workers.apply(task.work()).onComplete(done -> {
                atWork--;
                next();
                task.reply().handle(done);
            });
        }
    }

    private Task take() {
        Iterator<Map.Entry<PeerAddress, Deque<Task>>> turns = waiting.entrySet().iterator();
        Map.Entry<PeerAddress, Deque<Task>> turn = turns.next();
        PeerAddress sender = turn.getKey();
        Deque<Task> queue = turn.getValue();
        turns.remove();
        Task task = queue.remove();
        waits--;
        if (!queue.isEmpty()) {
            waiting.put(sender, queue);
        }
        return task;
    }

    private static MeshException overloaded() {
        return new MeshException(ErrorCode.OVERLOADED, "too many requests at once");
    }
}
