package io.ferrymesh.kgc.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Requests that begin as good ones and are spoilt. */
final class RandomRequests {

    private record Operation(String id, String method, String path) {}

    private static final List<Operation> OPERATIONS = List.of(
            new Operation("createProvider", "POST", "/v1/providers"),
            new Operation("setQuota", "PUT", "/v1/providers/7/quota"),
            new Operation("createToken", "POST", "/v1/providers/7/tokens"),
            new Operation("revokeProvider", "POST", "/v1/providers/7/revocation"),
            new Operation("revokePseudonym", "POST", "/v1/revocations"),
            new Operation("rotate", "POST", "/v1/key-epochs"),
            new Operation("tracePseudonym", "POST", "/v1/traces/pseudonym"),
            new Operation("traceReceipt", "POST", "/v1/traces/receipt"),
            new Operation("lookUpCertificate", "POST", "/v1/audit/certificate-lookups"));

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
            new java.math.BigInteger("9".repeat(40)),
            true,
            new JsonObject(),
            new JsonArray().add(1),
            new JsonObject().put("a", new JsonObject().put("b", new JsonObject().put("c", new JsonArray()))));

    private RandomRequests() {}

    static String next(Random random) {
        Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
        String body = spoilt(Samples.body(operation.id()), random);
        String path = random.nextInt(4) > 0 ? operation.path() : operation.path() + noise(random, "/?&=%;.+~");
        String method = random.nextInt(10) > 0 ? operation.method() : "GET";
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        String extra = random.nextInt(4) > 0 ? "" : "X-" + noise(random, "-") + ": " + noise(random, " ,;=\"") + "\r\n";
        return method + " " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + ApiUnderTest.TOKEN
                + "\r\nContent-Type: application/json\r\n" + extra + "Content-Length: " + length + "\r\n\r\n" + body;
    }

    private static String spoilt(JsonObject body, Random random) {
        List<String> fields = List.copyOf(body.fieldNames());
        String field = fields.get(random.nextInt(fields.size()));
        switch (random.nextInt(5)) {
            case 0 -> body.remove(field);
            case 1 -> body.putNull(field);
            case 2 -> body.put(noise(random, " \"\\{}"), VALUES.get(random.nextInt(VALUES.size())));
            case 3 -> body.put(field, VALUES.get(random.nextInt(VALUES.size())));
            default -> {
                StringBuilder text = new StringBuilder(body.encode());
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x250));
                return text.toString();
            }
        }
        return body.encode();
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
