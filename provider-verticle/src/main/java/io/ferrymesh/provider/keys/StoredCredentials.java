package io.ferrymesh.provider.keys;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.keys.CredentialRow.Role;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * The provider's pseudonyms, sealed in its database and shared by all its processes. What was handed out is gone from the
 * database before, durably, so nothing is handed out twice, whoever is killed when; what a killed process had taken is lost. Who
 * puts back an old copy of the database puts back what was handed out since. Times are in epoch seconds. Blocking; fails with
 * {@link io.ferrymesh.database.DatabaseException}. Any worker thread.
 */
public final class StoredCredentials {

    /** Longest that a lease is believed: one that is farther away was given by a clock that is wrong. */
    public static final long MAX_LEASE_MS = 60_000;

    /** What {@link ProviderSecrets#sealing} is asked for. */
    private static final String LABEL = "CREDENTIALS";

    private final Database database;
    private final SealingKey key;
    private final long marginSeconds;

    /**
     * Those in this database, which must belong to these secrets.
     *
     * @param marginSeconds one that expires within this time, or within half of its life if that is less, is not handed out
     */
    public StoredCredentials(Database database, ProviderSecrets secrets, long marginSeconds) {
        this.database = database;
        this.key = secrets.sealing(LABEL);
        this.marginSeconds = marginSeconds;
    }

    /** Keeps them, all or none. They stay the caller's to close. */
    public void put(List<Credential> credentials) {
        if (credentials.isEmpty()) {
            return;
        }
        int unused = database.transaction(handle -> {
            long number = CredentialTable.numbers(handle, credentials.size());
            List<CredentialRow> rows = new ArrayList<>();
            for (Credential credential : credentials) {
                rows.add(CredentialRow.seal(number++, credential, key));
            }
            CredentialTable.insert(handle, rows);
            return rows.size();
        });
    }

    /** Hands out at most so many, the oldest first, the caller's to close: nobody gets them again. */
    public List<Credential> take(KgcPublicKey kgc, Usage usage, int count, long now) {
        List<Credential> taken = new ArrayList<>();
        List<CredentialRow> rows;
        do { // again only if none of what was removed could be used
            rows = database.transaction(handle -> CredentialTable.take(
                    handle, database.isSqlite(), kgc.fingerprint(), usage, count, marginSeconds, now));
            rows.forEach(row -> row.open(kgc, key).ifPresent(taken::add));
        } while (taken.isEmpty() && !rows.isEmpty());
        return taken;
    }

    /** What there is, by the fingerprint of the key it is under. */
    public Map<Digest, Shelf> look(long now) {
        return database.read(handle -> CredentialTable.shelves(handle, marginSeconds, now));
    }

    /** Whether there is something to ask for more with, under whatever key. */
    public boolean hasSigner(long now) {
        return database.read(handle ->
                handle.createQuery("SELECT COUNT(*) FROM credential WHERE role = 'SIGNER' AND not_after > :now")
                                .bind("now", now)
                                .mapTo(Long.class)
                                .one()
                        > 0);
    }

    /** What signs for more under this key, a copy that is the caller's to close; it may have expired. */
    public Optional<Credential> signer(KgcPublicKey kgc) {
        return database.<Optional<CredentialRow>>read(handle -> CredentialTable.signer(handle, kgc.fingerprint()))
                .flatMap(row -> row.open(kgc, key));
    }

    /**
     * Has the next in stock sign for more under this key, if the last third of the present signer's life has begun or there is
     * none, and one is valid for longer. Done twice, also at once, it is done once.
     */
    public void keepSigner(KgcPublicKey kgc, long now) {
        boolean due = database.<Boolean>read(
                handle -> successor(handle, kgc.fingerprint(), now).isPresent());
        if (due) {
            boolean unused = database.<Boolean>transaction(handle -> {
                CredentialTable.lock(handle);
                return replaceSigner(handle, kgc.fingerprint(), now);
            });
        }
    }

    private boolean replaceSigner(Handle handle, Digest kgc, long now) {
        Optional<CredentialRow> next = successor(handle, kgc, now);
        while (next.isPresent()) {
            boolean ours = CredentialTable.delete(handle, next.get().number); // else somebody has just taken it
            Optional<CredentialRow> signer = ours ? next.get().as(Role.SIGNER, key) : Optional.empty();
            if (signer.isPresent()) {
                CredentialTable.signer(handle, kgc).ifPresent(old -> {
                    boolean unused = CredentialTable.delete(handle, old.number);
                });
                CredentialTable.insert(handle, List.of(signer.get()));
                return true;
            }
            next = successor(handle, kgc, now);
        }
        return false;
    }

    /** What should sign for more instead of what does. */
    private static Optional<CredentialRow> successor(Handle handle, Digest kgc, long now) {
        Optional<CredentialRow> signer = CredentialTable.signer(handle, kgc);
        boolean due =
                signer.map(row -> signerIsDue(row.notBefore, row.notAfter, now)).orElse(true);
        long end = Math.max(now, signer.map(row -> row.notAfter).orElse(now));
        return due ? CredentialTable.outliving(handle, kgc, end) : Optional.empty();
    }

    /** Whether the last third of a signer's life has begun. */
    public static boolean signerIsDue(long notBefore, long notAfter, long now) {
        return notAfter - now < (notAfter - notBefore) / 3;
    }

    /** Removes what expires too soon; writes nothing if nothing does. */
    public void dropExpired(long now) {
        boolean some = database.<Boolean>read(handle -> CredentialTable.hasExpired(handle, marginSeconds, now));
        if (some) {
            int unused = database.transaction(handle -> CredentialTable.dropExpired(handle, marginSeconds, now));
        }
    }

    /** Removes all that is under this key. */
    public void dropKey(KgcPublicKey kgc) {
        int unused = database.transaction(handle -> CredentialTable.dropKey(handle, kgc.fingerprint()));
    }

    /** Removes those with such a pseudonym, and those that do not open; how many. */
    public int dropIf(Predicate<Pseudonym> unwanted) {
        List<CredentialRow> all = database.read(CredentialTable::all);
        List<CredentialRow> found = all.stream()
                .filter(row -> row.certificate(key)
                        .map(Certificate::pseudonym)
                        .filter(unwanted.negate())
                        .isEmpty())
                .toList();
        return found.isEmpty()
                ? 0
                : database.<Integer>transaction(handle -> (int) found.stream()
                        .filter(row -> CredentialTable.delete(handle, row.number))
                        .count());
    }

    /**
     * Whether this holder alone may ask the key centre until then. Given to one who has it already, and to another when it was
     * released or has lapsed. At most {@link #MAX_LEASE_MS}.
     */
    public boolean lease(String holder, long nowMs, long untilMs) {
        return database.<Boolean>transaction(
                handle -> CredentialTable.lease(handle, holder, nowMs, untilMs, MAX_LEASE_MS));
    }

    /** Lets the next ask at once; nothing, if it is not this holder's. */
    public void release(String holder) {
        int unused = database.transaction(handle -> {
            CredentialTable.release(handle, holder);
            return 0;
        });
    }
}
