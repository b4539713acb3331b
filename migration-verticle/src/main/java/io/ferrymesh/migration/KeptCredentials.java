package io.ferrymesh.migration;

import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Rendezvous;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Credentials of attempts that came to nothing: the next attempt of the same migration under the same key takes them, so that waiting
 * for a source that is busy or away costs no more of them. Only that source may have seen them. A bounded number; the oldest goes first.
 * Any thread.
 */
final class KeptCredentials implements AutoCloseable {

    static final int MOST = 10_000;

    /** @param grant of the migration's id and key together: another source has another */
    private record Key(String migration, Rendezvous grant, KgcPublicKey kgc) {}

    // under this
    private final Map<Key, Credentials> kept = new LinkedHashMap<>();
    private boolean closed;

    /** Keeps a migration's credentials, which are taken over. */
    synchronized void keep(String migration, Rendezvous grant, Credentials credentials) {
        if (closed) {
            credentials.close();
            return;
        }
        Credentials before = kept.put(new Key(migration, grant, credentials.kgc()), credentials);
        if (before != null) {
            before.close();
        }
        if (kept.size() > MOST) {
            Iterator<Credentials> oldest = kept.values().iterator();
            oldest.next().close();
            oldest.remove();
        }
    }

    /** Those of a migration under a key, if they last through another run; they are the taker's from then on. */
    synchronized Optional<Credentials> take(String migration, Rendezvous grant, KgcPublicKey kgc, long nowSeconds) {
        Credentials credentials = kept.remove(new Key(migration, grant, kgc));
        if (credentials != null && !credentials.lasts(nowSeconds)) {
            credentials.close();
            return Optional.empty();
        }
        return Optional.ofNullable(credentials);
    }

    /** Wipes those of a migration that will not be tried again here. */
    synchronized void forget(String migration) {
        kept.entrySet().removeIf(each -> each.getKey().migration.equals(migration) && wiped(each.getValue()));
    }

    /** Wipes what is of none of these keys, and what does not last. */
    synchronized void dropRetired(Set<KgcPublicKey> trusted, long nowSeconds) {
        kept.entrySet()
                .removeIf(each -> (!trusted.contains(each.getKey().kgc)
                                || !each.getValue().lasts(nowSeconds))
                        && wiped(each.getValue()));
    }

    private static boolean wiped(Credentials credentials) {
        credentials.close();
        return true;
    }

    @Override
    public synchronized void close() {
        closed = true;
        kept.values().forEach(Credentials::close);
        kept.clear();
    }
}
