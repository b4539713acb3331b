package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** A user at one process of a provider, over its HTTP API, with a session that outlives no test. */
public final class User {

    static final String NAME = "alex";
    static final String PASSWORD = "a password of alex's 4711";

    private static final Set<String> OVER = Set.of("COMPLETED", "FAILED", "CANCELLED", "WITHDRAWN");

    private final Door door;
    private final String token;

    /**
     * Where a process is asked, and how.
     *
     * @param patience how long one answer may take
     */
    public record Door(HttpClient http, URI process, Duration patience) {

        private static Door of(Nodes.Node process) {
            return new Door(HttpClient.newHttpClient(), process.api(), Duration.ofMinutes(1));
        }
    }

    private User(Door door, String token) {
        this.door = door;
        this.token = token;
    }

    /** A new account. */
    static User register(Nodes.Node process) throws IOException, InterruptedException {
        return register(process, NAME);
    }

    /** A new account of that name. */
    static User register(Nodes.Node process, String name) throws IOException, InterruptedException {
        return register(Door.of(process), name);
    }

    /** A new account of that name. */
    public static User register(Door door, String name) throws IOException, InterruptedException {
        return new User(door, "").tokens("/v1/accounts", name);
    }

    /** Another session. */
    static User login(Nodes.Node process) throws IOException, InterruptedException {
        return login(process, NAME);
    }

    /** Another session of the one of that name. */
    static User login(Nodes.Node process, String name) throws IOException, InterruptedException {
        return login(Door.of(process), name);
    }

    /** Another session of the one of that name. */
    public static User login(Door door, String name) throws IOException, InterruptedException {
        return new User(door, "").tokens("/v1/sessions", name);
    }

    private User tokens(String path, String name) throws IOException, InterruptedException {
        JsonObject who = new JsonObject().put("name", name).put("password", PASSWORD);
        return new User(door, send("POST", path, Optional.of(who)).getString("accessToken"));
    }

    /** The same session at another process. */
    User at(Nodes.Node other) {
        return at(Door.of(other));
    }

    /** The same session there. */
    public User at(Door other) {
        return new User(other, token);
    }

    /** What proves who it is. */
    String token() {
        return token;
    }

    /** The account's number, which the token says. */
    public String account() {
        String claims = token.split("\\.", -1)[1];
        return new JsonObject(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8))
                .getString("sub");
    }

    /** What it keeps there. */
    public UserObjects objects() {
        return new UserObjects(door, token);
    }

    /** What both providers are told. */
    public static JsonObject freshGrant() {
        return new JsonObject().put("migrationId", random(16)).put("psk", random(32));
    }

    /** At the source. */
    public void allow(JsonObject grant) throws IOException, InterruptedException {
        JsonObject unused = send("POST", "/v1/grants", Optional.of(grant));
    }

    /** At the destination. */
    public void fetch(JsonObject grant) throws IOException, InterruptedException {
        JsonObject unused = send("POST", "/v1/migrations", Optional.of(grant));
    }

    /** At the destination: stops it so that it can go on, or lets it. */
    public void tell(JsonObject grant, String what) throws IOException, InterruptedException {
        JsonObject unused =
                send("POST", "/v1/migrations/" + grant.getString("migrationId") + "/" + what, Optional.empty());
    }

    /** At the destination: whatever limit it had, from now on it comes as fast as it can. */
    public void unlimit(JsonObject grant) throws IOException, InterruptedException {
        JsonObject unused = send(
                "PATCH",
                "/v1/migrations/" + grant.getString("migrationId"),
                Optional.of(new JsonObject().putNull("bandwidth")));
    }

    /** The source's view. */
    public JsonObject grant(JsonObject grant) throws IOException, InterruptedException {
        return get("/v1/grants/" + grant.getString("migrationId"));
    }

    /** The destination's view. */
    public JsonObject migration(JsonObject grant) throws IOException, InterruptedException {
        return get("/v1/migrations/" + grant.getString("migrationId"));
    }

    public JsonObject get(String path) throws IOException, InterruptedException {
        return send("GET", path, Optional.empty());
    }

    /** Bytes that are not text. */
    public byte[] bytes(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(door.process().resolve(path))
                .timeout(door.patience())
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<byte[]> response = door.http().send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).as("GET %s", path).isEqualTo(200);
        return response.body();
    }

    /** The status of an answer, whatever it is. */
    public int status(String method, String path) throws IOException, InterruptedException {
        return answer(method, path, Optional.empty()).statusCode();
    }

    /** Waits until so many bytes moved, and the migration still runs. */
    void awaitMoved(JsonObject grant, long bytes) throws Exception {
        JsonObject seen = Awaiting.until(bytes + " bytes moved", () -> Optional.of(migration(grant))
                .filter(view -> over(view) || view.getJsonObject("progress").getLong("bytesMoved") >= bytes));
        assertThat(seen.getString("state")).as(seen.encode()).isEqualTo("RUNNING");
    }

    /** The destination's view when all is over. */
    JsonObject awaitMigration(JsonObject grant) throws Exception {
        return Awaiting.until(
                "the migration's end", () -> Optional.of(migration(grant)).filter(User::over));
    }

    /** The destination's view when it stands so. */
    JsonObject awaitState(JsonObject grant, String state) throws Exception {
        return Awaiting.until(state, () -> Optional.of(migration(grant))
                .filter(view -> view.getString("state").equals(state)));
    }

    /** Whether a view of a migration says so. */
    public static boolean over(JsonObject view) {
        return OVER.contains(view.getString("state"));
    }

    private JsonObject send(String method, String path, Optional<JsonObject> body)
            throws IOException, InterruptedException {
        HttpResponse<String> response = answer(method, path, body);
        assertThat(response.statusCode())
                .as("%s %s: %s", method, path, response.body())
                .isBetween(200, 299);
        return new JsonObject(response.body());
    }

    private HttpResponse<String> answer(String method, String path, Optional<JsonObject> body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(door.process().resolve(path)).timeout(door.patience());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body.isPresent()) {
            request.header("Content-Type", "application/json");
        }
        HttpRequest sent = request.method(
                        method,
                        body.map(json -> HttpRequest.BodyPublishers.ofString(json.encode()))
                                .orElse(HttpRequest.BodyPublishers.noBody()))
                .build();
        return door.http().send(sent, HttpResponse.BodyHandlers.ofString());
    }

    private static String random(int bytes) {
        byte[] value = new byte[bytes];
        new SecureRandom().nextBytes(value);
        return HexFormat.of().formatHex(value);
    }
}
