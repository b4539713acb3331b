package io.ferrymesh.cli;

import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which providers may enrol: a line each, the provider's name and the SHA-256 of its one-time token. */
final class EnrolmentFile {

    private static final String NAME = "[A-Za-z0-9._-]{1,64}";
    private static final Pattern LINE = Pattern.compile("(" + NAME + ") ([0-9a-f]{64})");

    private EnrolmentFile() {}

    /** The line for a token given in hex. Refuses a name that {@link #admit} would not take. */
    static String line(String provider, String tokenHex) {
        if (!provider.matches(NAME)) {
            throw new IllegalArgumentException(
                    "a provider's name has 1 to 64 of A-Z, a-z, 0-9, dot, hyphen and underscore: " + provider);
        }
        try (EnrolmentToken token = EnrolmentToken.of(HexFormat.of().parseHex(tokenHex))) {
            return provider + " " + token.digest().hex() + "\n";
        }
    }

    /** Admits every provider in the file. Empty lines and lines that begin with # are passed over. */
    static void admit(Path file, Kgc kgc) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IOException(
                        "%s, line %d: must be a provider's name and 64 lower-case hex digits".formatted(file, i + 1));
            }
            kgc.addToken(Digest.parse(matcher.group(2)), matcher.group(1));
        }
    }
}
