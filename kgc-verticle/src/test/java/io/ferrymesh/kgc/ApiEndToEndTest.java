package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.kgc.api.ApiBackend;
import io.ferrymesh.kgc.api.ApiOptions;
import io.ferrymesh.kgc.api.ApiVerticle;
import io.ferrymesh.kgc.api.Documented;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API in front of a key centre with a database, every answer held against the document. */
@SuppressWarnings("CheckReturnValue") // get and post check what comes back, whether it is looked at further or not
class ApiEndToEndTest {

    private static final String REASON = "a court order, file 7/26";

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<Role, String> tokens = new EnumMap<>(Role.class);
    private TestCentre centre;
    private ApiVerticle api;
    private Documented documented;

    @BeforeEach
    void start() throws Exception {
        centre = new TestCentre(new DatabaseOptions.Sqlite(directory.resolve("kgc.db")));
        for (Role role : Role.values()) {
            tokens.put(role, centre.kgc.operators().add("of-" + role, role).token());
        }
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        api = new ApiVerticle(ApiOptions.loopback(0), new ApiBackend(centre.kgc, this::askDatabase, meters));
        String unused = vertx.deployVerticle(api).await(30, TimeUnit.SECONDS);
        documented = Documented.by(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        Void unused = vertx.close().await(30, TimeUnit.SECONDS);
        centre.close();
    }

    @Test
    void a_provider_is_taken_on_enrols_and_can_be_found_traced_and_revoked() throws Exception {
        JsonObject provider = post(201, "createProvider", Role.ENROLMENT, "/v1/providers", "{'name':'old-cloud'}");
        assertThat(provider.getLong("number")).isEqualTo(1);
        String token = post(201, "createToken", Role.ENROLMENT, "/v1/providers/1/tokens", "{}")
                .getString("token");
        List<Credential> held = centre.enrol(EnrolmentToken.of(HexFormat.of().parseHex(token)), 1, 1);
        Certificate certificate = held.get(0).certificate();
        assertThat(get(200, "showProvider", Role.ENROLMENT, "/v1/providers/1").getInteger("usedInEpoch"))
                .isEqualTo(2);

        requireProof(certificate);
        String pseudonym = certificate.pseudonym().hex();
        JsonObject traced = post(200, "tracePseudonym", Role.TRACE, "/v1/traces/pseudonym", body(pseudonym));
        assertThat(traced.getJsonObject("provider"))
                .isEqualTo(new JsonObject()
                        .put("number", 1)
                        .put("name", "old-cloud")
                        .put("usage", certificate.info().usage().name()));

        JsonObject one = post(200, "revokePseudonym", Role.REVOCATION, "/v1/revocations", body(pseudonym));
        assertThat(one).isEqualTo(new JsonObject().put("number", 1).put("revoked", 1));
        JsonObject rest = post(
                200, "revokeProvider", Role.REVOCATION, "/v1/providers/1/revocation", "{'reason':'" + REASON + "'}");
        assertThat(rest).isEqualTo(new JsonObject().put("number", 2).put("revoked", 1));
        assertThat(post(409, "createToken", Role.ENROLMENT, "/v1/providers/1/tokens", "{}")
                        .getString("code"))
                .isEqualTo("CONFLICT");
        held.forEach(Credential::close);
    }

    @Test
    void what_a_role_does_not_allow_is_refused_and_in_the_audit_log() throws Exception {
        post(403, "createProvider", Role.TRACE, "/v1/providers", "{'name':'old-cloud'}");
        post(403, "tracePseudonym", Role.ENROLMENT, "/v1/traces/pseudonym", body("00".repeat(16)));
        get(403, "listAuditEntries", Role.ADMIN, "/v1/audit/entries");
        JsonArray entries = get(200, "listAuditEntries", Role.AUDIT, "/v1/audit/entries?limit=1000")
                .getJsonArray("entries");
        assertThat(entries.stream().map(entry -> ((JsonObject) entry).getString("details")))
                .anyMatch(details -> details.contains("of-TRACE") || details.contains("createProvider"));
        for (Role role : Role.values()) {
            assertThat(get(200, "status", role, "/v1/status").getString("database"))
                    .isEqualTo("sqlite");
        }
    }

    @Test
    void pages_of_providers_go_on_where_the_last_one_ended() throws Exception {
        for (int i = 1; i <= 5; i++) {
            post(201, "createProvider", Role.ENROLMENT, "/v1/providers", "{'name':'p" + i + "','quota':" + i + "}");
        }
        JsonArray page = get(200, "listProviders", Role.REVOCATION, "/v1/providers?after=2&limit=2")
                .getJsonArray("providers");
        assertThat(page.stream().map(each -> ((JsonObject) each).getString("name")))
                .containsExactly("p3", "p4");
        post(409, "createProvider", Role.ENROLMENT, "/v1/providers", "{'name':'p1'}");
        get(404, "showProvider", Role.ENROLMENT, "/v1/providers/6");
        JsonObject refused =
                post(422, "createProvider", Role.ENROLMENT, "/v1/providers", "{'name':'a','quota':999999}");
        assertThat(refused.getString("detail")).contains("quota must be", "999999");
    }

    @Test
    void a_key_is_rotated_once_at_a_time() throws Exception {
        JsonObject made = post(201, "rotate", Role.ADMIN, "/v1/key-epochs", "{'activateAfterSeconds':86400}");
        assertThat(made.getInteger("number")).isEqualTo(2);
        post(409, "rotate", Role.ADMIN, "/v1/key-epochs", "{'activateAfterSeconds':86400}");
        JsonArray epochs =
                get(200, "listKeyEpochs", Role.TRACE, "/v1/key-epochs").getJsonArray("keyEpochs");
        assertThat(epochs).hasSize(2);
        post(409, "createBackup", Role.ADMIN, "/v1/backups", "");
        assertThat(get(200, "showAuditHead", Role.AUDIT, "/v1/audit/head").getString("bulletin"))
                .isNotBlank();
    }

    @Test
    void a_removed_operator_is_nobody_at_once() throws Exception {
        get(200, "status", Role.ENROLMENT, "/v1/status");
        centre.kgc.operators().remove("of-ENROLMENT");
        get(401, "status", Role.ENROLMENT, "/v1/status");
    }

    @Test
    void a_database_that_is_gone_is_unavailable_and_unhealthy() throws Exception {
        centre.node.database().close();
        get(503, "status", Role.ENROLMENT, "/v1/status");
        get(503, "health", Role.ENROLMENT, "/health");
    }

    private void requireProof(Certificate certificate) throws Exception {
        String encoded = Base64.getEncoder().encodeToString(certificate.encoded());
        JsonObject proof = post(
                200,
                "lookUpCertificate",
                Role.AUDIT,
                "/v1/audit/certificate-lookups",
                "{'certificate':'" + encoded + "'}");
        JsonObject found = proof.getJsonObject("found");
        byte[] salted =
                HexFormat.of().parseHex(found.getString("salt") + HexFormat.of().formatHex(certificate.encoded()));
        assertThat(found.getJsonArray("commitments").getString(found.getInteger("index")))
                .isEqualTo(Digest.sha256(salted).hex());
    }

    private void askDatabase() {
        int unused = centre.node.database().read(handle -> handle.createQuery("SELECT 1")
                .mapTo(Integer.class)
                .one());
    }

    private static String body(String pseudonym) {
        return "{'pseudonym':'" + pseudonym + "','reason':'" + REASON + "'}";
    }

    private JsonObject get(int status, String operation, Role role, String path) throws Exception {
        return send(status, operation, role, path, HttpRequest.newBuilder().GET());
    }

    private JsonObject post(int status, String operation, Role role, String path, String body) throws Exception {
        HttpRequest.BodyPublisher json = HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'));
        return send(status, operation, role, path, HttpRequest.newBuilder().POST(json));
    }

    private JsonObject send(int status, String operation, Role role, String path, HttpRequest.Builder request)
            throws Exception {
        HttpResponse<String> response = http.send(
                request.uri(api.uri().resolve(path))
                        .header("Authorization", "Bearer " + tokens.get(role))
                        .header("Content-Type", "application/json")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        documented.require(operation, response);
        return new JsonObject(response.body());
    }
}
