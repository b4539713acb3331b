package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.audit.AuditVerifier.Holders;
import io.ferrymesh.kgc.operator.AuditEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * Every enrolment token was made by an entry, and every one that is spent by an enrolment at that time. Entries name neither
 * tokens nor providers: those that were made in the same second for as long stand for each other, but for those of other
 * providers where the key file is given. Restoring makes unspent ones void. Holds one record a token.
 */
final class TokenCheck implements RegistryPart {

    private record Times(long createdAt, long expiresAt) {}

    private record Token(long provider, Times times, OptionalLong spentAt) {}

    /** An entry that made a token, or was made with one. */
    private record Named(long entry, String holder) {}

    private final Handle handle;
    private final Findings findings;
    private final Optional<Holders> holders;
    private final Map<Times, List<Named>> made = new HashMap<>();
    private final Map<Long, List<Named>> enrolments = new HashMap<>();
    private long restored;

    TokenCheck(Handle handle, Optional<Holders> holders, Findings findings) {
        this.handle = handle;
        this.holders = holders;
        this.findings = findings;
    }

    @Override
    public void entry(AuditEntry entry, EntryDetails details) {
        long at = entry.at().getEpochSecond();
        switch (entry.action()) {
            case Actions.TOKEN_CREATED -> add(made, new Times(at, details.number("expiresAt")), entry, details);
            case Actions.PROVIDER_ENROLLED -> add(enrolments, at, entry, details);
            case Actions.CENTRE_RESTORED -> restored = entry.seq();
            default -> {}
        }
    }

    private static <K> void add(Map<K, List<Named>> to, K key, AuditEntry entry, EntryDetails details) {
        to.computeIfAbsent(key, first -> new ArrayList<>()).add(new Named(entry.seq(), details.text("holder")));
    }

    @Override
    public void end() {
        handle.createQuery("SELECT provider, created_at, expires_at, spent_at FROM enrolment_token")
                .map((row, context) -> new Token(
                        row.getLong("provider"),
                        new Times(row.getLong("created_at"), row.getLong("expires_at")),
                        row.getObject("spent_at") == null
                                ? OptionalLong.empty()
                                : OptionalLong.of(row.getLong("spent_at"))))
                .forEach(this::compare);
        made.values().forEach(all -> all.stream()
                .filter(each -> each.entry > restored)
                .forEach(each -> findings.add(each.entry, Kind.TOKENS, "the token it made is not there")));
        enrolments
                .values()
                .forEach(all -> all.forEach(each -> findings.add(
                        each.entry, Kind.TOKENS, "the token that was spent for it is not there, or not spent")));
    }

    private void compare(Token token) {
        Optional<Named> by = take(made.getOrDefault(token.times, List.of()), token.provider);
        long entry = by.map(Named::entry).orElse(0L);
        if (by.isEmpty()) {
            findings.add(
                    Kind.TOKENS,
                    "no entry made the token of provider " + token.provider + " that expires at "
                            + token.times.expiresAt);
        }
        if (token.spentAt.isEmpty() && entry < restored) {
            findings.add(entry, Kind.TOKENS, "the token it made is unspent, but void since entry " + restored);
        }
        if (token.spentAt.isPresent()
                && take(enrolments.getOrDefault(token.spentAt.getAsLong(), List.of()), token.provider)
                        .isEmpty()) {
            findings.add(
                    entry,
                    Kind.TOKENS,
                    "a token of provider " + token.provider + " is spent, but nobody enrolled with it then");
        }
    }

    /** One that is about this provider, as far as that can be told. */
    private Optional<Named> take(List<Named> from, long provider) {
        for (int i = 0; i < from.size(); i++) {
            Named each = from.get(i);
            if (holders.isEmpty() || holders.get().holder(each.entry, provider).equals(each.holder)) {
                return Optional.of(from.remove(i));
            }
        }
        return Optional.empty();
    }
}
