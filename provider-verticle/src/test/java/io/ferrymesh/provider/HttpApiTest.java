package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.GrantOffer;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.ReportLine;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API over real HTTP, before an engine that moves nothing. */
class HttpApiTest {

    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String PSK = "5a".repeat(32);
    private static final String GRANTS = "/v1/grants";
    private static final String MIGRATIONS = "/v1/migrations";

    private final Vertx vertx = Vertx.vertx();
    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final FakeMigrations engine = new FakeMigrations();
    private final UserBudget budget = new UserBudget(clock, 10);
    private final List<HealthReason> reasons = new CopyOnWriteArrayList<>();
    private final Front front = new Front(vertx);
    private ApiClient api = new ApiClient(vertx, 0);

    @BeforeEach
    void start() {
        List<UserAccount> users = List.of(Users.account("alice", "alice-token"), Users.account("bob", "bob-token"));
        ProviderOptions options = ProviderOptions.of(Digest.sha256(), 0, users);
        HttpApi http = new HttpApi(
                new Accounts(users),
                new GrantRoutes(engine, clock, 3, budget),
                new MigrationRoutes(engine, 3, budget),
                () -> reasons);
        api = new ApiClient(
                vertx, ApiClient.send(ApiServer.start(vertx, front, options)).actualPort());
        front.open(http.router(vertx));
    }

    @AfterEach
    void stop() {
        ApiClient.send(vertx.close());
    }

    @Test
    void health_needs_no_token() {
        assertThat(api.get("", "/v1/health").bodyAsJsonObject()).isEqualTo(new JsonObject().put("status", "UP"));
    }

    @Test
    void health_says_what_is_wrong() {
        reasons.add(new HealthReason("REVOCATION_STALE", "nobody can say who is revoked"));
        HttpResponse<Buffer> response = api.get("", "/v1/health");
        assertThat(response.statusCode()).isEqualTo(503);
        JsonObject reason =
                new JsonObject().put("code", "REVOCATION_STALE").put("detail", "nobody can say who is revoked");
        assertThat(response.bodyAsJsonObject())
                .isEqualTo(new JsonObject().put("status", "DEGRADED").put("reasons", new JsonArray().add(reason)));
    }

    @Test
    void while_the_provider_starts_it_says_so_and_does_nothing() {
        ApiClient early = new ApiClient(
                vertx,
                ApiClient.send(ApiServer.start(
                                vertx, new Front(vertx), ProviderOptions.of(Digest.sha256(), 0, List.of())))
                        .actualPort());
        HttpResponse<Buffer> health = early.get("", "/v1/health");
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.bodyAsJsonObject()).isEqualTo(new JsonObject().put("status", "STARTING"));
        refused(early.post("alice-token", GRANTS, grant()), 503, "UNAVAILABLE");
    }

    @Test
    void one_user_cannot_use_up_the_pseudonyms_of_all() {
        engine.sources.put(MigrationId.parse(ID), FakeMigrations.source(GrantState.COMPLETED));
        for (int i = 0; i < 10; i++) {
            engine.sources.put(MigrationId.parse(id(i)), FakeMigrations.source(GrantState.COMPLETED));
            posted(GRANTS, grant().put("migrationId", id(i)));
        }
        HttpResponse<Buffer> eleventh = api.post("alice-token", GRANTS, grant());
        refused(eleventh, 429, "OVERLOADED");
        assertThat(eleventh.bodyAsJsonObject().getString("detail"))
                .isEqualTo("you may begin 10 grants and migrations an hour; try again in 360 s");
        refused(api.post("alice-token", MIGRATIONS, migration()), 429, "OVERLOADED");
        assertThat(api.post("alice-token", GRANTS, grant().put("migrationId", id(9)))
                        .statusCode())
                .isEqualTo(200);
        assertThat(api.post("bob-token", MIGRATIONS, migration()).statusCode()).isEqualTo(202);
        clock.advanceSeconds(360);
        posted(GRANTS, grant());
    }

    @Test
    void each_further_attempt_at_a_failed_migration_counts() {
        posted(MIGRATIONS, migration());
        engine.destinations.put(MigrationId.parse(ID), FakeMigrations.destination(MigrationState.FAILED, List.of(), 0));
        for (int i = 0; i < 9; i++) {
            posted(MIGRATIONS, migration());
        }
        refused(api.post("alice-token", MIGRATIONS, migration()), 429, "OVERLOADED");
        assertThat(engine.calls).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong", "alice-token-and-more", "alice"})
    void without_a_known_token_nothing_is_answered(String token) {
        for (String path : List.of(GRANTS + "/" + ID, MIGRATIONS + "/" + ID, "/v1/no-such-thing")) {
            HttpResponse<Buffer> response = api.get(token, path);
            refused(response, 401, "UNAUTHORIZED");
            assertThat(response.getHeader("WWW-Authenticate")).startsWith("Bearer");
        }
        refused(api.post(token, GRANTS, grant()), 401, "UNAUTHORIZED");
        assertThat(engine.calls).isEmpty();
    }

    @Test
    void another_scheme_of_authorization_is_refused() {
        var request = api.request(HttpMethod.GET, "", GRANTS + "/" + ID).putHeader("Authorization", "Basic YTpi");
        refused(ApiClient.send(request.send()), 401, "UNAUTHORIZED");
    }

    @Test
    void a_grant_reaches_the_engine_and_its_psk_is_wiped() {
        HttpResponse<Buffer> response = api.post("alice-token", GRANTS, grant().put("prefix", "photos/"));
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.bodyAsJsonObject().getString("state")).isEqualTo("WAITING");
        assertThat(response.bodyAsJsonObject().getString("expiresAt")).isEqualTo("2026-03-02T00:00:00Z");
        assertThat(engine.calls).containsExactly("offer " + ID + " " + PSK + " photos/");
        GrantOffer offer = Objects.requireNonNull(engine.offers.get(MigrationId.parse(ID)));
        assertThatIllegalStateException().isThrownBy(() -> offer.psk().copy());
    }

    @Test
    void the_same_grant_again_changes_nothing_and_another_content_conflicts() {
        assertThat(api.post("alice-token", GRANTS, grant()).statusCode()).isEqualTo(201);
        assertThat(api.post("alice-token", GRANTS, grant()).statusCode()).isEqualTo(200);
        refused(api.post("alice-token", GRANTS, grant().put("prefix", "a")), 409, "CONFLICT");
        refused(api.post("alice-token", GRANTS, grant().put("psk", "5b".repeat(32))), 409, "CONFLICT");
        refused(api.post("alice-token", GRANTS, grant().put("expiresInSeconds", 60)), 409, "CONFLICT");
        assertThat(engine.calls).hasSize(1);
    }

    @Test
    void another_users_grant_and_migration_are_not_there() {
        posted(GRANTS, grant());
        posted(MIGRATIONS, migration());
        engine.sources.put(MigrationId.parse(ID), FakeMigrations.source(GrantState.COMPLETED));
        engine.destinations.put(
                MigrationId.parse(ID), FakeMigrations.destination(MigrationState.COMPLETED, List.of(), 0));
        for (String path : List.of(
                GRANTS + "/" + ID,
                GRANTS + "/" + ID + "/receipt",
                MIGRATIONS + "/" + ID,
                MIGRATIONS + "/" + ID + "/report",
                MIGRATIONS + "/" + ID + "/receipt")) {
            assertThat(api.get("alice-token", path).statusCode()).isEqualTo(200);
            HttpResponse<Buffer> stranger = api.get("bob-token", path);
            refused(stranger, 404, "NOT_FOUND");
            HttpResponse<Buffer> nobody = api.get("bob-token", path.replace(ID, "f".repeat(32)));
            assertThat(stranger.bodyAsString()).isEqualTo(nobody.bodyAsString());
        }
        refused(api.delete("bob-token", GRANTS + "/" + ID), 404, "NOT_FOUND");
        refused(api.delete("bob-token", MIGRATIONS + "/" + ID), 404, "NOT_FOUND");
        refused(api.post("bob-token", GRANTS, grant()), 409, "CONFLICT");
        assertThat(engine.calls).hasSize(2);
    }

    @Test
    void a_grant_the_engine_refused_can_be_posted_again() {
        engine.refusal = new MeshException(ErrorCode.UNAVAILABLE, "the mesh is closed at 10.0.0.1");
        HttpResponse<Buffer> response = api.post("alice-token", GRANTS, grant());
        refused(response, 503, "UNAVAILABLE");
        assertThat(response.bodyAsString()).doesNotContain("10.0.0.1");
        assertThat(api.post("alice-token", GRANTS, grant()).statusCode()).isEqualTo(201);
    }

    @Test
    void a_defect_in_the_engine_says_nothing_of_itself() {
        engine.refusal = new IllegalStateException("secret detail");
        HttpResponse<Buffer> response = api.post("alice-token", MIGRATIONS, migration());
        refused(response, 500, "INTERNAL");
        assertThat(response.bodyAsString()).doesNotContain("secret detail");
    }

    @Test
    void a_grant_shows_its_state_counters_and_pseudonyms() {
        posted(GRANTS, grant());
        engine.sources.put(MigrationId.parse(ID), FakeMigrations.source(GrantState.RUNNING));
        JsonObject json = api.get("alice-token", GRANTS + "/" + ID).bodyAsJsonObject();
        assertThat(json.getString("state")).isEqualTo("RUNNING");
        assertThat(json.getLong("objectsSent")).isEqualTo(2);
        assertThat(json.getLong("bytesSent")).isEqualTo(4_096);
        assertThat(json.getString("ownPseudonym")).isEqualTo("11".repeat(16));
        assertThat(json.getString("peerPseudonym")).isEqualTo("22".repeat(16));
        refused(api.get("alice-token", GRANTS + "/" + ID + "/receipt"), 404, "NOT_FOUND");
    }

    @Test
    void a_grant_nobody_claimed_expires() {
        posted(GRANTS, grant().put("expiresInSeconds", 60));
        clock.advanceSeconds(59);
        assertThat(api.get("alice-token", GRANTS + "/" + ID).bodyAsJsonObject().getString("state"))
                .isEqualTo("WAITING");
        clock.advanceSeconds(1);
        assertThat(api.get("alice-token", GRANTS + "/" + ID).bodyAsJsonObject().getString("state"))
                .isEqualTo("EXPIRED");
    }

    @Test
    void a_grant_is_withdrawn_unless_it_has_completed() {
        posted(GRANTS, grant());
        assertThat(api.delete("alice-token", GRANTS + "/" + ID).statusCode()).isEqualTo(204);
        assertThat(engine.calls).endsWith("withdraw " + ID);
        engine.sources.put(MigrationId.parse(ID), FakeMigrations.source(GrantState.COMPLETED));
        refused(api.delete("alice-token", GRANTS + "/" + ID), 409, "CONFLICT");
        HttpResponse<Buffer> receipt = api.get("alice-token", GRANTS + "/" + ID + "/receipt");
        assertThat(receipt.getHeader("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(receipt.body().getBytes()).containsExactly(1, 2, 3);
    }

    @Test
    void a_migration_is_begun_once_and_resumed_only_after_a_failure() {
        assertThat(api.post("alice-token", MIGRATIONS, migration()).statusCode())
                .isEqualTo(202);
        assertThat(api.post("alice-token", MIGRATIONS, migration()).statusCode())
                .isEqualTo(202);
        assertThat(engine.calls).containsExactly("begin " + ID + " " + PSK);
        engine.destinations.put(MigrationId.parse(ID), FakeMigrations.destination(MigrationState.FAILED, List.of(), 0));
        assertThat(api.post("alice-token", MIGRATIONS, migration()).statusCode())
                .isEqualTo(202);
        assertThat(engine.calls).hasSize(2);
        refused(api.post("alice-token", MIGRATIONS, migration().put("psk", "00".repeat(32))), 409, "CONFLICT");
    }

    @Test
    void a_migration_shows_progress_and_what_did_not_arrive() {
        posted(MIGRATIONS, migration());
        refused(api.get("alice-token", MIGRATIONS + "/" + ID), 404, "NOT_FOUND");
        List<ReportLine> problems = List.of(new ReportLine("a\nb\"c", "SOURCE_CHANGED"));
        engine.destinations.put(
                MigrationId.parse(ID), FakeMigrations.destination(MigrationState.COMPLETED, problems, 5));
        JsonObject json = api.get("alice-token", MIGRATIONS + "/" + ID).bodyAsJsonObject();
        assertThat(json.getJsonObject("progress").getLong("objectsAlreadyThere"))
                .isEqualTo(1);
        assertThat(json.getLong("handshakeMicros")).isEqualTo(1_234);
        assertThat(json.getString("finishedAt")).isEqualTo("1970-01-01T00:00:09Z");
        assertThat(json.getString("cryptoProvider")).isEqualTo("SunJCE");
        HttpResponse<Buffer> report = api.get("alice-token", MIGRATIONS + "/" + ID + "/report");
        assertThat(report.getHeader("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(report.bodyAsString())
                .isEqualTo("{\"path\":\"a\\nb\\\"c\",\"code\":\"SOURCE_CHANGED\"}\n{\"more\":4}\n");
        assertThat(api.get("alice-token", MIGRATIONS + "/" + ID + "/receipt")
                        .body()
                        .getBytes())
                .containsExactly(4, 5, 6);
        refused(api.delete("alice-token", MIGRATIONS + "/" + ID), 409, "CONFLICT");
    }

    @Test
    void a_running_migration_is_cancelled() {
        posted(MIGRATIONS, migration());
        engine.destinations.put(
                MigrationId.parse(ID), FakeMigrations.destination(MigrationState.RUNNING, List.of(), 0));
        assertThat(api.delete("alice-token", MIGRATIONS + "/" + ID).statusCode())
                .isEqualTo(204);
        assertThat(engine.calls).endsWith("cancel " + ID);
    }

    @Test
    void a_user_has_so_many_at_once_and_what_has_ended_makes_room() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(String.format(java.util.Locale.ROOT, "%032x", i));
            assertThat(api.post("alice-token", GRANTS, grant().put("migrationId", ids.get(i)))
                            .statusCode())
                    .isEqualTo(201);
        }
        refused(api.post("alice-token", GRANTS, grant()), 429, "OVERLOADED");
        assertThat(api.post("bob-token", GRANTS, grant()).statusCode()).isEqualTo(201);
        engine.sources.put(MigrationId.parse(ids.get(1)), FakeMigrations.source(GrantState.FAILED));
        JsonObject fourth = grant().put("migrationId", "e".repeat(32));
        assertThat(api.post("alice-token", GRANTS, fourth).statusCode()).isEqualTo(201);
        refused(api.get("alice-token", GRANTS + "/" + ids.get(1)), 404, "NOT_FOUND");
        assertThat(api.get("alice-token", GRANTS + "/" + ids.get(0)).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    prefix           | /photos | leading slash
                    prefix           | a//b    | empty part
                    prefix           | ../x    | part . or ..
                    prefix           | a/../b  | part . or ..
                    prefix           | a/./b   | part . or ..
                    migrationId      | 00      | migrationId must be 32 hex digits
                    psk              | zz      | psk must be 64 hex digits
                    expiresInSeconds | 60      | expiresInSeconds must be an integer from 60 to 604800
                    erase            | yes     | unknown field erase
                    """)
    void a_bad_field_is_named(String field, String value, String why) {
        HttpResponse<Buffer> response = api.post("alice-token", GRANTS, grant().put(field, value));
        refused(response, 400, "BAD_REQUEST");
        assertThat(response.bodyAsJsonObject().getString("detail")).contains(why);
        assertThat(engine.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {59, 604_801, -1, Long.MAX_VALUE})
    void an_expiry_out_of_bounds_is_refused(long seconds) {
        refused(api.post("alice-token", GRANTS, grant().put("expiresInSeconds", seconds)), 400, "BAD_REQUEST");
    }

    @Test
    void a_body_is_json_and_small() {
        Buffer body = grant().toBuffer();
        refused(api.post("alice-token", GRANTS, "text/plain", body), 415, "UNSUPPORTED_MEDIA_TYPE");
        refused(api.post("alice-token", GRANTS, "application/json", Buffer.buffer()), 400, "BAD_REQUEST");
        Buffer large = Buffer.buffer("{\"prefix\":\"" + "a".repeat(17 << 10) + "\"}");
        refused(api.post("alice-token", GRANTS, "application/json", large), 413, "BODY_TOO_LARGE");
        assertThat(api.post("alice-token", GRANTS, "Application/JSON; charset=utf-8", body)
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void unknown_resources_methods_and_ids_are_refused() {
        refused(api.get("alice-token", "/v1/other"), 404, "NOT_FOUND");
        refused(api.get("alice-token", "/other"), 404, "NOT_FOUND");
        refused(api.get("alice-token", GRANTS), 405, "METHOD_NOT_ALLOWED");
        refused(api.get("alice-token", GRANTS + "/xyz"), 400, "BAD_REQUEST");
        refused(api.get("alice-token", GRANTS + "/%00%ff"), 400, "BAD_REQUEST");
        refused(api.get("alice-token", MIGRATIONS + "/" + ID + "0"), 400, "BAD_REQUEST");
        refused(api.get("alice-token", MIGRATIONS + "/%zz"), 400, "BAD_REQUEST");
    }

    @Test
    void long_lines_and_large_headers_are_refused() {
        refused(api.get("alice-token", "/v1/" + "a".repeat(3_000)), 414, "URI_TOO_LONG");
        var request = api.request(HttpMethod.GET, "alice-token", "/v1/health").putHeader("X", "a".repeat(9_000));
        refused(ApiClient.send(request.send()), 431, "HEADERS_TOO_LARGE");
    }

    private void posted(String path, JsonObject body) {
        assertThat(api.post("alice-token", path, body).statusCode()).isBetween(201, 202);
    }

    private static void refused(HttpResponse<Buffer> response, int status, String code) {
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
        assertThat(response.getHeader("Content-Type")).isEqualTo("application/problem+json");
        JsonObject problem = response.bodyAsJsonObject();
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("detail")).isNotBlank().doesNotContain(PSK);
    }

    private static String id(int number) {
        return "%032x".formatted(number);
    }

    private static JsonObject grant() {
        return new JsonObject().put("migrationId", ID).put("psk", PSK);
    }

    private static JsonObject migration() {
        return grant();
    }
}
