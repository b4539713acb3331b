package io.ferrymesh.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.SchemaException;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a request that does not fit the document: which field, with which value, and what would be right,
 * which is the description the document gives of the field. What is writeOnly in the document is
 * not repeated. It looks at the fields of the body, not into them.
 */
final class Complaints {

    private static final Pattern PARAMETER = Pattern.compile("parameter ([\\w-]+)");
    private static final int MOST_SHOWN = 80;

    private final SchemaRepository schemas;

    Complaints(SchemaRepository schemas) {
        this.schemas = schemas;
    }

    /** About a request that the validator refused with {@code why}. */
    String about(RoutingContext ctx, Operation operation, String why) {
        Matcher named = PARAMETER.matcher(why);
        if (named.find()) {
            Optional<Parameter> parameter = operation.getParameters().stream()
                    .filter(each -> each.getName().equals(named.group(1)))
                    .findFirst();
            if (parameter.isPresent()) {
                return mustBe(parameter.get().getName(), parameter.get().getSchema(), given(ctx, parameter.get()));
            }
        }
        return bodyOf(operation)
                .flatMap(schema -> aboutBody(ctx.body().buffer(), schema))
                .orElse(why);
    }

    private static Optional<JsonSchema> bodyOf(Operation operation) {
        return Optional.ofNullable(operation.getRequestBody())
                .map(body -> body.getContent().get("application/json"))
                .map(MediaType::getSchema);
    }

    private Optional<String> aboutBody(@Nullable Buffer body, JsonSchema schema) {
        JsonObject properties = schema.get("properties");
        if (properties == null) {
            return Optional.empty();
        }
        String known = String.join(", ", new TreeSet<>(properties.fieldNames()));
        if (body == null || body.length() == 0) {
            return Optional.of("the body is missing: it must be a JSON object with " + known);
        }
        if (!(decoded(body) instanceof JsonObject fields)) {
            return Optional.of("the body must be a JSON object with " + known);
        }
        for (String field : fields.fieldNames()) {
            if (!properties.containsKey(field)) {
                return Optional.of("unknown field " + shown(field) + "; known are " + known);
            }
        }
        JsonArray required = schema.get("required", new JsonArray());
        for (String field : properties.fieldNames()) {
            JsonSchema wanted = JsonSchema.of(properties.getJsonObject(field));
            if (!fields.containsKey(field)) {
                if (required.contains(field)) {
                    return Optional.of(field + " is missing: " + right(wanted));
                }
            } else if (!fits(fields.getValue(field), wanted)) {
                return Optional.of(mustBe(field, wanted, fields.getValue(field)));
            }
        }
        return Optional.empty();
    }

    private boolean fits(@Nullable Object value, JsonSchema schema) {
        try {
            return Boolean.TRUE.equals(schemas.validator(schema).validate(value).getValid());
        } catch (SchemaException e) {
            return true; // it refers to another part of the document, and is not what can be told apart here
        }
    }

    private static @Nullable Object given(RoutingContext ctx, Parameter parameter) {
        return switch (parameter.getIn()) {
            case PATH -> ctx.pathParam(parameter.getName());
            case QUERY -> {
                List<String> values = ctx.queryParam(parameter.getName());
                yield values.isEmpty() ? null : values.get(0);
            }
            case HEADER -> ctx.request().getHeader(parameter.getName());
            default -> null;
        };
    }

    private static @Nullable Object decoded(Buffer body) {
        try {
            return Json.decodeValue(body);
        } catch (DecodeException e) {
            return null;
        }
    }

    private static String mustBe(String field, JsonSchema wanted, @Nullable Object given) {
        boolean secret = Boolean.TRUE.equals(wanted.get("writeOnly"));
        return field + " must be " + right(wanted) + (secret ? "" : ": " + shown(given));
    }

    private static String right(JsonSchema wanted) {
        return wanted.get("description", "as the API's document says");
    }

    private static String shown(@Nullable Object given) {
        String text = Json.encode(given);
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
    }
}
