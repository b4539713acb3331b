package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes complete objects in groups, looks at them once more, and journals them, and makes parts of large ones safe on their way: while one group is made durable, the next one
 * gathers. What is read back is read a segment a turn. The credit of the frames in which they ended waits for that, so a slow disk
 * slows the source. Any thread.
 */
final class Publisher {

    /** Most objects in one group. */
    static final int GROUP = Journal.AT_ONCE;

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final ObjectStore store;
    private final Placement placement;
    private final DestinationBook book;
    private final Verifier verifier;
    private final SerialExecutor worker;
    private final Queue<Placed> placed = new ArrayDeque<>(); // worker only
    private final Queue<Complete> waiting = new ArrayDeque<>();
    private boolean scheduled;
    private boolean closed;

    private record Complete(DestinationObject object, Digest digest, Runnable settled) {}

    /** One that is in the store. */
    private record Placed(Complete complete, Verifier.Check check) {}

    Publisher(
            ObjectStore store,
            Verification verification,
            DestinationBook book,
            Executor pool,
            Consumer<Throwable> failed) {
        this.store = store;
        this.placement = new Placement(store);
        this.verifier = new Verifier(store, verification);
        this.book = book;
        this.worker = new SerialExecutor(pool, failed);
    }

    /** Publishes an object, and runs {@code settled} when it is durable and journaled, or has failed. */
    void publish(DestinationObject object, Digest digest, Runnable settled) {
        synchronized (waiting) {
            if (closed) {
                return;
            }
            waiting.add(new Complete(object, digest, settled));
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        worker.execute(this::turn);
    }

    /** Makes what is there of an object safe, while more of it comes. */
    void makeSafe(DestinationObject object) {
        worker.execute(() -> {
            if (!isClosed()) {
                boolean unused = isSafe(object);
            }
        });
    }

    /**
     * Publishes nothing more. Completes when what is being published is; what was to be read back is left as it is, and looked at by
     * the next run.
     */
    Future<Void> close() {
        synchronized (waiting) {
            closed = true;
            waiting.clear();
        }
        Promise<Void> idle = Promise.promise();
        worker.execute(() -> {
            placed.forEach(each -> each.check().close());
            placed.clear();
            idle.complete();
        });
        return idle.future();
    }

    private void turn() {
        List<Runnable> settled = new ArrayList<>();
        if (placed.isEmpty()) {
            publish(nextGroup(), settled);
        }
        if (!isClosed() || verifier.isShort()) {
            look(settled);
        }
        synchronized (waiting) {
            scheduled = !closed && !(waiting.isEmpty() && placed.isEmpty());
            if (scheduled) {
                worker.execute(this::turn);
            }
        }
        settled.forEach(Runnable::run);
    }

    private boolean isClosed() {
        synchronized (waiting) {
            return closed;
        }
    }

    private List<Complete> nextGroup() {
        List<Complete> group = new ArrayList<>();
        synchronized (waiting) {
            while (group.size() < GROUP && !waiting.isEmpty()) {
                group.add(waiting.remove());
            }
        }
        return group;
    }

    private void publish(List<Complete> group, List<Runnable> settled) {
        List<Complete> released = new ArrayList<>(group.size());
        List<Placement.Ready> ready = new ArrayList<>(group.size());
        for (Complete complete : group) {
            if (!isSafe(complete.object())) {
                settled.add(complete.settled());
                continue;
            }
            Optional<StagedObject> staged = complete.object().release();
            if (staged.isPresent()) {
                released.add(complete);
                ready.add(new Placement.Ready(complete.object(), complete.digest(), staged.get()));
            } else {
                settled.add(complete.settled());
            }
        }
        List<Optional<Setback>> setbacks = placement.place(ready);
        for (int i = 0; i < setbacks.size(); i++) {
            Complete complete = released.get(i);
            if (setbacks.get(i).isEmpty()) {
                placed.add(new Placed(complete, verifier.check(complete.object(), complete.digest())));
            } else {
                unplaced(complete.object(), setbacks.get(i).get());
                settled.add(complete.settled());
            }
        }
    }

    /** Whether the journal has all of it, so that the next run knows it again if this process dies before it says that it arrived. */
    private boolean isSafe(DestinationObject object) {
        try {
            object.makeSafe();
            return true;
        } catch (StoreException e) {
            failed(object, Setback.of(e));
            return false;
        }
    }

    /** Looks at what is in its place, until as much as a segment has been read, and journals what counts. */
    private void look(List<Runnable> settled) {
        List<Arrival> arrivals = new ArrayList<>();
        int read = 0;
        while (!placed.isEmpty() && read < Segments.BYTES) {
            Placed next = placed.element();
            read += next.check().step();
            book.step();
            if (next.check().isOver()) {
                Placed done = placed.remove();
                settled.add(done.complete().settled());
                Optional<Setback> wrong = done.check().wrong();
                if (wrong.isEmpty()) {
                    arrivals.add(arrival(done.complete()));
                } else {
                    done.complete().object().forgetStaged();
                    failed(done.complete().object(), wrong.get());
                }
            }
        }
        if (!arrivals.isEmpty()) {
            book.stored(arrivals);
        }
    }

    /** One that failed may be in its place all the same and not be durable, and nothing is staged any more: it comes anew. */
    private void unplaced(DestinationObject object, Setback setback) {
        if (setback.code() == ErrorCode.DESTINATION_FAILED && setback.kind() != Setback.Kind.AWAY) {
            object.forgetStaged();
        }
        failed(object, setback);
    }

    private void failed(DestinationObject object, Setback setback) {
        LOG.debug("object {} is not published: {}", object.index(), setback.code());
        book.failed(object, setback);
    }

    /** For a large object it pays to ask the store what it calls it, to know it again. */
    private Arrival arrival(Complete complete) {
        Arrival arrival = complete.object().arrival(complete.digest());
        return arrival.isOfSeveralSegments() ? arrival.withEtag(etag(complete.object())) : arrival;
    }

    private Optional<String> etag(DestinationObject object) {
        try {
            return Optional.of(store.details(object.target().path()).etag());
        } catch (StoreException e) {
            LOG.debug("object {} will be known by its size and time", object.index(), e);
            return Optional.empty();
        }
    }
}
