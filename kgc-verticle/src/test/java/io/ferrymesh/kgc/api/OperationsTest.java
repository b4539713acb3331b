package io.ferrymesh.kgc.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.kgc.operator.OperationException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the operations, and what does not. */
class OperationsTest {

    private static ApiUnderTest api;

    @BeforeAll
    static void start() {
        api = new ApiUnderTest();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void forget() {
        api.operations.failure = null;
        api.operations.asked.clear();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "createProvider a.b-c_D OptionalInt[5] | POST | /v1/providers | {'name':'a.b-c_D','quota':5}",
                "createProvider x OptionalInt.empty | POST | /v1/providers | {'name':'x'}",
                "createProvider x OptionalInt.empty | POST | /v1/providers | {'name':'x','quota':null}",
                "createToken 7 OptionalLong.empty | POST | /v1/providers/7/tokens | {}",
                "createToken 7 OptionalLong[60] | POST | /v1/providers/7/tokens | {'validitySeconds':60}",
                "providers 0 100 | GET | /v1/providers |",
                "providers 41 1000 | GET | /v1/providers?after=41&limit=1000 |",
                "provider 9007199254740991 | GET | /v1/providers/9007199254740991 |",
                "setQuota 7 OptionalInt.empty | PUT | /v1/providers/7/quota | {'quota':null}",
                "setQuota 7 OptionalInt[0] | PUT | /v1/providers/7/quota | {'quota':0}",
                "revokeProvider 7 its key was stolen | POST | /v1/providers/7/revocation |"
                        + " {'reason':'its key was stolen'}",
                "keyEpochs | GET | /v1/key-epochs |",
                "rotate 0 | POST | /v1/key-epochs | {'activateAfterSeconds':0}",
                "audit 3 5 | GET | /v1/audit/entries?limit=5&after=3 |",
                "auditHead | GET | /v1/audit/head |",
                "backup | POST | /v1/backups |",
                "status | GET | /v1/status |",
            })
    void a_request_becomes_the_operation_with_its_values(String asked, String method, String path, String body) {
        HttpRequest.BodyPublisher sent = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'));
        HttpResponse<String> response = api.send(
                api.authorized(path).header("Content-Type", "application/json").method(method, sent));
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
        assertThat(api.operations.asked).containsExactly(asked);
    }

    @Test
    void a_new_provider_says_where_it_is() {
        HttpResponse<String> response = api.post("/v1/providers", "{\"name\":\"old-cloud\"}");
        assertThat(response.headers().firstValue("Location")).contains("/v1/providers/7");
        assertThat(new JsonObject(response.body()).getString("createdAt")).isEqualTo("2026-01-02T03:04:05.678Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/providers | {'name':'a b'} | name must be 1 to 64 of A-Z, a-z, 0-9, dot, hyphen and underscore:"
                        + " 'a b'",
                "/v1/providers | {'name':''} | name must be 1 to 64 of A-Z, a-z, 0-9, dot, hyphen and underscore: ''",
                "/v1/providers | {'name':5} | name must be 1 to 64 of A-Z, a-z, 0-9, dot, hyphen and underscore: 5",
                "/v1/providers | {'quota':5} | name is missing: 1 to 64 of A-Z, a-z, 0-9, dot, hyphen and underscore",
                "/v1/providers | {'name':'a','quota':1000001} | quota must be a number of certificates from 0 to"
                        + " 1000000, or null for the default: 1000001",
                "/v1/providers | {'name':'a','quota':-1} | quota must be a number of certificates from 0 to 1000000,"
                        + " or null for the default: -1",
                "/v1/providers | {'name':'a','colour':'red'} | unknown field 'colour'; known are name, quota",
                "/v1/providers | {'name':'a','name':'b'} | the body is not valid JSON, or repeats a field, at line 1,"
                        + " column 19",
                "/v1/providers | {'name':'a'} {} | there is something after the JSON value in the body",
                "/v1/providers | [] | the body must be a JSON object with name, quota",
                "/v1/providers | null | the body must be a JSON object with name, quota",
                "/v1/providers | {'name': | the body is not valid JSON, or repeats a field, at line 1, column 9",
                "/v1/providers/7/revocation | {'reason':'too short'} | reason must be 10 to 500 characters without"
                        + " control characters, kept in the audit log: 'too short'",
                "/v1/providers/0/tokens | {} | number must be a provider's number, from 1: '0'",
                "/v1/providers/x/tokens | {} | number must be a provider's number, from 1: 'x'",
                "/v1/providers/1e3/tokens | {} | number must be a provider's number, from 1: '1e3'",
                "/v1/providers/99999999999999999999/tokens | {} | number must be a provider's number, from 1:"
                        + " '99999999999999999999'",
                "/v1/key-epochs | {'activateAfterSeconds':1.5} | activateAfterSeconds must be from when the new key is"
                        + " used, 0 to 31622400 seconds from now: 1.5",
                "/v1/traces/pseudonym | {'pseudonym':'00','reason':'a court order'} | pseudonym must be 32 lower-case"
                        + " hex digits: '00'",
            })
    void a_complaint_names_the_field_the_value_and_what_would_be_right(String path, String body, String detail) {
        HttpResponse<String> response = api.post(path, body.replace('\'', '"'));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(response.body()).getString("detail"))
                .isEqualTo(detail.replace('\'', '"').replace("provider\"s", "provider's"));
        assertThat(api.operations.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/providers?limit=0, 'limit must be an integer from 1 to 1000: \"0\"'",
        "/v1/providers?limit=1001, 'limit must be an integer from 1 to 1000: \"1001\"'",
        "/v1/providers?limit=, 'limit must be an integer from 1 to 1000: \"\"'",
        "/v1/audit/entries?after=-1, 'after must be an integer from 0: \"-1\"'",
        "/v1/audit/entries?aftr=1, 'unknown query parameter \"aftr\"'",
        "/v1/audit/entries?after=1&after=2, 'query parameter after must be given once'",
    })
    void so_does_one_about_the_url(String path, String detail) {
        HttpResponse<String> response = api.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(new JsonObject(response.body()).getString("detail")).isEqualTo(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not base64!", "AAAA", "AAA"})
    void bytes_of_the_wrong_form_or_length_are_refused_with_their_field(String base64) {
        HttpResponse<String> response = api.post(
                "/v1/audit/certificate-lookups",
                new JsonObject().put("certificate", base64).encode());
        assertThat(response.statusCode()).isBetween(400, 422);
        assertThat(new JsonObject(response.body()).getString("detail")).startsWith("certificate must be");
        assertThat(api.operations.asked).isEmpty();
    }

    @Test
    void a_lone_surrogate_in_a_reason_is_refused() {
        HttpResponse<String> response =
                api.post("/v1/providers/7/revocation", "{\"reason\":\"long enough \\ud800 and broken\"}");
        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void what_an_operation_refuses_is_told_with_its_own_words() {
        api.operations.failure = new OperationException(OperationException.Code.CONFLICT, "the name is taken: a");
        HttpResponse<String> response = api.post("/v1/providers", "{\"name\":\"a\"}");
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(new JsonObject(response.body()))
                .isEqualTo(new JsonObject()
                        .put("type", "about:blank")
                        .put("title", "Conflict")
                        .put("status", 409)
                        .put("code", "CONFLICT")
                        .put("detail", "the name is taken: a"));
    }

    @Test
    void what_breaks_inside_tells_nothing_of_itself() {
        api.operations.failure = new IllegalStateException("the secret is 42");
        HttpResponse<String> response = api.get("/v1/status");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("INTERNAL").doesNotContain("42", "IllegalState");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic YTpi", "Token 11", "Bearer wrong"})
    void nothing_but_a_bearer_token_lets_anybody_in(String authorization) {
        HttpResponse<String> response = api.send(api.request("/v1/status").header("Authorization", authorization));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(api.operations.asked).isEmpty();
    }

    @Test
    void health_is_asked_of_the_database_once_a_second_at_most() {
        assertThat(health()).isEqualTo(200);
        api.unhealthy = new IllegalStateException("gone");
        assertThat(health()).isEqualTo(200);
        api.nowMs.addAndGet(1_000);
        assertThat(health()).isEqualTo(503);
        api.unhealthy = null;
        api.nowMs.addAndGet(1_000);
        assertThat(health()).isEqualTo(200);
    }

    @Test
    void metrics_count_requests_by_operation_and_status_and_name_nobody() {
        assertThat(api.get("/v1/providers/7").statusCode()).isEqualTo(200);
        String metrics = api.get("/metrics").body();
        assertThat(metrics)
                .contains("ferrymesh_kgc_api_requests_total{operation=\"showProvider\",status=\"200\"}")
                .doesNotContain("old-cloud");
    }

    private static int health() {
        return api.send(api.request("/health")).statusCode();
    }
}
