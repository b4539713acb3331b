package io.ferrymesh.kgc.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.web.Contract;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Operation;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Walks the document: every operation answers as it says, and every error it says can be had. */
class ContractTest {

    private static final Map<Integer, Code> REFUSALS = Map.of(
            403, Code.FORBIDDEN,
            404, Code.NOT_FOUND,
            409, Code.CONFLICT,
            422, Code.INVALID,
            429, Code.OVERLOADED,
            503, Code.UNAVAILABLE);

    private static ApiUnderTest api;
    private static Contract contract;
    private static Documented documented;

    @BeforeAll
    static void start() throws TimeoutException {
        api = new ApiUnderTest();
        contract = ApiVerticle.loadContract(api.vertx()).await(30, TimeUnit.SECONDS);
        documented = Documented.by(api.vertx());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void forget() {
        api.operations.failure = null;
        api.operations.asked.clear();
        api.unhealthy = null;
        api.unknowing = null;
        api.nowMs.addAndGet(1_000); // health is asked anew
    }

    @Test
    void the_document_is_served_as_it_was_written() {
        HttpResponse<String> response = api.send(api.request("/openapi.json").GET());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body()).isEqualTo(contract.document().toString());
    }

    @Test
    void every_operation_says_what_it_takes_and_who_may() {
        assertThat(contract.api().operations()).hasSizeGreaterThan(15).allSatisfy(operation -> {
            JsonObject model = operation.getOpenAPIModel();
            assertThat(model.getString("summary"))
                    .as(operation.getOperationId())
                    .isNotBlank();
            boolean documentsForbidden = operation.getResponse(403) != null;
            assertThat(model.containsKey("x-roles"))
                    .as(operation.getOperationId())
                    .isEqualTo(documentsForbidden);
        });
    }

    @TestFactory
    Stream<DynamicTest> every_operation_answers_as_documented() throws Exception {
        return contract.api().operations().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.getOperationId(), () -> {
                    forget();
                    HttpResponse<String> response = api.send(good(operation));
                    assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
                    documented.require(operation.getOperationId(), response);
                }));
    }

    @TestFactory
    Stream<DynamicTest> every_documented_error_can_be_had() {
        return contract.api().operations().stream()
                .flatMap(operation -> operation.getOpenAPIModel().getJsonObject("responses").fieldNames().stream()
                        .filter(status -> status.matches("[45]\\d\\d"))
                        .map(status -> DynamicTest.dynamicTest(operation.getOperationId() + " " + status, () -> {
                            forget();
                            HttpResponse<String> response = api.send(provoke(operation, Integer.parseInt(status)));
                            assertThat(response.statusCode())
                                    .as(response.body())
                                    .isEqualTo(Integer.parseInt(status));
                            documented.require(operation.getOperationId(), response);
                        })));
    }

    private static HttpRequest.Builder good(Operation operation) {
        return request(operation, "", "application/json", body(operation), true);
    }

    private static HttpRequest.Builder provoke(Operation operation, int status) {
        switch (status) {
            case 400 -> {
                return request(operation, "?no-such-parameter=1", "application/json", body(operation), true);
            }
            case 401 -> {
                return request(operation, "", "application/json", body(operation), false);
            }
            case 413 -> {
                return request(operation, "", "application/json", " ".repeat(ApiRouter.MAX_BODY_BYTES + 1), true);
            }
            case 415 -> {
                return request(operation, "", "text/plain", body(operation), true);
            }
            default -> {
                RuntimeException failure = REFUSALS.containsKey(status)
                        ? new OperationException(REFUSALS.get(status), "the fake was told to")
                        : new IllegalStateException("the fake was told to break");
                api.operations.failure = failure;
                api.unhealthy = failure;
                api.unknowing = operation.getOperationId().equals("metrics") ? failure : null;
                return good(operation);
            }
        }
    }

    private static String body(Operation operation) {
        return operation.getRequestBody() == null
                ? ""
                : Samples.body(operation.getOperationId()).encode();
    }

    private static HttpRequest.Builder request(
            Operation operation, String query, String type, String body, boolean authorized) {
        String path = Samples.path(operation.getOpenAPIPath()) + query;
        HttpRequest.Builder request = authorized ? api.authorized(path) : api.request(path);
        return request.header("Content-Type", type)
                .method(operation.getHttpMethod().name(), HttpRequest.BodyPublishers.ofString(body));
    }
}
