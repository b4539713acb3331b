package io.ferrymesh.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a user draws for one migration and hands to both providers: its id, which is no secret, and the key they will know
 * each other by, which is. Prints without the key.
 */
record Grant(String id, String psk) {

    private static final int ID_BYTES = 16;
    private static final int PSK_BYTES = 32;
    private static final long MAX_FILE_BYTES = 4_096;
    private static final Set<String> FIELDS = Set.of("migrationId", "psk");

    Grant {
        if (!isHex(id, ID_BYTES) || !isHex(psk, PSK_BYTES)) {
            throw new IllegalArgumentException("a grant has " + 2 * ID_BYTES + " hex digits as migrationId and "
                    + 2 * PSK_BYTES + " as psk, in lower case");
        }
    }

    static Grant draw() {
        return new Grant(DemoPlan.hex(ID_BYTES), DemoPlan.hex(PSK_BYTES));
    }

    /** The JSON that providers take. */
    JsonObject json() {
        return new JsonObject().put("migrationId", id).put("psk", psk);
    }

    /** Writes a file that only this user can read. Fails if there is one already. */
    void save(Path file) throws IOException {
        try (OwnerOnlyFile made = OwnerOnlyFile.create(file)) {
            made.line(json().encode());
        }
    }

    /** Reads what {@link #save} wrote, strictly. No failure tells anything of the content. */
    static Grant load(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw notAGrant(file);
        }
        try {
            JsonObject json = new JsonObject(Files.readString(file, StandardCharsets.US_ASCII));
            if (json.fieldNames().equals(FIELDS)
                    && json.getValue("migrationId") instanceof String id
                    && json.getValue("psk") instanceof String psk) {
                return new Grant(id, psk);
            }
            throw notAGrant(file);
        } catch (CharacterCodingException | DecodeException | IllegalArgumentException e) {
            throw notAGrant(file);
        }
    }

    private static IOException notAGrant(Path file) {
        return new IOException("this is not a grant as the grant command writes it: " + file);
    }

    private static boolean isHex(String text, int bytes) {
        return text.matches("[0-9a-f]{" + 2 * bytes + "}");
    }

    @Override
    public String toString() {
        return "Grant[id=" + id + ", psk=***]";
    }
}
