package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the other processes that this one lives, and notices which of them do not. Each goes by its own clock alone, and one
 * that nobody can set: one is dead whose beat another has seen standing still for the lease timeout, and one that could not
 * beat for most of that time takes itself for dead before. Either way it is somebody new when it comes back, with nothing in its
 * hands. Time does not pass on that clock while the machine is suspended. Any thread.
 */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private static final int ID_BYTES = 16;

    private final Database database;
    private final Clock clock;
    private final Ticker ticker;
    private final SecureRandom random;
    private final long timeoutMs;

    // under this
    private final Map<String, Seen> others = new HashMap<>();
    private @Nullable String id;
    private long aliveAtMs;
    private boolean left;

    /** A beat, and since when it has stood still. */
    private record Seen(long beat, long sinceMs) {}

    Membership(Database database, Clock clock, Ticker ticker, SecureRandom random, long timeoutMs) {
        this.database = database;
        this.clock = clock;
        this.ticker = ticker;
        this.random = random;
        this.timeoutMs = timeoutMs;
    }

    /** Whom this process is, as long as it may work: null while it may not. */
    synchronized @Nullable String id() {
        if (id != null && ticker.millis() - aliveAtMs >= timeoutMs * 2 / 3) {
            LOG.warn("the database was out of reach for too long: what this process worked on goes on elsewhere");
            id = null;
        }
        return id;
    }

    /** Whether it is still the process by that id. */
    synchronized boolean is(String holder) {
        return holder.equals(id());
    }

    /** How often to look whether it still may work: often enough that it stops before another begins. */
    long watchEveryMs() {
        return timeoutMs / 20;
    }

    /** How often to beat. */
    long everyMs() {
        return timeoutMs / 5;
    }

    /** Shows that this process lives, or enters it anew; then takes from the dead what they held. Fails when the database does. */
    void beat() {
        synchronized (this) {
            if (left) {
                return;
            }
        }
        long now = ticker.millis(); // before: what takes long counts against this process
        String mine = id();
        if (mine == null || !database.transaction(handle -> InstanceTable.beat(handle, mine))) {
            enter(mine != null, now);
        } else {
            prolong(mine, now);
        }
        buryOthers();
    }

    /** Gives up everything this process holds. What it begins afterwards is refused. */
    void leave() {
        @Nullable String mine;
        synchronized (this) {
            mine = id;
            id = null;
            left = true;
        }
        if (mine != null) {
            String gone = mine;
            boolean unused = database.transaction(handle -> {
                InstanceTable.leave(handle, gone, clock.millis());
                return true;
            });
        }
    }

    private void enter(boolean buried, long now) {
        if (buried) {
            LOG.warn("this process was taken for dead: what it worked on goes on elsewhere");
        }
        byte[] drawn = new byte[ID_BYTES];
        random.nextBytes(drawn);
        String fresh = HexFormat.of().formatHex(drawn);
        boolean unused = database.transaction(handle -> {
            InstanceTable.insert(handle, fresh, clock.millis());
            return true;
        });
        begin(fresh, now);
    }

    /** A beat that took so long that this process has let go of everything meanwhile keeps nothing: it is somebody new then. */
    private synchronized void prolong(String mine, long atMs) {
        if (mine.equals(id())) {
            aliveAtMs = atMs;
        }
    }

    private synchronized void begin(String fresh, long atMs) {
        if (!left) {
            id = fresh;
            aliveAtMs = atMs;
        }
    }

    private void buryOthers() {
        Map<String, Long> beats = database.read(InstanceTable::beatsOfHolders);
        long now = ticker.millis();
        Map<String, Long> dead = new HashMap<>();
        synchronized (this) {
            others.keySet().retainAll(beats.keySet());
            beats.forEach((other, beat) -> {
                Seen seen = others.get(other);
                if (seen == null || seen.beat != beat) {
                    others.put(other, new Seen(beat, now));
                } else if (!other.equals(id) && now - seen.sinceMs >= timeoutMs) {
                    dead.put(other, beat);
                }
            });
        }
        dead.forEach((other, beat) -> {
            if (database.transaction(handle -> InstanceTable.bury(handle, other, beat, clock.millis()))) {
                LOG.warn("a process of this provider is gone; what it worked on goes on here or elsewhere");
            }
        });
    }
}
