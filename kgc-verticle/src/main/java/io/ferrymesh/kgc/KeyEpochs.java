package io.ferrymesh.kgc;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.keys.EpochKeys;
import io.ferrymesh.kgc.keys.KeyFileException;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.registry.EpochTable;
import io.ferrymesh.scheme.IssuanceServer;
import io.ferrymesh.scheme.KgcParameters.Successor;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.KgcTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key epochs as the database has them. An epoch that another node, or the command line, has announced is taken into use at
 * the next {@link #refresh} and written to this node's key file as well. Any thread.
 */
final class KeyEpochs {

    private static final Logger LOG = LoggerFactory.getLogger(KeyEpochs.class);

    private final KgcKeyring keyring;
    private volatile List<KeyEpoch> epochs = List.of();

    KeyEpochs(KgcKeyring keyring) {
        this.keyring = keyring;
    }

    /** Looks for new ones, and for what became of the old. */
    synchronized void refresh(Database database) {
        List<EpochTable.Row> rows = database.read(EpochTable::all);
        boolean added = false;
        for (EpochTable.Row row : rows) {
            added |= takeIntoUse(row);
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

    /** Returns whether it was not known yet. */
    private boolean takeIntoUse(EpochTable.Row row) {
        Optional<EpochKeys> known = keyring.epoch(row.number());
        EpochKeys keys = known.or(
                        () -> row.sealedSecrets().flatMap(secrets -> keyring.openEpoch(row.number(), secrets)))
                .filter(opened -> opened.publicKey().equals(row.key()))
                .orElseThrow(() -> new IllegalStateException(
                        "the database's key epoch " + row.number() + " is not of this key file"));
        if (known.isEmpty()) {
            keyring.add(keys);
            LOG.info("key epoch {} is {}", row.number(), keys.publicKey().fingerprint());
        }
        return known.isEmpty();
    }

    private void save() {
        try {
            keyring.save();
        } catch (KeyFileException e) {
            LOG.warn("the new key epoch is in the database only, where every node finds it: {}", e.getMessage());
        }
    }
}
