package io.ferrymesh.kgc.backup;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The registry's tables, each after those it refers to. */
final class BackupTables {

    /** The version of the schema they are of. */
    static final int SCHEMA = 1;

    /** What a column holds; any may be null. */
    enum ColumnType {
        INTEGER,
        TEXT,
        BYTES
    }

    /** A column; the backup calls it {@code name:type}. */
    record Column(String name, ColumnType type) {

        static Column of(String described) {
            String[] parts = described.split(":", -1);
            return new Column(parts[0], ColumnType.valueOf(parts[1].toUpperCase(Locale.ROOT)));
        }

        @Override
        public String toString() {
            return name + ":" + type.name().toLowerCase(Locale.ROOT);
        }
    }

    /** A table, and by which columns its rows are in order. */
    record Table(String name, String order, List<Column> columns) {

        List<String> described() {
            return columns.stream().map(Column::toString).toList();
        }

        String names() {
            return String.join(", ", columns.stream().map(Column::name).toList());
        }
    }

    static final List<Table> ALL = List.of(
            table("centre", "id", "id:integer fingerprint:bytes created_at:integer"),
            table("head", "name", "name:text number:integer hash:bytes"),
            table("setting", "name", "name:text value:integer"),
            table(
                    "key_epoch",
                    "number",
                    "number:integer public_key:bytes hpke_public_key:bytes announced_at:integer"
                            + " active_from:integer retires_at:integer sealed_secrets:bytes"),
            table(
                    "operator",
                    "name",
                    "name:text role:text token_sha256:bytes mac:bytes created_at:integer added:integer"),
            table(
                    "provider",
                    "number",
                    "number:integer name:text state:text quota:integer created_at:integer epoch:integer"
                            + " used:integer"),
            table(
                    "enrolment_token",
                    "token_sha256",
                    "token_sha256:bytes provider:integer created_at:integer expires_at:integer mac:bytes"
                            + " spent_at:integer"),
            table(
                    "certificate",
                    "serial",
                    "serial:integer provider:integer usage:integer key_epoch:integer not_before:integer"
                            + " not_after:integer commitment:bytes audit_seq:integer"),
            table("revocation", "number", "number:integer pseudonym:bytes until:integer hash:bytes revoked_at:integer"),
            table(
                    "issuance",
                    "request_sha256",
                    "request_sha256:bytes provider:integer request_id:bytes answered_at:integer reply:bytes"),
            table(
                    "audit",
                    "seq",
                    "seq:integer at_ms:integer actor:text action:text details:text previous:bytes hash:bytes"),
            table("audit_signature", "seq, key_epoch", "seq:integer key_epoch:integer bulletin:bytes"));

    private BackupTables() {}

    private static Table table(String name, String order, String columns) {
        return new Table(
                name, order, Arrays.stream(columns.split(" ")).map(Column::of).toList());
    }
}
