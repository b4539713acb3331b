package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.scheme.Pseudonym;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Columns that may be null, both ways. */
final class Columns {

    private Columns() {}

    static Optional<Long> number(ResultSet row, String name) throws SQLException {
        long value = row.getLong(name);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    static Optional<Instant> instant(ResultSet row, String name) throws SQLException {
        return number(row, name).map(Instant::ofEpochMilli);
    }

    static Optional<Pseudonym> pseudonym(ResultSet row, String name) throws SQLException {
        return Optional.ofNullable(row.getBytes(name)).map(Pseudonym::of);
    }

    static Optional<FailureView> failure(ResultSet row) throws SQLException {
        String message = Optional.ofNullable(row.getString("failure_message")).orElse("");
        return Optional.ofNullable(row.getString("failure_code")).map(code -> new FailureView(code, message));
    }

    static byte @Nullable [] bytes(Optional<Pseudonym> pseudonym) {
        return pseudonym.map(Pseudonym::bytes).orElse(null);
    }

    static @Nullable String code(Optional<FailureView> failure) {
        return failure.map(FailureView::code).orElse(null);
    }

    static @Nullable String message(Optional<FailureView> failure) {
        return failure.map(FailureView::message).orElse(null);
    }
}
