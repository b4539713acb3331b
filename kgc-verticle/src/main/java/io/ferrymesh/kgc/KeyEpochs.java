package io.ferrymesh.kgc;

import io.ferrymesh.database.Database;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.kgc.keys.EpochKeys;
import io.ferrymesh.kgc.keys.EpochTimes;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.registry.EpochTable;
import io.ferrymesh.scheme.IssuanceServer;
import io.ferrymesh.scheme.KgcParameters.Successor;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.KgcTag;
import io.ferrymesh.scheme.SchemeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key epochs as the database has them. An epoch that another node, or the command line, has announced is taken into use at
 * the next {@link #refresh} and written to this node's key file as well. A row is believed only with the times that its secrets
 * were sealed with, and never changes: whatever else the database says is refused with CONFLICT, and nothing is signed. Any
 * thread.
 */
final class KeyEpochs {

    private static final Logger LOG = LoggerFactory.getLogger(KeyEpochs.class);

    private final KgcKeyring keyring;
    /** The times with which rows were opened. Under {@code this}. */
    private final Map<Integer, EpochTimes> opened = new HashMap<>();

    private volatile List<KeyEpoch> epochs = List.of();

    KeyEpochs(KgcKeyring keyring) {
        this.keyring = keyring;
    }

    /** Looks for new ones, and for what became of the old. */
    synchronized void refresh(Database database) {
        List<Integer> known =
                keyring.epochs().stream().map(EpochKeys::number).toList(); // before the rows, which can only have more
        List<EpochTable.Row> rows = rows(database);
        requireComplete(known, rows);
        requireFirst(rows.get(0));
        boolean added = false;
        for (int i = 1; i < rows.size(); i++) {
            added |= takeIntoUse(rows.get(i), rows.get(i - 1));
        }
        List<KeyEpoch> found = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            Optional<EpochTable.Row> next = i + 1 < rows.size() ? Optional.of(rows.get(i + 1)) : Optional.empty();
            found.add(epoch(rows.get(i), next));
        }
        epochs = List.copyOf(found);
        if (added) {
            save();
        }
    }

    /** All there ever were, ascending. */
    List<KeyEpoch> all() {
        return epochs;
    }

    /** Those that are trusted now, ascending. */
    List<KeyEpoch> live(long now) {
        return epochs.stream().filter(epoch -> epoch.live(now)).toList();
    }

    /** The keys of those. */
    List<KgcPublicKey> trusted(long now) {
        return epochs.stream()
                .filter(epoch -> epoch.live(now))
                .map(KeyEpoch::key)
                .toList();
    }

    /** The one that handshakes use now: the last that is active. */
    KeyEpoch inForce(long now) {
        List<KeyEpoch> active =
                epochs.stream().filter(epoch -> epoch.activeFrom() <= now).toList();
        return active.isEmpty() ? epochs.get(0) : active.get(active.size() - 1);
    }

    /** The one with this tag, if certificates are issued under it now. No two epochs have the same. */
    Optional<KeyEpoch> issuing(KgcTag tag, long now) {
        return epochs.stream()
                .filter(epoch -> epoch.key().tag().equals(tag) && epoch.issues(now))
                .findFirst();
    }

    private KeyEpoch epoch(EpochTable.Row row, Optional<EpochTable.Row> next) {
        EpochKeys keys = keyring.epoch(row.number()).orElseThrow();
        Optional<Successor> successor = next.map(following -> new Successor(
                keyring.epoch(following.number()).orElseThrow().publicKey(),
                following.activeFrom(),
                row.retiresAt().orElseThrow()));
        IssuanceServer server = new IssuanceServer(keys.publicKey(), keys.hpke());
        return new KeyEpoch(keys, server, row.announcedAt(), row.activeFrom(), successor);
    }

    private static List<EpochTable.Row> rows(Database database) {
        try {
            return database.read(EpochTable::all);
        } catch (SchemeException e) {
            throw new OperationException(
                    Code.CONFLICT, "a key epoch in the database has no public key: restore the database from a backup");
        }
    }

    private static void requireComplete(List<Integer> known, List<EpochTable.Row> rows) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).number() != i + 1) {
                throw altered(i + 1);
            }
        }
        int last = known.get(known.size() - 1);
        if (last > rows.size()) {
            throw new OperationException(
                    Code.CONFLICT,
                    "the key file has key epoch %d and the database only %d: it is older than the key file. If it was put back, stop every node and run: ferrymesh kgc restored"
                            .formatted(last, rows.size()));
        }
    }

    private void requireFirst(EpochTable.Row row) {
        boolean own = keyring.epoch(1).filter(keys -> matches(keys, row)).isPresent();
        if (!own) {
            throw altered(1);
        }
    }

    /** Returns whether it was not known yet. */
    private boolean takeIntoUse(EpochTable.Row row, EpochTable.Row before) {
        EpochTimes times = new EpochTimes(
                row.number(), row.activeFrom(), before.retiresAt().orElseThrow(() -> altered(row.number())));
        Optional<EpochKeys> known = keyring.epoch(row.number());
        EpochTimes earlier = opened.getOrDefault(row.number(), times);
        if (!earlier.equals(times) || !known.map(keys -> matches(keys, row)).orElse(true)) {
            throw altered(row.number());
        }
        if (opened.containsKey(row.number())) {
            return false;
        }
        EpochKeys keys = row.sealedSecrets()
                .flatMap(secrets -> keyring.openEpoch(times, secrets))
                .orElseThrow(() -> altered(row.number()));
        if (!matches(keys, row)) {
            keys.close();
            throw altered(row.number());
        }
        known.ifPresentOrElse(here -> keys.close(), () -> {
            keyring.add(keys);
            LOG.info("key epoch {} is {}", row.number(), keys.publicKey().fingerprint());
        });
        opened.put(row.number(), times);
        return known.isEmpty();
    }

    private static boolean matches(EpochKeys keys, EpochTable.Row row) {
        return keys.publicKey().equals(row.key()) && keys.hpke().publicKey().equals(row.hpke());
    }

    private static OperationException altered(int number) {
        return new OperationException(
                Code.CONFLICT,
                "the database's key epoch " + number
                        + " is not as this key centre wrote it, in its keys, its times or when"
                        + " the epoch before retires: correct the database or restore it from a backup");
    }

    private void save() {
        try {
            keyring.save();
        } catch (KeyFileException e) {
            LOG.warn("the new key epoch is in the database only, where every node finds it: {}", e.getMessage());
        }
    }
}
