package io.ferrymesh.cli.user;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A stream of a provider's events, each with one line of JSON. */
final class ServerSentEvents {

    private static final String EVENT = "event:";
    private static final String DATA = "data:";

    private ServerSentEvents() {}

    /** Hands over each event's data as it comes, of those after a number, with the event's name, until the provider ends the stream. */
    static void read(UserClient user, String path, long after, Consumer<JsonObject> each)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = user.send(user.request(path)
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", Long.toString(after))
                .GET());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String event = "message";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(EVENT)) {
                    event = line.substring(EVENT.length()).strip();
                } else if (line.startsWith(DATA)) {
                    each.accept(new JsonObject()
                            .put("event", event)
                            .mergeIn(new JsonObject(line.substring(DATA.length()))));
                }
            }
        } catch (DecodeException e) {
            throw new IOException(path + " did not answer with events", e);
        }
    }
}
