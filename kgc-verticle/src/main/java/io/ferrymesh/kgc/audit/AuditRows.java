package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/** What rows say, whoever wrote them: what has not the length it should have differs from everything it should be. */
final class AuditRows {

    private AuditRows() {}

    static AuditEntry entry(ResultSet row) throws SQLException {
        HexFormat hex = HexFormat.of();
        return new AuditEntry(
                row.getLong("seq"),
                Instant.ofEpochMilli(row.getLong("at_ms")),
                row.getString("actor"),
                row.getString("action"),
                row.getString("details"),
                hex.formatHex(row.getBytes("previous")),
                hex.formatHex(row.getBytes("hash")));
    }

    static Digest digest(ResultSet row, String column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes.length == Digest.LENGTH ? Digest.of(bytes) : Digest.sha256(bytes);
    }

    static Pseudonym pseudonym(ResultSet row, String column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        boolean fits = bytes.length == Pseudonym.LENGTH;
        return Pseudonym.of(fits ? bytes : Arrays.copyOf(Digest.sha256(bytes).bytes(), Pseudonym.LENGTH));
    }
}
