package io.ferrymesh.provider.api.objects;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.web.Problem;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Content-Digest and Repr-Digest, of which SHA-256 is looked at. RFC 9530. */
final class ContentDigest {

    private static final Pattern MEMBER = Pattern.compile("[ \t]*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):[ \t]*");
    private static final String RIGHT = "Content-Digest must be sha-256=:BASE64:, with the 32 bytes of a SHA-256";

    private ContentDigest() {}

    /** The SHA-256 that was announced, if one was; refuses what is malformed. */
    static Optional<Digest> parse(List<String> headers) {
        Map<String, String> members = new HashMap<>();
        for (String header : headers) {
            for (String each : header.split(",", -1)) {
                Matcher member = MEMBER.matcher(each);
                if (!member.matches() || members.put(member.group(1), member.group(2)) != null) {
                    throw Problem.badRequest(RIGHT);
                }
            }
        }
        return Optional.ofNullable(members.get("sha-256")).map(ContentDigest::decode);
    }

    static String format(Digest digest) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(digest.bytes()) + ":";
    }

    private static Digest decode(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length == Digest.LENGTH) {
                return Digest.of(bytes);
            }
            throw Problem.badRequest(RIGHT);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(RIGHT);
        }
    }
}
