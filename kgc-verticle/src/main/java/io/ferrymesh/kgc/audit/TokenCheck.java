package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.audit.AuditVerifier.Holders;
import io.ferrymesh.kgc.operator.AuditEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * Every enrolment token was made by an entry, and every one that is spent by an enrolment at that time. Entries do not name
 * tokens, so those of a provider that were made in the same second stand for each other. Holds one record a token.
 */
final class TokenCheck implements RegistryPart {

    private record Token(long provider, long createdAt, long expiresAt) {}

    private record Enrolment(long entry, String holder) {}

    private final Handle handle;
    private final Findings findings;
    private final Optional<Holders> holders;
    private final Map<Token, Deque<Long>> made = new HashMap<>();
    private final Map<Long, List<Enrolment>> enrolments = new HashMap<>();

    TokenCheck(Handle handle, Optional<Holders> holders, Findings findings) {
        this.handle = handle;
        this.holders = holders;
        this.findings = findings;
    }

    @Override
    public void entry(AuditEntry entry, EntryDetails details) {
        long at = entry.at().getEpochSecond();
        if (entry.action().equals(Actions.TOKEN_CREATED)) {
            Token token = new Token(details.number("provider"), at, details.number("expiresAt"));
            made.computeIfAbsent(token, first -> new ArrayDeque<>()).add(entry.seq());
        } else if (entry.action().equals(Actions.PROVIDER_ENROLLED)) {
            enrolments
                    .computeIfAbsent(at, first -> new ArrayList<>())
                    .add(new Enrolment(entry.seq(), details.text("holder")));
        }
    }

    @Override
    public void end() {
        handle.createQuery("SELECT provider, created_at, expires_at, spent_at FROM enrolment_token")
                .map((row, context) -> {
                    Token token =
                            new Token(row.getLong("provider"), row.getLong("created_at"), row.getLong("expires_at"));
                    OptionalLong spent = row.getObject("spent_at") == null
                            ? OptionalLong.empty()
                            : OptionalLong.of(row.getLong("spent_at"));
                    return Map.entry(token, spent);
                })
                .forEach(row -> compare(row.getKey(), row.getValue()));
        made.forEach((token, entries) -> entries.forEach(entry -> findings.add(
                entry, Kind.TOKENS, "the token it made for provider " + token.provider + " is not there")));
        enrolments
                .values()
                .forEach(all -> all.forEach(each -> findings.add(
                        each.entry, Kind.TOKENS, "the token that was spent for it is not there, or not spent")));
    }

    private void compare(Token token, OptionalLong spentAt) {
        Deque<Long> entries = made.getOrDefault(token, new ArrayDeque<>());
        Long entry = entries.poll();
        if (entry == null) {
            findings.add(
                    Kind.TOKENS,
                    "no entry made the token of provider " + token.provider + " that expires at " + token.expiresAt);
        }
        if (spentAt.isPresent() && !takeEnrolment(token.provider, spentAt.getAsLong())) {
            findings.add(
                    entry == null ? 0 : entry,
                    Kind.TOKENS,
                    "a token of provider " + token.provider + " is spent, but nobody enrolled with it then");
        }
    }

    private boolean takeEnrolment(long provider, long at) {
        List<Enrolment> then = enrolments.getOrDefault(at, List.of());
        for (int i = 0; i < then.size(); i++) {
            Enrolment each = then.get(i);
            boolean own = holders.isEmpty()
                    || holders.get().holder(each.entry, provider).equals(each.holder);
            if (own) {
                Enrolment unused = then.remove(i);
                return true;
            }
        }
        return false;
    }
}
