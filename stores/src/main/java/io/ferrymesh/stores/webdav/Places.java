package io.ferrymesh.stores.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ferrymesh.stores.ObjectPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;

/** Between paths and the URIs below the base, byte for byte. A key is the path of a collection without a slash at its end. */
final class Places {

    private static final String UNRESERVED = "-._~";
    private static final String HEX = "0123456789ABCDEF";

    private final URI base;

    Places(URI base) {
        this.base = base;
    }

    URI of(ObjectPath file) {
        return below(file.toString());
    }

    /** A collection, the base for the empty key. */
    URI ofCollection(String key) {
        return below(key.isEmpty() ? "" : key + "/");
    }

    /** What lies below the base, with a slash at its end for a collection. */
    URI below(String path) {
        var escaped = new StringBuilder(base.toString());
        for (byte each : path.getBytes(UTF_8)) {
            char c = (char) (each & 0xff);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || c == '/' || UNRESERVED.indexOf(c) >= 0) {
                escaped.append(c);
            } else {
                escaped.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
            }
        }
        return URI.create(escaped.toString());
    }

    /** The bytes of a path as a server wrote it, a whole URI or only its path, without slashes at the end. */
    static byte[] pathOf(String href) throws IOException {
        String path = href.strip();
        int authority = path.indexOf("://");
        if (authority >= 0) {
            int start = path.indexOf('/', authority + 3);
            path = start < 0 ? "/" : path.substring(start);
        }
        var bytes = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(UTF_8));
            } else if (i + 2 < path.length()) {
                bytes.write(hex(path.charAt(i + 1)) << 4 | hex(path.charAt(i + 2)));
                i += 2;
            } else {
                throw new IOException("a path that is not escaped as it must be");
            }
        }
        return withoutSlashes(bytes.toByteArray());
    }

    static byte[] pathOf(URI uri) throws IOException {
        return pathOf(uri.getRawPath());
    }

    private static byte[] withoutSlashes(byte[] path) {
        int length = path.length;
        while (length > 0 && path[length - 1] == '/') {
            length--;
        }
        return java.util.Arrays.copyOf(path, length);
    }

    private static int hex(char c) throws IOException {
        int digit = Character.digit(c, 16);
        if (digit < 0 || c > 'f') {
            throw new IOException("a path that is not escaped as it must be");
        }
        return digit;
    }
}
