package io.ferrymesh.kgc.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.web.Contract;
import io.ferrymesh.web.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Holds responses against the API's document. */
public final class Documented {

    private final ResponseValidator responses;

    private Documented(ResponseValidator responses) {
        this.responses = responses;
    }

    /** With the document as it is served. */
    public static Documented by(Vertx vertx) throws TimeoutException {
        Contract contract = ApiVerticle.loadContract(vertx).await(30, TimeUnit.SECONDS);
        return new Documented(ResponseValidator.create(vertx, contract.api()));
    }

    /** Fails unless the operation may answer so. */
    public void require(String operation, HttpResponse<String> response) throws TimeoutException {
        int status = response.statusCode();
        String type = response.headers().firstValue("Content-Type").orElse("none");
        if (status >= 400) {
            assertThat(type).isEqualTo(Problem.MEDIA_TYPE);
            JsonObject problem = new JsonObject(response.body());
            assertThat(problem.getInteger("status")).isEqualTo(status);
            assertThat(problem.getString("detail")).isNotBlank();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(canonical(name), values.get(0)));
        String understood = status >= 400 ? "application/json" : type.replaceAll(";.*", "");
        var unused = responses
                .validate(
                        ValidatableResponse.create(status, headers, Buffer.buffer(response.body()), understood),
                        operation)
                .await(20, TimeUnit.SECONDS);
        assertThat(headers)
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsKeys("Content-Security-Policy", "Referrer-Policy");
    }

    /** The client gives names in lower case, the document has them as they are written. */
    private static String canonical(String name) {
        StringBuilder text = new StringBuilder();
        for (String part : name.split("-", -1)) {
            text.append(text.isEmpty() ? "" : "-");
            text.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
        }
        return text.toString().replace("Www-", "WWW-");
    }
}
