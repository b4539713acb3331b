package io.ferrymesh.provider.api;

import io.ferrymesh.web.Problem;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parameters as the document has them. The validator of vertx-openapi 5.0 reads strings as JSON where it can, so that {@code 1.5}
 * is no string and {@code "a"} is {@code a}; here a string is what was sent.
 */
final class Parameters {

    private final SchemaRepository schemas;

    Parameters(SchemaRepository schemas) {
        this.schemas = schemas;
    }

    /** All that were given, by name; refuses what the document does not allow. */
    Map<String, Object> of(RoutingContext ctx, Operation operation) {
        requireUtf8(ctx.request());
        Map<String, Object> values = new HashMap<>();
        for (Parameter parameter : operation.getParameters()) {
            Optional<String> given = given(ctx, parameter);
            if (given.isPresent()) {
                values.put(parameter.getName(), value(parameter, given.get()));
            } else if (parameter.isRequired()) {
                throw Problem.badRequest(parameter.getName() + " is missing: " + right(parameter));
            }
        }
        return values;
    }

    private Object value(Parameter parameter, String given) {
        Object value = parameter.getSchemaType() == SchemaType.INTEGER ? integer(given) : given;
        if (value == null || !fits(value, parameter.getSchema())) {
            throw Problem.badRequest(parameter.getName() + " must be " + right(parameter));
        }
        return value;
    }

    private boolean fits(Object value, JsonSchema schema) {
        return Boolean.TRUE.equals(schemas.validator(schema).validate(value).getValid());
    }

    private static @Nullable Long integer(String given) {
        try {
            return given.matches("-?[0-9]{1,19}") ? Long.valueOf(given) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Optional<String> given(RoutingContext ctx, Parameter parameter) {
        List<String> values =
                switch (parameter.getIn()) {
                    case PATH -> List.of(ctx.pathParam(parameter.getName()));
                    case QUERY -> ctx.request().params().getAll(parameter.getName());
                    case HEADER -> ctx.request().headers().getAll(parameter.getName());
                    case COOKIE -> List.of();
                };
        if (values.size() > 1) {
            throw Problem.badRequest(parameter.getName() + " must be given once");
        }
        return values.stream().findFirst();
    }

    private static String right(Parameter parameter) {
        return parameter.getSchema().get("description", "as the document at /v1/openapi.json says");
    }

    /** Decoders put something else where bytes are no UTF-8. */
    private static void requireUtf8(HttpServerRequest request) {
        String uri = request.uri();
        ByteBuffer bytes = ByteBuffer.allocate(uri.length() * 3);
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) == '%') { // with two hex digits, which was checked before
                bytes.put((byte) HexFormat.fromHexDigits(uri, i + 1, i + 3));
                i += 2;
            } else {
                bytes.put((byte) uri.charAt(i));
            }
        }
        try {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
        } catch (CharacterCodingException e) {
            throw Problem.badRequest("the URL has a part that is not UTF-8");
        }
    }
}
