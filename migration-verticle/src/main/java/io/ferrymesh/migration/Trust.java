package io.ferrymesh.migration;

import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationView;
import java.util.List;

/** Whom this provider trusts at this moment. Any thread. */
public interface Trust {

    /**
     * The key centre's keys that are trusted now, the one to use first at the front: from the key this provider is configured
     * with over its successors, those that are announced but not yet active included, up to none that is retired.
     */
    List<KgcPublicKey> keys();

    /** What is known of revoked pseudonyms, of all keys. */
    RevocationView revocation();

    /**
     * Has this run whenever more pseudonyms have become revoked, soon after they have. It returns quickly and may run on any
     * thread.
     */
    void onRevoked(Runnable listener);
}
