package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.scheme.MalformedException;
import io.ferrymesh.scheme.MigrationId;
import java.time.Instant;
import java.util.Optional;

/**
 * A place in a list that goes from new to old. Written, it is {@code CREATED_AT-ID}.
 *
 * @param id empty for the place before everything of that time and later
 */
record Cursor(long createdAt, Optional<MigrationId> id) {

    /** Before the newest. */
    static final Cursor START = new Cursor(Long.MAX_VALUE, Optional.empty());

    static Cursor after(Instant createdAt, MigrationId id) {
        return new Cursor(createdAt.toEpochMilli(), Optional.of(id));
    }

    /** INVALID if it is none that was given out. */
    static Cursor parse(Optional<String> text) {
        if (text.isEmpty()) {
            return START;
        }
        try {
            String[] parts = text.get().split("-", -1);
            if (parts.length == 2 && parts[0].length() <= 18) {
                return new Cursor(Long.parseUnsignedLong(parts[0]), Optional.of(MigrationId.parse(parts[1])));
            }
        } catch (NumberFormatException | MalformedException e) {
            throw new ServiceException(ServiceError.INVALID, "the cursor is none that was given out", e);
        }
        throw new ServiceException(ServiceError.INVALID, "the cursor is none that was given out");
    }

    byte[] idBytes() {
        return id.map(MigrationId::bytes).orElseGet(() -> new byte[0]);
    }

    @Override
    public String toString() {
        return createdAt + "-" + id.map(MigrationId::hex).orElse("");
    }
}
