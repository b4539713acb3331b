package io.ferrymesh.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * Refuses what parsers read differently: repeated fields, deep nesting, endless numbers, other encodings than UTF-8. How large
 * a body may be is checked before. Thread-safe.
 */
public final class StrictJson {

    private final JsonFactory json;

    private StrictJson(int maxDepth) {
        json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(20)
                        .maxNameLength(256)
                        .build())
                .build();
    }

    /** For bodies nested no deeper than this; a flat object has depth 1. */
    public static StrictJson ofDepth(int maxDepth) {
        return new StrictJson(maxDepth);
    }

    /** Passes a body that is one JSON value; refuses anything else with where it goes wrong, as a {@link Problem} 400. */
    public void check(Buffer body) {
        try (JsonParser parser = json.createParser(reader(body))) {
            if (parser.nextToken() == null) {
                throw Problem.badRequest("the body is missing: it must be a JSON object");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw Problem.badRequest("there is something after the JSON value in the body");
            }
        } catch (JsonParseException e) {
            throw Problem.badRequest("the body is not valid JSON, or repeats a field, at line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw Problem.badRequest("the body is not JSON in UTF-8, or goes beyond what a request may hold");
        }
    }

    /** Fails on what is not UTF-8. */
    private static Reader reader(Buffer body) {
        return new InputStreamReader(new ByteArrayInputStream(body.getBytes()), StandardCharsets.UTF_8.newDecoder());
    }
}
