package io.ferrymesh.provider.api;

import io.ferrymesh.web.Contract;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Operation;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Requests of every operation of the document that begin as good ones and are spoilt. */
final class RandomRequests {

    private static final List<Object> VALUES = List.of(
            "",
            "x",
            "\u0000",
            "\uD83D\uDE00",
            "a".repeat(1_000),
            0,
            -1,
            1.5,
            1e300,
            Long.MAX_VALUE,
            new BigInteger("9".repeat(40)),
            true,
            new JsonObject(),
            new JsonArray().add(1),
            new JsonObject().put("a", new JsonObject().put("b", new JsonObject().put("c", new JsonArray()))));

    private static final List<String> HEADERS = List.of(
            "Range",
            "If-Range",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "Content-Digest",
            "X-Ferrymesh-Modified",
            "X-Ferrymesh-Meta-a",
            "X-Ferrymesh-Meta-",
            "X-Ferrymesh-Meta-_",
            "Last-Event-ID",
            "Accept",
            "Content-Encoding",
            "Transfer-Encoding",
            "Expect",
            "Origin");

    private static final List<String> HEADER_VALUES = List.of(
            "bytes=0-0",
            "bytes=5-1",
            "bytes=-",
            "\"a\"",
            "*",
            "W/\"\"",
            "\"\"",
            "Mon, 03 Feb 2020 04:05:06 GMT",
            "Mon, 31 Feb 2020 04:05:06 GMT",
            "sha-256=:AAAA:",
            "2026-01-02T03:04:05Z",
            "+999999999-12-31T23:59:59Z",
            "-1",
            "1e9",
            "99999999999999999999",
            "text/csv;q=x",
            ";;;,,,===",
            "chunked",
            "100-continue",
            "");

    private final List<Operation> operations;

    RandomRequests(Contract contract) {
        operations = contract.api().operations().stream()
                .filter(operation -> !operation.getOperationId().startsWith("watch"))
                .sorted(Comparator.comparing(Operation::getOperationId))
                .toList();
    }

    /** The next one, which always has the same beginning of a connection and its end. */
    String next(Random random) {
        Operation operation = operations.get(random.nextInt(operations.size()));
        String path = Samples.path(operation.getOpenAPIPath());
        String target = random.nextInt(3) > 0 ? path : spoiltPath(path, random);
        String method = random.nextInt(10) > 0
                ? operation.getHttpMethod().name()
                : noise(random, "").toUpperCase(Locale.ROOT);
        String body = body(operation, random);
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n")
                .append(RawClient.AUTHORIZED)
                .append("Connection: close\r\n");
        for (int i = random.nextInt(4); i > 0; i--) {
            request.append(pick(HEADERS, random) + ": " + pick(HEADER_VALUES, random) + "\r\n");
        }
        boolean object = operation.getOperationId().equals("putObject");
        request.append("Content-Type: " + (object ? "text/plain" : "application/json") + "\r\n");
        if (operation.getRequestBody() != null) {
            request.append("Content-Length: " + body.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n");
        }
        return request.append("\r\n") + (operation.getRequestBody() == null ? "" : body);
    }

    private static String body(Operation operation, Random random) {
        if (operation.getRequestBody() == null) {
            return "";
        }
        return operation.getOperationId().equals("putObject")
                ? noise(random, "")
                : spoilt(Samples.body(operation.getOperationId()), random);
    }

    private static String spoiltPath(String path, Random random) {
        String noise = noise(random, "/?&=%;.+~\"{}\u00ff");
        int at = random.nextInt(path.length() + 1);
        return random.nextBoolean() ? path + noise : path.substring(0, at) + noise + path.substring(at);
    }

    private static String spoilt(JsonObject body, Random random) {
        List<String> fields = List.copyOf(body.fieldNames());
        String field = pick(fields, random);
        switch (random.nextInt(5)) {
            case 0 -> body.remove(field);
            case 1 -> body.putNull(field);
            case 2 -> body.put(noise(random, " \"\\{}"), pick(VALUES, random));
            case 3 -> body.put(field, pick(VALUES, random));
            default -> {
                StringBuilder text = new StringBuilder(body.encode());
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x250));
                return text.toString();
            }
        }
        return body.encode();
    }

    private static <T> T pick(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static String noise(Random random, String more) {
        String alphabet = "abcXYZ0189" + more;
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
