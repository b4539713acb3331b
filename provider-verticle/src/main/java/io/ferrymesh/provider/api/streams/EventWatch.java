package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.api.exchange.Workers;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again for what is new in one migration, or for one account, once for all who watch it, because any process of the provider may be
 * the one that moves it. It has one call under way at a time. Event loop only.
 */
final class EventWatch {

    private static final Logger LOG = LoggerFactory.getLogger(EventWatch.class);

    /** What one look has found: news if somebody can take them, names of sessions if it is time for that. */
    private record Found(Optional<EventSource.News> news, Optional<Set<String>> sessions) {}

    private final Vertx vertx;
    private final Workers workers;
    private final EventSource source;
    private final long ticksPerHeartbeat;
    private final long timer;
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private long ticks;
    private boolean sessionsAreDue;
    private boolean asking;

    EventWatch(Vertx vertx, Workers workers, EventSource source, EventTimes times) {
        this.vertx = vertx;
        this.workers = workers;
        this.source = source;
        this.ticksPerHeartbeat = times.heartbeat().toMillis() / times.poll().toMillis();
        this.timer = vertx.setPeriodic(times.poll().toMillis(), tick -> tick());
    }

    /** One more who watches; it has been told what was there. */
    void join(EventStream stream) {
        streams.add(stream);
    }

    /** One less; says whether nobody is left, with which the watch is over. */
    boolean isLeft(EventStream stream) {
        boolean nobody = streams.remove(stream) && streams.isEmpty();
        return nobody && vertx.cancelTimer(timer);
    }

    private void tick() {
        ticks++;
        if (ticks % ticksPerHeartbeat == 0) {
            sessionsAreDue = true;
            streams.forEach(EventStream::heartbeat);
        }
        OptionalLong after = streams.stream()
                .filter(EventStream::keepsUp)
                .mapToLong(EventStream::after)
                .min();
        if (asking || (after.isEmpty() && !sessionsAreDue)) {
            return;
        }
        asking = true;
        boolean sessionsToo = sessionsAreDue;
        sessionsAreDue = false;
        workers.goOn(() -> look(after, sessionsToo)).onComplete(this::tell, this::broken);
    }

    /** Worker threads. */
    private Found look(OptionalLong after, boolean sessionsToo) {
        return new Found(
                after.isPresent() ? Optional.of(source.news(after.getAsLong())) : Optional.empty(),
                sessionsToo ? Optional.of(source.liveSessions()) : Optional.empty());
    }

    private void tell(Found found) {
        asking = false;
        for (EventStream stream : List.copyOf(streams)) {
            if (found.sessions().isPresent() && !found.sessions().get().contains(stream.session())) {
                stream.end();
            } else if (stream.keepsUp()) {
                found.news().ifPresent(stream::tell);
            }
        }
    }

    private void broken(Throwable why) {
        asking = false;
        LOG.warn("the event streams of a migration or an account broke off", why);
        List.copyOf(streams).forEach(EventStream::end);
    }
}
