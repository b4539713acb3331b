package io.ferrymesh.cli.user;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** A user who is logged in at one provider. Asks for the next pair of tokens when the one it has runs out. */
public final class UserClient {

    /** An access token that is good for less than this is not used any more. */
    private static final Duration MARGIN = Duration.ofSeconds(15);

    private final ProviderHttp http;
    private final SessionKeeper session;
    private final Clock clock;

    UserClient(ProviderHttp http, SessionKeeper session, Clock clock) {
        this.http = http;
        this.session = session;
        this.clock = clock;
    }

    /** Of a session that is kept somewhere. */
    public static UserClient of(SessionKeeper session) throws IOException {
        Session now = session.current();
        return new UserClient(new ProviderHttp(now.provider(), now.trusted()), session, Clock.systemUTC());
    }

    /** Whose session it is, and where. */
    public Session session() throws IOException {
        return session.current();
    }

    public JsonObject get(String path) throws IOException, InterruptedException {
        return ProviderHttp.json(
                send(http.request(path).timeout(ProviderHttp.ANSWER).GET()));
    }

    public JsonObject send(String method, String path, JsonObject body) throws IOException, InterruptedException {
        return ProviderHttp.json(send(ProviderHttp.json(http.request(path), method, body)));
    }

    /** A request without a body whose answer is JSON. */
    public JsonObject send(String method, String path) throws IOException, InterruptedException {
        return ProviderHttp.json(send(
                http.request(path).timeout(ProviderHttp.ANSWER).method(method, HttpRequest.BodyPublishers.noBody())));
    }

    /** A request whose answer has no body that matters. */
    public void tell(String method, String path, Optional<JsonObject> body) throws IOException, InterruptedException {
        HttpRequest.Builder request = http.request(path);
        HttpRequest.Builder filled = body.isPresent()
                ? ProviderHttp.json(request, method, body.get())
                : request.timeout(ProviderHttp.ANSWER).method(method, HttpRequest.BodyPublishers.noBody());
        try (InputStream rest = send(filled).body()) {
            long unused = rest.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    /** An answer as it comes; the caller closes its body. */
    HttpResponse<InputStream> stream(String path, String accept) throws IOException, InterruptedException {
        return send(http.request(path).header("Accept", accept).GET());
    }

    HttpRequest.Builder request(String path) {
        return http.request(path);
    }

    /** Sends a request, whose body can be sent twice, as this user. */
    HttpResponse<InputStream> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        Session now = session.current();
        if (now.accessUntil().minus(MARGIN).isBefore(clock.instant())) {
            now = session.renewed(now, this::next);
        }
        try {
            return http.send(authorised(request, now));
        } catch (RefusedException e) {
            if (e.status() != 401) {
                throw e;
            }
            return http.send(authorised(request, session.renewed(now, this::next)));
        }
    }

    private static HttpRequest authorised(HttpRequest.Builder request, Session session) {
        return request.setHeader("Authorization", "Bearer " + session.access()).build();
    }

    private Session next(Session stale) throws IOException, InterruptedException {
        JsonObject body = new JsonObject().put("refreshToken", stale.refresh());
        HttpRequest.Builder request = ProviderHttp.json(http.request("/v1/sessions/refresh"), "POST", body);
        try {
            return stale.next(ProviderHttp.json(http.send(request.build())), clock.instant());
        } catch (RefusedException e) {
            if (e.status() == 401) {
                throw new IOException(
                        "the session of " + stale.name() + " at " + stale.provider()
                                + " has ended: log in with ferrymesh account login",
                        e);
            }
            throw e;
        }
    }
}
