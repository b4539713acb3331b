package io.ferrymesh.provider;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/** What clients post, checked. */
final class Requests {

    static final long MIN_EXPIRY_SECONDS = 60;
    static final long MAX_EXPIRY_SECONDS = 604_800;
    static final long DEFAULT_EXPIRY_SECONDS = 86_400;

    /** As long as an object's path may be. */
    static final int MAX_PREFIX_BYTES = 4_000;

    private static final Set<String> GRANT_FIELDS = Set.of("migrationId", "psk", "prefix", "expiresInSeconds");
    private static final Set<String> MIGRATION_FIELDS = Set.of("migrationId", "psk");

    /** A new grant. Whoever has it closes the psk. */
    record NewGrant(MigrationId id, Psk psk, String prefix, long expiresInSeconds, Digest content) {}

    /** A new migration. Whoever has it closes the psk. */
    record NewMigration(MigrationId id, Psk psk, Digest content) {}

    private Requests() {}

    static NewGrant grant(Buffer body) {
        try (JsonFields fields = JsonFields.parse(body, GRANT_FIELDS)) {
            MigrationId id = MigrationId.of(fields.hex("migrationId", MigrationId.LENGTH));
            String prefix = prefix(fields.string("prefix", MAX_PREFIX_BYTES).orElse(""));
            long seconds = fields.integer("expiresInSeconds", MIN_EXPIRY_SECONDS, MAX_EXPIRY_SECONDS)
                    .orElse(DEFAULT_EXPIRY_SECONDS);
            byte[] psk = fields.hex("psk", Psk.LENGTH);
            try {
                Digest content = content("grant", id, psk, prefix, seconds);
                return new NewGrant(id, Psk.of(psk), prefix, seconds, content);
            } finally {
                Arrays.fill(psk, (byte) 0);
            }
        }
    }

    static NewMigration migration(Buffer body) {
        try (JsonFields fields = JsonFields.parse(body, MIGRATION_FIELDS)) {
            MigrationId id = MigrationId.of(fields.hex("migrationId", MigrationId.LENGTH));
            byte[] psk = fields.hex("psk", Psk.LENGTH);
            try {
                return new NewMigration(id, Psk.of(psk), content("migration", id, psk, "", 0));
            } finally {
                Arrays.fill(psk, (byte) 0);
            }
        }
    }

    /** A psk is 32 random bytes, so a hash over it gives nothing away. */
    private static Digest content(String kind, MigrationId id, byte[] psk, String prefix, long seconds) {
        byte[] label = ("FERRYMESH-V1-CONTENT-" + kind).getBytes(StandardCharsets.UTF_8);
        byte[] expiry = ByteBuffer.allocate(Long.BYTES).putLong(seconds).array();
        return Digest.sha256(label, id.bytes(), psk, expiry, prefix.getBytes(StandardCharsets.UTF_8));
    }

    /** Refuses what no path starts with, so that a slip does not become an empty migration. */
    private static String prefix(String prefix) {
        if (prefix.startsWith("/") || prefix.contains("//") || prefix.indexOf('\0') >= 0) {
            throw Problem.badRequest("prefix must have no leading slash, no empty part and no NUL: no path has one");
        }
        String walled = "/" + prefix;
        if (walled.contains("/./") || walled.contains("/../")) {
            throw Problem.badRequest("prefix must have no part . or ..: no path has one");
        }
        return prefix;
    }
}
