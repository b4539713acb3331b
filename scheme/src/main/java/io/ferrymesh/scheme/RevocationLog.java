package io.ferrymesh.scheme;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a provider knows of the key centre's revocation log, and the answer to whether a pseudonym is revoked. It takes
 * verified {@link Bulletin}s; when one says that the log has grown, it takes pages of entries, which come from anybody, and
 * shows nothing of them until the chain has reached exactly what the bulletin says. Scheme, What the KGC publishes.
 *
 * <p>GOOD is only said while the newest bulletin that agrees with what is here is no older than the greatest age; after that
 * UNKNOWN, and REVOKED always. Nothing is kept over a restart: a new log starts at the base of the first bulletin.
 * Thread-safe; {@link #status} waits for the merging of pages at most, never for their chain to be computed.
 */
public final class RevocationLog implements RevocationView {

    /**
     * The most entries that the key centre may need at once, and the most that a bulletin may be ahead of where a receiver
     * starts. A receiver holds twice as many.
     */
    public static final int MAX_ENTRIES = 1_000_000;

    private static final String WHAT = "revocation log";

    private final long maxAgeSeconds;
    private final int maxEntries;
    /** Held by whoever brings something new; what readers see changes under {@code this} as well. */
    private final Object writing = new Object();

    private final RevokedPseudonyms revoked = new RevokedPseudonyms();
    private long number;
    private Digest hash = RevocationChain.START;
    /** The bulletin that is furthest on of those that agree with what is here. */
    private @Nullable Bulletin newest;
    /** When what is here was true last: of the bulletin issued last. */
    private @Nullable Validity fresh;
    /** Pages on the way to a bulletin that is ahead of what is here. Under {@code writing} only. */
    private @Nullable Pending pending;

    /** An empty log that answers GOOD for at most so long after a bulletin was issued. */
    public RevocationLog(long maxAgeSeconds) {
        this(maxAgeSeconds, MAX_ENTRIES);
    }

    /** With another bound than {@link #MAX_ENTRIES}. */
    RevocationLog(long maxAgeSeconds, int maxEntries) {
        if (maxAgeSeconds < 1 || maxAgeSeconds >>> 32 != 0) {
            throw new IllegalArgumentException("maxAgeSeconds must be > 0 and fit 32 bits: " + maxAgeSeconds);
        }
        this.maxAgeSeconds = maxAgeSeconds;
        this.maxEntries = maxEntries;
    }

    /** What a bulletin or a page has led to. */
    public enum Accepted {
        /** The log is where the newest bulletin says. */
        CURRENT,
        /** Pages are missing: {@link RevocationLog#wanted()}. */
        BEHIND,
        /** The bulletin is older than what is here already: nothing has changed. */
        STALE
    }

    /** Entries being collected until they reach their bulletin. */
    private static final class Pending {

        private final long start;
        private Bulletin target;
        private long number;
        private Digest hash;
        private final RevokedPseudonyms entries = new RevokedPseudonyms();

        Pending(Bulletin target, long number, Digest hash) {
            this.target = target;
            this.start = number;
            this.number = number;
            this.hash = hash;
        }

        void add(RevocationEntry entry) {
            number++;
            hash = RevocationChain.next(hash, number, entry);
            entries.add(entry);
        }

        /** Whether a bulletin's base is on the way, as far as that can be told. */
        boolean passes(Bulletin bulletin) {
            return number > bulletin.base() || (number == bulletin.base() && hash.equals(bulletin.baseHash()));
        }
    }

    /**
     * Takes a bulletin that {@link Bulletin#verify} gave. RefusedException with CONTRADICTION if the key centre cannot have
     * signed both this and what it signed before; MalformedException if it is too far ahead to be followed.
     */
    public Accepted accept(Bulletin bulletin) {
        synchronized (writing) {
            Bulletin before = pending == null ? newest : pending.target;
            if (before != null && isStale(before, bulletin)) {
                return Accepted.STALE;
            }
            requireAgrees(bulletin.number() != number || bulletin.hash().equals(hash));
            requireAgrees(bulletin.base() != number || bulletin.baseHash().equals(hash));
            aim(bulletin);
            return advance();
        }
    }

    /** What to ask for next, if pages are missing. */
    public Optional<RevocationPage.Request> wanted() {
        synchronized (writing) {
            return Optional.ofNullable(pending)
                    .map(collecting -> new RevocationPage.Request(collecting.number, collecting.target.number()));
        }
    }

    /**
     * Takes the entries from a number on, an answer to {@link #wanted()}. RefusedException with NOT_AS_REQUESTED if they are
     * not: other numbers, none at all, or a chain that does not lead to the bulletin; MalformedException if more would still
     * be needed than is held. Everything collected is dropped then.
     */
    public Accepted append(long first, List<RevocationEntry> entries) {
        synchronized (writing) {
            Pending collecting = pending;
            if (collecting == null) {
                throw notAsRequested();
            }
            long missing = collecting.target.number() - collecting.number;
            if (first != collecting.number + 1 || entries.isEmpty() || entries.size() > missing) {
                pending = begin(collecting.target);
                throw notAsRequested();
            }
            entries.forEach(collecting::add);
            return advance();
        }
    }

    /** The number of the last entry that is here. */
    public synchronized long number() {
        return number;
    }

    /** Entries that are still needed. */
    public synchronized int size() {
        return revoked.size();
    }

    /** The bulletin that is furthest on of those that agree with what is here, empty before the first. */
    public synchronized Optional<Bulletin> newest() {
        return Optional.ofNullable(newest);
    }

    /** Whether {@link #status} knows who is not revoked at this time in epoch seconds. */
    public synchronized boolean isFresh(long nowEpochSeconds) {
        if (fresh == null) {
            return false;
        }
        long until = Math.min(fresh.notAfter(), fresh.notBefore() + maxAgeSeconds);
        return nowEpochSeconds >= fresh.notBefore() - Bulletin.MAX_SKEW_SECONDS && nowEpochSeconds <= until;
    }

    @Override
    public synchronized Status status(Pseudonym pseudonym, long nowEpochSeconds) {
        if (revoked.contains(pseudonym)) {
            return Status.REVOKED;
        }
        return isFresh(nowEpochSeconds) ? Status.GOOD : Status.UNKNOWN;
    }

    /** Both logs only ever grow, so of two bulletins one is behind in neither. */
    private static boolean isStale(Bulletin before, Bulletin now) {
        boolean behind = now.number() < before.number() || now.auditEntries() < before.auditEntries();
        boolean ahead = now.number() > before.number() || now.auditEntries() > before.auditEntries();
        requireAgrees(!behind || !ahead);
        requireAgrees(now.number() != before.number() || now.hash().equals(before.hash()));
        requireAgrees(
                now.auditEntries() != before.auditEntries() || now.auditHash().equals(before.auditHash()));
        return behind;
    }

    private static void requireAgrees(boolean agrees) {
        if (!agrees) {
            throw new RefusedException(WHAT, RefusalReason.CONTRADICTION);
        }
    }

    /** Pages collected on the way to an earlier bulletin are on the way to this one, unless it starts after them. */
    private void aim(Bulletin bulletin) {
        Pending collecting = pending != null && pending.passes(bulletin) ? pending : begin(bulletin);
        if (bulletin.number() - collecting.start > maxEntries) {
            throw new MalformedException(WHAT + ": more than " + maxEntries + " entries to catch up with");
        }
        collecting.target = bulletin;
        pending = collecting;
    }

    private Pending begin(Bulletin target) {
        return number < target.base()
                ? new Pending(target, target.base(), target.baseHash())
                : new Pending(target, number, hash);
    }

    private Accepted advance() {
        Pending collecting = pending;
        if (collecting == null || collecting.number < collecting.target.number()) {
            return Accepted.BEHIND;
        }
        if (!collecting.hash.equals(collecting.target.hash())) {
            pending = begin(collecting.target);
            throw notAsRequested();
        }
        pending = null;
        requireRoom(collecting);
        show(collecting.target, collecting.entries);
        return Accepted.CURRENT;
    }

    /** Twice what the key centre may need at once: it and this receiver forget what has ended at different moments. */
    private void requireRoom(Pending collected) {
        long lasting = revoked.sizeWith(collected.entries, collected.target.issued() - Bulletin.MAX_SKEW_SECONDS);
        if (lasting > 2L * maxEntries) {
            throw new MalformedException(WHAT + ": more than " + 2L * maxEntries + " entries that are still needed");
        }
    }

    /** Several machines of the key centre have clocks of their own, so what is furthest on need not be issued last. */
    private synchronized void show(Bulletin reached, RevokedPseudonyms entries) {
        revoked.addAll(entries);
        revoked.removeEndedBefore(reached.issued() - Bulletin.MAX_SKEW_SECONDS);
        number = reached.number();
        hash = reached.hash();
        newest = reached;
        if (fresh == null || reached.issued() > fresh.notBefore()) {
            fresh = reached.current();
        }
    }

    private static RefusedException notAsRequested() {
        return new RefusedException(WHAT, RefusalReason.NOT_AS_REQUESTED);
    }
}
