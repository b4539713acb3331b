package io.ferrymesh.kgc;

import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.NewToken;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.registry.CertificateTable;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.ProviderTable;
import io.ferrymesh.kgc.registry.TokenTable;
import io.ferrymesh.scheme.EnrolmentToken;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Providers, their tokens and their quotas. Whether the operator may is checked before. */
final class ProviderDesk {

    /** Most tokens that are out at once. */
    static final int MAX_TOKENS = 10_000;

    private final Registry registry;
    private final KgcOptions options;
    private final KgcRuntime runtime;

    ProviderDesk(Registry registry, KgcOptions options, KgcRuntime runtime) {
        this.registry = registry;
        this.options = options;
        this.runtime = runtime;
    }

    ProviderInfo create(String actor, String name, OptionalInt quota) {
        Texts.requireName(name);
        requireQuota(quota);
        Instant now = runtime.clock().instant();
        return registry.database().transaction(handle -> {
            long number = Heads.advance(handle, Heads.Name.PROVIDER, 1).number();
            if (ProviderTable.count(handle) >= options.maxProviders()) {
                throw new OperationException(
                        Code.OVERLOADED, "there are " + options.maxProviders() + " providers (maxProviders)");
            }
            if (!ProviderTable.insert(handle, number, name, quota, now.getEpochSecond())) {
                throw new OperationException(Code.CONFLICT, "there is a provider " + name + " already");
            }
            Map<String, Object> details = new TreeMap<>(Map.of("provider", number, "name", name));
            quota.ifPresent(own -> details.put("quota", own));
            AuditLog.next(handle).write(now, actor, "provider.created", details);
            return find(handle, number);
        });
    }

    NewToken createToken(String actor, long provider, OptionalLong validitySeconds) {
        long validity = validitySeconds.orElse(options.tokenValiditySeconds());
        if (validity < 1 || validity > KgcOptions.MAX_SECONDS) {
            throw new OperationException(
                    Code.INVALID, "validitySeconds must be from 1 to " + KgcOptions.MAX_SECONDS + ": " + validity);
        }
        Instant now = runtime.clock().instant();
        Instant expiresAt = Instant.ofEpochSecond(now.getEpochSecond() + validity);
        try (EnrolmentToken token = EnrolmentToken.random(runtime.random())) {
            return registry.database().transaction(handle -> {
                if (find(handle, provider).revoked()) {
                    throw new OperationException(Code.CONFLICT, "provider " + provider + " is revoked");
                }
                requireRoom(handle, now.getEpochSecond());
                long expires = expiresAt.getEpochSecond();
                String mac = registry.keyring().tokenMac(token.digest(), provider, expires);
                TokenTable.Row row = new TokenTable.Row(provider, expires, mac, false);
                TokenTable.insert(handle, token.digest(), row, now.getEpochSecond());
                AuditLog.Place place = AuditLog.next(handle);
                String holder = registry.keyring().holder(place.seq(), provider);
                Map<String, Object> details = Map.of("holder", holder, "expiresAt", expires);
                place.write(now, actor, "token.created", details);
                return new NewToken(provider, hex(token), expiresAt);
            });
        }
    }

    List<ProviderInfo> list(long after, int limit) {
        Pages.require(after, limit, KgcOperations.MAX_PAGE);
        return registry.database().read(handle -> infos(handle, ProviderTable.after(handle, after, limit)));
    }

    ProviderInfo find(long number) {
        return registry.database().read(handle -> find(handle, number));
    }

    ProviderInfo setQuota(String actor, long provider, OptionalInt quota) {
        requireQuota(quota);
        Instant now = runtime.clock().instant();
        return registry.database().transaction(handle -> {
            if (!ProviderTable.setQuota(handle, provider, quota)) {
                throw unknown(provider);
            }
            Map<String, Object> details = new TreeMap<>(Map.of("provider", provider));
            quota.ifPresent(own -> details.put("quota", own));
            AuditLog.next(handle).write(now, actor, "provider.quota", details);
            return find(handle, provider);
        });
    }

    static OperationException unknown(long provider) {
        return new OperationException(Code.NOT_FOUND, "there is no provider " + provider);
    }

    private void requireQuota(OptionalInt quota) {
        if (quota.isPresent() && (quota.getAsInt() < 0 || quota.getAsInt() > options.maxQuota())) {
            throw new OperationException(
                    Code.INVALID, "quota must be from 0 to " + options.maxQuota() + ": " + quota.getAsInt());
        }
    }

    private static void requireRoom(Handle handle, long now) {
        if (TokenTable.usable(handle, now) >= MAX_TOKENS) {
            throw new OperationException(
                    Code.OVERLOADED, "there are " + MAX_TOKENS + " enrolment tokens that could still be used");
        }
    }

    private ProviderInfo find(Handle handle, long number) {
        ProviderTable.Row row = ProviderTable.find(handle, number).orElseThrow(() -> unknown(number));
        return infos(handle, List.of(row)).get(0);
    }

    private List<ProviderInfo> infos(Handle handle, List<ProviderTable.Row> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        long now = runtime.nowSeconds();
        long last = rows.get(rows.size() - 1).number();
        Map<Long, Long> held =
                CertificateTable.unexpiredCounts(handle, rows.get(0).number(), last, now);
        return rows.stream()
                .map(row -> info(row, held.getOrDefault(row.number(), 0L), now))
                .toList();
    }

    private ProviderInfo info(ProviderTable.Row row, long unexpired, long now) {
        return new ProviderInfo(
                row.number(),
                row.name(),
                row.revoked(),
                row.quota(),
                row.quota().orElse(options.certificatesPerEpoch()),
                row.usedIn(options.quotaEpoch(now)),
                unexpired,
                Instant.ofEpochSecond(row.createdAt()));
    }

    private static String hex(EnrolmentToken token) {
        byte[] copy = token.copy();
        try {
            return HexFormat.of().formatHex(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }
}
