package io.ferrymesh.kgc.registry;

import io.ferrymesh.kgc.registry.Heads.Head;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationChain;
import io.ferrymesh.scheme.RevocationEntry;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The revocation log: what was revoked, in the order in which it was, each entry chained to the one before. */
public final class RevocationTable {

    /** How many are looked up in one query. */
    private static final int LOOKED_UP_AT_ONCE = 500;

    private RevocationTable() {}

    /** Adds entries, none of which may be there; returns the head after them. Holds the head until the transaction ends. */
    public static Head append(Handle handle, Collection<RevocationEntry> entries, long now) {
        Head head = Heads.lock(handle, Heads.Name.REVOCATION);
        if (entries.isEmpty()) {
            return head;
        }
        PreparedBatch rows = handle.prepareBatch("INSERT INTO revocation (number, pseudonym, until, hash, revoked_at)"
                + " VALUES (:number, :pseudonym, :until, :hash, :now)");
        for (RevocationEntry entry : entries) {
            long number = head.number() + 1;
            head = new Head(number, RevocationChain.next(head.hash(), number, entry));
            PreparedBatch unused = rows.bind("number", number)
                    .bind("pseudonym", entry.pseudonym().bytes())
                    .bind("until", entry.until())
                    .bind("hash", head.hash().bytes())
                    .bind("now", now)
                    .add();
        }
        int[] unused = rows.execute();
        Heads.set(handle, Heads.Name.REVOCATION, head);
        return head;
    }

    /** Whether this one is revoked. */
    public static boolean contains(Handle handle, Pseudonym pseudonym) {
        return handle.createQuery("SELECT number FROM revocation WHERE pseudonym = :pseudonym")
                .bind("pseudonym", pseudonym.bytes())
                .mapTo(Long.class)
                .findOne()
                .isPresent();
    }

    /** Which of these are revoked. */
    public static Set<Pseudonym> containedOf(Handle handle, List<Pseudonym> pseudonyms) {
        Set<Pseudonym> contained = new HashSet<>();
        for (int from = 0; from < pseudonyms.size(); from += LOOKED_UP_AT_ONCE) {
            List<Pseudonym> some = pseudonyms.subList(from, Math.min(from + LOOKED_UP_AT_ONCE, pseudonyms.size()));
            handle.createQuery("SELECT pseudonym FROM revocation WHERE pseudonym IN (<some>)")
                    .bindList("some", some.stream().map(Pseudonym::bytes).toList())
                    .map((row, context) -> Pseudonym.of(row.getBytes("pseudonym")))
                    .forEach(contained::add);
        }
        return contained;
    }

    /** The entries after one number up to another, at most so many. */
    public static List<RevocationEntry> page(Handle handle, long after, long upTo, int limit) {
        return handle.createQuery("SELECT pseudonym, until FROM revocation WHERE number > :after AND number <= :upTo"
                        + " ORDER BY number LIMIT :limit")
                .bind("after", after)
                .bind("upTo", upTo)
                .bind("limit", limit)
                .map((row, context) ->
                        new RevocationEntry(Pseudonym.of(row.getBytes("pseudonym")), row.getLong("until")))
                .list();
    }

    /**
     * Up to where every entry has expired, at or after a number for which that was so before.
     *
     * @param head where the log stands
     */
    public static Head base(Handle handle, long from, Head head, long now) {
        Optional<Long> firstLive = handle.createQuery("SELECT number FROM revocation WHERE number > :from"
                        + " AND until >= :now ORDER BY number LIMIT 1")
                .bind("from", from)
                .bind("now", now)
                .mapTo(Long.class)
                .findOne();
        long base = firstLive.map(live -> live - 1).orElse(head.number());
        return base == head.number() ? head : at(handle, base);
    }

    /** The hash of an entry, if there is one of this number. */
    public static Optional<Digest> hash(Handle handle, long number) {
        return handle.createQuery("SELECT hash FROM revocation WHERE number = :number")
                .bind("number", number)
                .map((row, context) -> Digest.of(row.getBytes("hash")))
                .findOne();
    }

    /** How many have not expired, of those after a number. */
    public static long live(Handle handle, long after, long now) {
        return handle.createQuery("SELECT COUNT(*) FROM revocation WHERE number > :after AND until >= :now")
                .bind("after", after)
                .bind("now", now)
                .mapTo(Long.class)
                .one();
    }

    private static Head at(Handle handle, long number) {
        if (number == 0) {
            return new Head(0, RevocationChain.START);
        }
        return new Head(number, hash(handle, number).orElseThrow());
    }
}
