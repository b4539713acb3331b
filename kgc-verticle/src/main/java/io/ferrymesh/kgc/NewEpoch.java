package io.ferrymesh.kgc;

import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.keys.EpochKeys;
import io.ferrymesh.kgc.keys.EpochTimes;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.registry.EpochTable;
import io.ferrymesh.scheme.IssuanceServer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * A key epoch that is to be announced.
 *
 * @param predecessorRetires when the one before is not trusted any more: everything issued under it has expired then
 */
record NewEpoch(EpochTable.Row row, long predecessorRetires) {

    /** Sealed for every node. */
    static NewEpoch of(
            KgcKeyring keyring, EpochKeys keys, long activeFrom, KgcOptions options, Instant now, SecureRandom random) {
        long retires = activeFrom + options.maxValiditySeconds() + IssuanceServer.MAX_SKEW_SECONDS;
        byte[] sealed = keyring.sealEpoch(keys, new EpochTimes(keys.number(), activeFrom, retires), random);
        EpochTable.Row row = new EpochTable.Row(
                keys.number(),
                keys.publicKey(),
                keys.hpke().publicKey(),
                now.getEpochSecond(),
                activeFrom,
                OptionalLong.empty(),
                Optional.of(sealed));
        return new NewEpoch(row, retires);
    }

    /** Enters it and says so in the audit log. */
    void enter(Handle handle, AuditLog.Place place, String actor, Instant now) {
        EpochTable.retire(handle, row.number() - 1, predecessorRetires);
        EpochTable.insert(handle, row);
        Map<String, Object> details = Map.of(
                "epoch", row.number(),
                "publicKey", HexFormat.of().formatHex(row.key().encoded()),
                "fingerprint", row.key().fingerprint().hex(),
                "activeFrom", row.activeFrom(),
                "predecessorRetires", predecessorRetires);
        place.write(now, actor, "key.announced", details);
    }
}
