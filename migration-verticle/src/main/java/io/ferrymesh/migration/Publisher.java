package io.ferrymesh.migration;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes complete objects in groups: while one group is made durable, the next one gathers. Lanes get their credit back
 * only while few enough objects wait, so a slow disk slows the source. Any thread.
 */
final class Publisher {

    /** Most objects in one group. */
    static final int GROUP = 512;

    /** With more objects waiting than this, lanes wait for their credit. */
    static final int MOST_WAITING = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final ObjectStore store;
    private final DestinationBook book;
    private final SerialExecutor worker;
    private final Queue<Complete> waiting = new ArrayDeque<>();
    private final Queue<Runnable> lanes = new ArrayDeque<>();
    private boolean scheduled;
    private boolean closed;

    private record Complete(DestinationObject object, Digest digest) {}

    Publisher(ObjectStore store, DestinationBook book, Executor pool, Consumer<Throwable> failed) {
        this.store = store;
        this.book = book;
        this.worker = new SerialExecutor(pool, failed);
    }

    void publish(DestinationObject object, Digest digest) {
        synchronized (waiting) {
            if (closed) {
                return;
            }
            waiting.add(new Complete(object, digest));
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        worker.execute(this::turn);
    }

    /** Runs {@code grant} now, or once fewer objects wait. */
    void whenRoom(Runnable grant) {
        synchronized (waiting) {
            if (waiting.size() > MOST_WAITING) {
                lanes.add(grant);
                return;
            }
        }
        grant.run();
    }

    /** Publishes nothing more. Completes when what is being published is. */
    Future<Void> close() {
        synchronized (waiting) {
            closed = true;
            waiting.clear();
        }
        Promise<Void> idle = Promise.promise();
        worker.execute(idle::complete);
        return idle.future();
    }

    private void turn() {
        publish(nextGroup());
        List<Runnable> grants = new ArrayList<>();
        synchronized (waiting) {
            if (waiting.size() <= MOST_WAITING) {
                grants.addAll(lanes);
                lanes.clear();
            }
            scheduled = !waiting.isEmpty();
            if (scheduled) {
                worker.execute(this::turn);
            }
        }
        grants.forEach(Runnable::run);
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

    private void publish(List<Complete> group) {
        List<StagedObject> staged = new ArrayList<>(group.size());
        List<Complete> publishing = new ArrayList<>(group.size());
        for (Complete complete : group) {
            complete.object().release().ifPresent(object -> {
                staged.add(object);
                publishing.add(complete);
            });
        }
        List<PublishOutcome> outcomes = store.publish(staged, PublishMode.CREATE_ONLY);
        for (int i = 0; i < outcomes.size(); i++) {
            settle(publishing.get(i), outcomes.get(i));
        }
    }

    private void settle(Complete complete, PublishOutcome outcome) {
        if (outcome.error() == null) {
            book.arrived(complete.object(), complete.digest(), Outcome.STORED);
        } else {
            LOG.debug(
                    "object {} is not published: {}",
                    complete.object().index(),
                    outcome.error().getMessage());
            book.failed(complete.object(), DestinationObject.codeOf(outcome.error()));
        }
    }
}
