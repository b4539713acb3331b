package io.ferrymesh.provider.keys;

import io.ferrymesh.database.Database;
import io.ferrymesh.scheme.Digest;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Which keys of the key centre this provider has come to trust, kept for its next start and for its other processes: the one that
 * it was configured with at first, and those that were announced under it. Each row is sealed, so whoever writes into the database
 * cannot add a key centre of their own, and putting back one older row prolongs no trust. Times are in epoch seconds. Blocking; fails with
 * {@link io.ferrymesh.database.DatabaseException}, and with {@link NotSealedHereException} when a row was changed. Any worker thread.
 */
public final class TrustedKeys {

    private static final String LABEL = "TRUSTED KEYS";
    private static final byte[] NOTHING = {};

    /**
     * One key.
     *
     * @param number the key centre's first key has 1
     * @param retiresAt not trusted any more after that; empty while there is no successor
     */
    public record Trusted(long number, Digest fingerprint, Optional<Long> retiresAt) {

        /** Whether it is not trusted any more. */
        public boolean isRetired(long now) {
            return retiresAt.filter(at -> now > at).isPresent();
        }

        private byte[] encoded() {
            return ByteBuffer.allocate(2 * Long.BYTES + Digest.LENGTH)
                    .putLong(number)
                    .put(fingerprint.bytes())
                    .putLong(retiresAt.orElse(-1L))
                    .array();
        }
    }

    private final Database database;
    private final SealingKey key;

    /** Those in this database, which must belong to these secrets. */
    public TrustedKeys(Database database, ProviderSecrets secrets) {
        this.database = database;
        this.key = secrets.sealing(LABEL);
    }

    /** All that were ever trusted, the oldest first; none before the first start. */
    public List<Trusted> all() {
        return database.read(this::all);
    }

    /**
     * The key to begin with when this one is configured: itself, or if it is retired the oldest of its successors that is not.
     * Refuses one that is not of the chain this provider is pinned to, with IllegalStateException, which says what to do.
     */
    public Digest start(Digest configured, long now) {
        List<Trusted> known = all();
        Optional<Trusted> named = known.stream()
                .filter(each -> each.fingerprint().equals(configured))
                .findFirst();
        if (!known.isEmpty() && named.isEmpty()) {
            throw new IllegalStateException(
                    "the configured fingerprint " + configured
                            + " is none of the key centre that this provider is pinned to, whose latest key is "
                            + known.get(known.size() - 1).fingerprint()
                            + ": configure that one, or, if the operators of the key centre confirm the new one, pin it anew (ferrymesh provider forget key-centre)");
        }
        return named.flatMap(from -> known.stream()
                        .filter(each -> each.number() >= from.number() && !isOver(each, known, now))
                        .findFirst())
                .map(Trusted::fingerprint)
                .orElse(configured);
    }

    /**
     * Keeps what is known of these. False, and nothing is kept, when the database says something else of one: two processes of this
     * provider were told different things.
     */
    public boolean learn(List<Trusted> heard) {
        List<Trusted> known = all();
        if (known.containsAll(heard)) {
            return true;
        }
        return database.<Boolean>transaction(handle -> {
            CredentialTable.lock(handle);
            List<Trusted> before = all(handle);
            boolean fits = heard.stream().allMatch(each -> before.stream().allMatch(there -> fit(there, each)));
            if (fits) {
                heard.stream().filter(each -> !before.contains(each)).forEach(each -> write(handle, each));
            }
            return fits;
        });
    }

    /** Without a time one retires with its successor: it was not heard of before, or an older row was put back. */
    private static boolean isOver(Trusted each, List<Trusted> known, long now) {
        boolean last = each.number() == known.get(known.size() - 1).number();
        return each.isRetired(now) || (each.retiresAt().isEmpty() && !last);
    }

    private static boolean fit(Trusted there, Trusted heard) {
        boolean sameKey = there.fingerprint().equals(heard.fingerprint());
        boolean sameNumber = there.number() == heard.number();
        boolean sameEnd = there.retiresAt().isEmpty()
                || heard.retiresAt().isEmpty()
                || there.retiresAt().equals(heard.retiresAt());
        return sameKey == sameNumber && (!sameKey || sameEnd);
    }

    /** Never takes back when a key retires. */
    private void write(Handle handle, Trusted each) {
        int unused = handle.createUpdate(
                        "INSERT INTO trusted_key (number, fingerprint, retires_at, mac)"
                                + " VALUES (:number, :fingerprint, :retires, :mac) ON CONFLICT (number) DO UPDATE"
                                + " SET retires_at = excluded.retires_at, mac = excluded.mac WHERE excluded.retires_at IS NOT NULL")
                .bind("number", each.number())
                .bind("fingerprint", each.fingerprint().bytes())
                .bind("retires", each.retiresAt())
                .bind("mac", key.seal(NOTHING, each.encoded()))
                .execute();
    }

    private List<Trusted> all(Handle handle) {
        return handle.createQuery("SELECT number, fingerprint, retires_at, mac FROM trusted_key ORDER BY number")
                .map((row, context) -> trusted(row))
                .list();
    }

    private Trusted trusted(ResultSet row) throws SQLException {
        long retiresAt = row.getLong("retires_at");
        Optional<Long> retires = row.wasNull() ? Optional.empty() : Optional.of(retiresAt);
        Trusted read = new Trusted(row.getLong("number"), Digest.of(row.getBytes("fingerprint")), retires);
        byte[] unused = key.open(row.getBytes("mac"), read.encoded());
        return read;
    }
}
