package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.scheme.MigrationId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was done with grants and migrations, for who runs the provider: kept for {@code migrations.keepAuditDays}, also of accounts that
 * are gone. Blocking.
 */
public record Audit(Database database) {

    /**
     * One entry.
     *
     * @param account a number, which is never used again
     * @param number counts within the account from 1
     * @param actor {@code user}, {@code provider}, or {@code peer} with the pseudonym it went by
     * @param details JSON
     */
    public record Entry(
            Instant at,
            AccountId account,
            long number,
            String actor,
            String type,
            Optional<MigrationId> migration,
            String details) {}

    /** A place in the order of time. */
    public record Place(long atMs, long account, long number) {

        /** Before everything. */
        public static final Place START = new Place(Long.MIN_VALUE, 0, 0);

        /** Before everything from a time on. */
        public static Place from(Instant time) {
            return new Place(time.toEpochMilli() - 1, Long.MAX_VALUE, Long.MAX_VALUE);
        }

        /** After an entry. */
        public static Place after(Entry entry) {
            return new Place(entry.at().toEpochMilli(), entry.account().value(), entry.number());
        }
    }

    /** Entries after a place, the oldest first; of one account, or of all. */
    public List<Entry> entries(Optional<AccountId> account, Place after, int limit) {
        String of = account.isPresent() ? " AND account = :of" : "";
        return database.read(handle -> {
            var query = handle.createQuery(
                            "SELECT * FROM audit_entry WHERE (at > :at OR (at = :at AND (account > :account"
                                    + " OR (account = :account AND number > :number))))" + of
                                    + " ORDER BY at, account, number LIMIT :limit")
                    .bind("at", after.atMs())
                    .bind("account", after.account())
                    .bind("number", after.number())
                    .bind("limit", limit);
            account.ifPresent(one -> {
                var unused = query.bind("of", one.value());
            });
            return query.map((row, context) -> new Entry(
                            Instant.ofEpochMilli(row.getLong("at")),
                            new AccountId(row.getLong("account")),
                            row.getLong("number"),
                            row.getString("actor"),
                            row.getString("type"),
                            Optional.ofNullable(row.getBytes("migration")).map(MigrationId::of),
                            row.getString("details")))
                    .list();
        });
    }
}
