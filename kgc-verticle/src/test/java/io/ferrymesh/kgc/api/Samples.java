package io.ferrymesh.kgc.api;

import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Map;

/** A good request for every operation of the document. */
final class Samples {

    static final String PSEUDONYM = "0123456789abcdef".repeat(2);
    static final String REASON = "a court order, file 7/26";

    /** A certificate for key agreement whose point is P-256's base point. */
    static final String CERTIFICATE = "0101" + "00000001" + PSEUDONYM + "00000000" + "ffffffff"
            + "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";

    private static final Map<String, JsonObject> BODIES = Map.of(
            "createProvider", new JsonObject().put("name", "old-cloud").put("quota", 5),
            "setQuota", new JsonObject().put("quota", null),
            "createToken", new JsonObject().put("validitySeconds", 60),
            "revokeProvider", new JsonObject().put("reason", REASON),
            "revokePseudonym", new JsonObject().put("pseudonym", PSEUDONYM).put("reason", REASON),
            "rotate", new JsonObject().put("activateAfterSeconds", 3_600),
            "tracePseudonym", new JsonObject().put("pseudonym", PSEUDONYM).put("reason", REASON),
            "traceReceipt",
                    new JsonObject().put("receipt", base64(new byte[405])).put("reason", REASON),
            "lookUpCertificate",
                    new JsonObject()
                            .put("certificate", base64(java.util.HexFormat.of().parseHex(CERTIFICATE))));

    private Samples() {}

    static JsonObject body(String operation) {
        JsonObject body = BODIES.get(operation);
        if (body == null) {
            throw new AssertionError("no sample for " + operation);
        }
        return body.copy();
    }

    static String path(String template) {
        return template.replace("{number}", "7");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
