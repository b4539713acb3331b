package io.ferrymesh.kgc.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** Refuses what parsers read differently: repeated fields, deep nesting, endless numbers, other encodings than UTF-8. */
final class StrictJson {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxNumberLength(20)
                    .maxNameLength(256)
                    .build())
            .build();

    private StrictJson() {}

    /** Passes a body that is one JSON value; refuses anything else with where it goes wrong. */
    static void check(Buffer body) {
        try (JsonParser parser = JSON.createParser(new java.io.InputStreamReader(
                new java.io.ByteArrayInputStream(body.getBytes()),
                java.nio.charset.StandardCharsets.UTF_8.newDecoder()))) {
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
}
