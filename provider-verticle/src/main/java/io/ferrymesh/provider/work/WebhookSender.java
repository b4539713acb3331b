package io.ferrymesh.provider.work;

import io.vertx.core.Future;
import java.net.URI;
import java.util.Map;

/** Carries what webhooks are told to where they are. Never blocks; any thread. */
public interface WebhookSender {

    /** IllegalArgumentException, which says what would be right, for a URL to which nothing is ever sent. */
    void check(URI url);

    /** Posts a body of JSON and gives the status of the answer. Fails when there is none, in a time that is bounded. */
    Future<Integer> post(URI url, Map<String, String> headers, String body);
}
