package io.ferrymesh.provider.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.web.Contract;
import io.ferrymesh.web.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.contract.Response;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Holds responses against the API's document. */
public final class Documented {

    private final Contract contract;
    private final ResponseValidator responses;

    private Documented(Vertx vertx, Contract contract) {
        this.contract = contract;
        this.responses = ResponseValidator.create(vertx, contract.api());
    }

    /** With the document as it is served. */
    public static Documented by(Vertx vertx) throws TimeoutException {
        return new Documented(
                vertx, Contract.load(vertx, ProviderApi.class, "openapi.json").await(30, TimeUnit.SECONDS));
    }

    /** The document. */
    public Contract contract() {
        return contract;
    }

    /** Fails unless the operation may answer so. */
    public void require(String operationId, HttpResponse<String> response) throws TimeoutException {
        Operation operation = contract.api().operation(operationId);
        int status = response.statusCode();
        Response documented = operation.getResponse(status);
        assertThat(documented == null ? operation.getDefaultResponse() : documented)
                .as("%s answers %d", operationId, status)
                .isNotNull();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        boolean head = operation.getHttpMethod().name().equals("HEAD");
        String type = headers.getOrDefault("Content-Type", "none").replaceAll(";.*", "");
        boolean health = operationId.equals("health");
        if (status >= 400 && !head && !health) {
            assertThat(type).isEqualTo(Problem.MEDIA_TYPE);
            JsonObject problem = new JsonObject(response.body());
            assertThat(problem.getInteger("status")).isEqualTo(status);
            assertThat(problem.getString("detail")).isNotBlank();
        }
        if (documented != null && !head) {
            requireAsWritten(operationId, documented, headers, type, response);
        }
        assertThat(headers)
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsKeys("Content-Security-Policy", "Referrer-Policy", "Cache-Control");
    }

    private void requireAsWritten(
            String operationId,
            Response documented,
            Map<String, String> sent,
            String type,
            HttpResponse<String> response)
            throws TimeoutException {
        Map<String, String> headers = new HashMap<>();
        for (Parameter header : documented.getHeaders()) {
            String value = sent.get(header.getName());
            assertThat(value != null || !header.isRequired())
                    .as("%s of %s", header.getName(), operationId)
                    .isTrue();
            if (value != null) {
                headers.put(header.getName(), value);
            }
        }
        if (type.equals(Problem.MEDIA_TYPE) || type.equals("application/json")) {
            var unused = responses
                    .validate(
                            ValidatableResponse.create(
                                    response.statusCode(), headers, Buffer.buffer(response.body()), "application/json"),
                            operationId)
                    .await(20, TimeUnit.SECONDS);
        } else if (documented.getContent().isEmpty()) {
            assertThat(response.body()).isEmpty();
        } else {
            // the contract has the media types that the validator understands in place of those that were written
            JsonObject written = contract.document().toJsonObject().getJsonObject("paths");
            assertThat(written.encode()).contains('"' + type + '"');
        }
    }
}
