package io.ferrymesh.kgc;

import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.keys.EpochKeys;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.KeyEpochInfo;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.registry.EpochTable;
import io.ferrymesh.scheme.KgcTag;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Shows the key epochs and begins new ones. Whether the operator may is checked before. */
final class KeyDesk {

    /** Each live epoch is signed for every second, and receivers hold the keys of all. */
    static final int MAX_LIVE = 8;

    private final Registry registry;
    private final KeyEpochs epochs;
    private final Announcements announcements;
    private final KgcOptions options;
    private final KgcRuntime runtime;

    KeyDesk(Registry registry, KeyEpochs epochs, Announcements announcements, KgcOptions options, KgcRuntime runtime) {
        this.registry = registry;
        this.epochs = epochs;
        this.announcements = announcements;
        this.options = options;
        this.runtime = runtime;
    }

    List<KeyEpochInfo> list() {
        epochs.refresh(registry.database());
        return epochs.all().stream().map(KeyDesk::info).toList();
    }

    /**
     * The new epoch is in the database, sealed for every node, before it is announced. The old one retires when everything
     * issued under it has expired.
     */
    KeyEpochInfo rotate(String actor, long activateAfterSeconds) {
        if (activateAfterSeconds < 0 || activateAfterSeconds > KgcOptions.MAX_SECONDS) {
            throw new OperationException(
                    Code.INVALID,
                    "activateAfterSeconds must be from 0 to " + KgcOptions.MAX_SECONDS + ": " + activateAfterSeconds);
        }
        epochs.refresh(registry.database());
        Instant now = runtime.clock().instant();
        if (epochs.live(now.getEpochSecond()).size() >= MAX_LIVE) {
            throw new OperationException(
                    Code.CONFLICT, MAX_LIVE + " key epochs are trusted at once already: wait until one retires");
        }
        long active = now.getEpochSecond() + activateAfterSeconds;
        try (EpochKeys fresh = fresh()) {
            NewEpoch epoch = NewEpoch.of(registry.keyring(), fresh, active, options, now, runtime.random());
            int unused = registry.database().transaction(handle -> announce(handle, actor, epoch, now));
        }
        Announcements.Signed unused = announcements.refresh();
        return info(epochs.all().get(epochs.all().size() - 1));
    }

    private static int announce(Handle handle, String actor, NewEpoch epoch, Instant now) {
        AuditLog.Place place = AuditLog.next(handle);
        List<EpochTable.Row> all = EpochTable.all(handle);
        EpochTable.Row last = all.get(all.size() - 1);
        if (last.activeFrom() > now.getEpochSecond()
                || last.number() + 1 != epoch.row().number()) {
            throw new OperationException(
                    Code.CONFLICT, "key epoch " + last.number() + " is announced and not active yet");
        }
        epoch.enter(handle, place, actor, now);
        return epoch.row().number();
    }

    /** Under a number never used, and with a tag that no other epoch has: requests are told apart by it. */
    private EpochKeys fresh() {
        List<EpochKeys> known = registry.keyring().epochs();
        var tags = known.stream().map(keys -> keys.publicKey().tag()).collect(Collectors.toSet());
        int number = known.get(known.size() - 1).number() + 1;
        if (number > KgcKeyring.MAX_EPOCHS) {
            throw new OperationException(
                    Code.CONFLICT, "a key centre has at most " + KgcKeyring.MAX_EPOCHS + " key epochs");
        }
        EpochKeys fresh = EpochKeys.generate(number, runtime.random());
        while (!isNew(tags, fresh.publicKey().tag())) {
            fresh.close();
            fresh = EpochKeys.generate(number, runtime.random());
        }
        return fresh;
    }

    private static boolean isNew(java.util.Set<KgcTag> tags, KgcTag tag) {
        return !tags.contains(tag);
    }

    static KeyEpochInfo info(KeyEpoch epoch) {
        OptionalLong retires = epoch.retiresAt();
        return new KeyEpochInfo(
                epoch.number(),
                epoch.key().fingerprint().hex(),
                HexFormat.of().formatHex(epoch.key().encoded()),
                Instant.ofEpochSecond(epoch.announcedAt()),
                Instant.ofEpochSecond(epoch.activeFrom()),
                retires.isPresent() ? Optional.of(Instant.ofEpochSecond(retires.getAsLong())) : Optional.empty());
    }
}
