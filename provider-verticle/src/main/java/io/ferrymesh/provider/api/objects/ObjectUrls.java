package io.ferrymesh.provider.api.objects;

import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.web.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Objects' paths in URLs: each part percent-encoded, the slashes between them as they are. Read byte by byte as it was sent,
 * without the normalisation of {@code .}, {@code ..} and {@code //} that others do, so that nothing can mean two paths.
 */
public final class ObjectUrls {

    /** What every object's URL path starts with. */
    public static final String PREFIX = "/v1/objects/";

    private static final String UNRESERVED = "-._~";
    private static final String PLAIN = UNRESERVED + "!$&'()*+,;=:@/";

    private ObjectUrls() {}

    /** The path in a URL's path, which starts with {@link #PREFIX}; refuses with what is wrong. */
    static ObjectPath parse(String urlPath) {
        byte[] utf8 = decode(urlPath.substring(PREFIX.length()));
        try {
            return ObjectPath.ofUtf8(utf8);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("the object's path is none: " + e.getMessage());
        }
    }

    /** The URL path of an object. */
    static String of(ObjectPath path) {
        StringBuilder url = new StringBuilder(PREFIX);
        for (byte each : path.utf8()) {
            char c = (char) (each & 0xff);
            if (c == '/' || isAlphanumeric(c) || UNRESERVED.indexOf(c) >= 0) {
                url.append(c);
            } else {
                url.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return url.toString();
    }

    private static byte[] decode(String encoded) {
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.put(escaped(encoded, i));
                i += 2;
            } else if (isAlphanumeric(c) || PLAIN.indexOf(c) >= 0) {
                bytes.put(String.valueOf(c).getBytes(StandardCharsets.US_ASCII));
            } else {
                throw Problem.badRequest("the URL has a character that must be percent-encoded");
            }
        }
        byte[] decoded = new byte[bytes.position()];
        bytes.flip().get(decoded);
        return decoded;
    }

    private static byte escaped(String encoded, int at) {
        boolean hex = at + 2 < encoded.length()
                && HexFormat.isHexDigit(encoded.charAt(at + 1))
                && HexFormat.isHexDigit(encoded.charAt(at + 2));
        if (!hex) {
            throw Problem.badRequest("the URL has a % without two hex digits");
        }
        byte value = (byte) HexFormat.fromHexDigits(encoded, at + 1, at + 3);
        if (value == '/') {
            throw Problem.badRequest("the object's path has an encoded slash, which no part of a path can hold");
        }
        return value;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
