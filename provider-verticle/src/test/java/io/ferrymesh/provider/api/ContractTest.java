package io.ferrymesh.provider.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.web.Contract;
import io.vertx.openapi.contract.Operation;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks the document: every operation answers as it says, and every error it says can be had. */
class ContractTest {

    private static final Map<Integer, ServiceError> REFUSALS = Map.of(
            401, ServiceError.UNAUTHENTICATED,
            403, ServiceError.FORBIDDEN,
            404, ServiceError.NOT_FOUND,
            409, ServiceError.CONFLICT,
            422, ServiceError.INVALID,
            429, ServiceError.THROTTLED,
            503, ServiceError.UNAVAILABLE);

    private static final Map<Integer, StoreError> STORE_REFUSALS = Map.of(
            403, StoreError.NOT_READABLE,
            404, StoreError.NOT_FOUND,
            409, StoreError.EXISTS,
            422, StoreError.UNSUPPORTED_PATH,
            503, StoreError.IO_ERROR,
            507, StoreError.FULL);

    private static final Set<String> OBJECTS = Set.of("getObject", "headObject", "putObject", "deleteObject");
    private static final String OBJECT = "/v1/objects/photos/2025/cat.jpg";

    @TempDir
    private static Path root;

    private static ApiUnderTest api;
    private static Documented documented;
    private static Contract contract;

    @BeforeAll
    static void start() throws TimeoutException {
        api = new ApiUnderTest(root);
        documented = Documented.by(api.vertx());
        contract = documented.contract();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void forget() {
        api.fakes.forget();
        api.health = ApiHealth.UP;
        api.fakes.moves.happens(State.COMPLETED);
        api.fakes.moves.feedEnds = true; // or nobody would read it to its end
        assertThat(api.put(OBJECT, "a cat").statusCode()).isBetween(201, 204);
        api.fakes.asked.clear();
    }

    @Test
    void the_document_is_served_as_it_was_written() {
        HttpResponse<String> response = api.send(api.request("/v1/openapi.json").GET());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body()).isEqualTo(contract.document().toString());
    }

    @Test
    void every_operation_is_described() {
        assertThat(contract.api().operations()).hasSizeGreaterThan(35).allSatisfy(operation -> assertThat(
                        operation.getOpenAPIModel().getString("summary"))
                .as(operation.getOperationId())
                .isNotBlank());
    }

    @Test
    void every_code_that_can_be_said_is_in_the_document() {
        Set<String> codes = contract
                .document()
                .toJsonObject()
                .getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject("Problem")
                .getJsonObject("properties")
                .getJsonObject("code")
                .getJsonArray("enum")
                .stream()
                .map(String::valueOf)
                .collect(Collectors.toSet());
        assertThat(Stream.of(ServiceError.values()).map(ServiceError::name)).allMatch(codes::contains);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleteAccount", "beginPasskey"})
    void an_account_that_has_passkeys_only_gives_an_empty_password(String id) {
        Operation operation = contract.api().operation(id);
        HttpResponse<String> response =
                api.send(request(operation, "", "application/json", "{\"password\":\"\"}", true));
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
    }

    @TestFactory
    Stream<DynamicTest> every_operation_answers_as_documented() {
        return contract.api().operations().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.getOperationId(), () -> {
                    forget();
                    HttpResponse<String> response = api.send(good(operation));
                    assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
                    documented.require(operation.getOperationId(), response);
                }));
    }

    @TestFactory
    Stream<DynamicTest> every_documented_error_can_be_had() {
        return contract.api().operations().stream()
                .flatMap(operation -> operation.getOpenAPIModel().getJsonObject("responses").fieldNames().stream()
                        .filter(status -> status.matches("[345]\\d\\d"))
                        .map(status -> DynamicTest.dynamicTest(operation.getOperationId() + " " + status, () -> {
                            forget();
                            HttpResponse<String> response = provoke(operation, Integer.parseInt(status));
                            assertThat(response.statusCode())
                                    .as(response.body())
                                    .isEqualTo(Integer.parseInt(status));
                            documented.require(operation.getOperationId(), response);
                        })));
    }

    private static HttpRequest.Builder good(Operation operation) {
        return request(operation, "", "application/json", body(operation), true);
    }

    private static HttpResponse<String> provoke(Operation operation, int status) {
        String id = operation.getOperationId();
        if (OBJECTS.contains(id)) {
            return api.send(provokeObject(operation, status));
        }
        return api.send(
                switch (status) {
                    case 400 -> request(operation, "?no-such-parameter=1", "application/json", body(operation), true);
                    case 406 -> good(operation).header("Accept", "image/png");
                    case 413 ->
                        request(operation, "", "application/json", " ".repeat(ApiRouter.MAX_BODY_BYTES + 1), true);
                    case 415 -> request(operation, "", "text/plain", body(operation), true);
                    default -> {
                        if (status == 401 && !Contract.isForEverybody(operation)) {
                            yield request(operation, "", "application/json", body(operation), false);
                        }
                        told(status);
                        yield good(operation);
                    }
                });
    }

    private static void told(int status) {
        api.fakes.failure = REFUSALS.containsKey(status)
                ? new ServiceException(REFUSALS.get(status), "the fake was told to")
                : new IllegalStateException("the fake was told to break");
        api.health = new ApiHealth(ApiHealth.Status.DEGRADED, java.util.List.of());
    }

    private static HttpRequest.Builder provokeObject(Operation operation, int status) {
        return switch (status) {
            case 304 -> good(operation).header("If-None-Match", "*");
            case 400 -> request(operation, "?no-such-parameter=1", "application/json", "x", true);
            case 401 -> request(operation, "", "application/json", "x", false);
            case 411 ->
                api.authorized(OBJECT)
                        .PUT(BodyPublishers.ofInputStream(
                                () -> new java.io.ByteArrayInputStream("chunks".getBytes(StandardCharsets.UTF_8))));
            case 412 -> good(operation).header("If-Match", "\"another\"");
            case 413 ->
                api.authorized(OBJECT).PUT(BodyPublishers.ofByteArray(new byte[ApiUnderTest.MAX_OBJECT_BYTES + 1]));
            case 415 -> good(operation).header("Content-Encoding", "gzip");
            case 416 -> good(operation).header("Range", "bytes=1000-");
            case 429 -> {
                told(status);
                yield good(operation);
            }
            default -> {
                api.fakes.failure = STORE_REFUSALS.containsKey(status)
                        ? new StoreException(STORE_REFUSALS.get(status), "the fake was told to")
                        : new IllegalStateException("the fake was told to break");
                yield good(operation);
            }
        };
    }

    private static String body(Operation operation) {
        if (operation.getRequestBody() == null) {
            return "";
        }
        return operation.getOperationId().equals("putObject")
                ? "a cat"
                : Samples.body(operation.getOperationId()).encode();
    }

    private static HttpRequest.Builder request(
            Operation operation, String query, String type, String body, boolean authorized) {
        String sample = Samples.path(operation.getOpenAPIPath());
        String path = sample + (sample.contains("?") ? query.replace('?', '&') : query);
        HttpRequest.Builder request = authorized ? api.authorized(path) : api.request(path);
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        return request.method(
                operation.getHttpMethod().name(),
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    }
}
