package io.ferrymesh.kgc;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Issuer;
import io.ferrymesh.scheme.Validity;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * This node's credentials for announcements, one a key epoch, issued by the key centre to itself for a day and entered like any
 * other certificate before they are used. Guarded by {@link Announcements}.
 */
final class Announcers implements AutoCloseable {

    /** How far a provider's clock may be behind. */
    static final long BACKDATE_SECONDS = 30;

    private static final long CREDENTIAL_SECONDS = 86_400;

    private final Registry registry;
    private final Serials serials;
    private final KgcOptions options;
    private final KgcRuntime runtime;
    private final Map<Integer, Credential> byEpoch = new HashMap<>();

    Announcers(Registry registry, Serials serials, KgcOptions options, KgcRuntime runtime) {
        this.registry = registry;
        this.serials = serials;
        this.options = options;
        this.runtime = runtime;
    }

    /** One that is valid and outlives what is signed with it now, wherever the clock was before. */
    Credential of(KeyEpoch epoch, long now) {
        Credential current = byEpoch.get(epoch.number());
        long needed = now + 2 * options.announcementValiditySeconds();
        if (current != null && covers(current.certificate().info().validity(), now, needed)) {
            return current;
        }
        Credential fresh = issue(epoch, new Validity(now - BACKDATE_SECONDS, needed + CREDENTIAL_SECONDS));
        byEpoch.put(epoch.number(), fresh);
        if (current != null) {
            current.close();
        }
        return fresh;
    }

    private static boolean covers(Validity validity, long from, long to) {
        return validity.notBefore() <= from && validity.notAfter() >= to;
    }

    /** Closes those of epochs that are not live any more. */
    void forgetRetired(KeyEpochs epochs, long now) {
        for (Iterator<Map.Entry<Integer, Credential>> each = byEpoch.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Integer, Credential> entry = each.next();
            if (epochs.live(now).stream().noneMatch(epoch -> epoch.number() == entry.getKey())) {
                entry.getValue().close();
                each.remove();
            }
        }
    }

    private Credential issue(KeyEpoch epoch, Validity validity) {
        long serial = serials.take(1);
        var pseudonym = registry.keyring().trace().seal(0, serial);
        Credential credential = Issuer.announcer(epoch.keys().master(), pseudonym, validity, runtime.random());
        registry.enterOwn(
                epoch, serial, credential.certificate(), runtime.clock().instant());
        return credential;
    }

    @Override
    public void close() {
        byEpoch.values().forEach(Credential::close);
        byEpoch.clear();
    }
}
