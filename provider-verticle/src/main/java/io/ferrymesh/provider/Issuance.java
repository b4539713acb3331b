package io.ferrymesh.provider;

import io.ferrymesh.scheme.Credential;
import io.vertx.core.Future;
import java.util.List;

/**
 * One request for credentials. Sent again it is the same bytes, which the key centre answers only once, so nothing is issued
 * or paid for twice when an answer was lost. The key centre takes it for a few minutes.
 */
interface Issuance extends AutoCloseable {

    /** Sends it, for the first time or again. The credentials are the caller's to close. */
    Future<List<Credential>> send();

    /** Wipes what the answer would have needed. */
    @Override
    void close();
}
