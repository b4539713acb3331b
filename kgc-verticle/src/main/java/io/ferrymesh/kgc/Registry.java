package io.ferrymesh.kgc;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.registry.CertificateTable;
import io.ferrymesh.kgc.registry.CertificateTable.Batch;
import io.ferrymesh.kgc.registry.CertificateTable.Item;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.TraceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** What the trace key and the certificate table say together: who was issued what, and that it was issued at all. */
final class Registry {

    private final KgcKeyring keyring;
    private final Database database;

    Registry(KgcKeyring keyring, Database database) {
        this.keyring = keyring;
        this.database = database;
    }

    Database database() {
        return database;
    }

    KgcKeyring keyring() {
        return keyring;
    }

    /** The pseudonyms of a provider's serials from one on. */
    List<Pseudonym> pseudonyms(long provider, long firstSerial, int count) {
        List<Pseudonym> pseudonyms = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            pseudonyms.add(keyring.trace().seal(provider, firstSerial + i));
        }
        return pseudonyms;
    }

    /** The certificate of a pseudonym, if it was issued here. */
    Optional<CertificateTable.Row> find(Handle handle, Pseudonym pseudonym) {
        TraceKey.Opened opened = keyring.trace().open(pseudonym);
        return CertificateTable.find(handle, opened.provider(), opened.serial());
    }

    /**
     * This very certificate, if it was issued here. Its signature says only that somebody has a master key; whoever stole one
     * can certify a key of its own under any pseudonym it has seen, but the commitment is to the one that was issued.
     */
    Optional<CertificateTable.Row> issued(Handle handle, Certificate certificate) {
        return find(handle, certificate.pseudonym())
                .filter(found -> found.usage() == certificate.info().usage())
                .filter(found -> found.commitment().equals(keyring.commitment(found.serial(), certificate.encoded())));
    }

    /** What is entered of certificates with consecutive serials. */
    List<Item> items(long firstSerial, List<Certificate> certificates) {
        List<Item> items = new ArrayList<>(certificates.size());
        for (Certificate certificate : certificates) {
            long serial = firstSerial + items.size();
            Digest commitment = keyring.commitment(serial, certificate.encoded());
            items.add(new Item(serial, certificate.info().usage(), commitment));
        }
        return items;
    }

    /** Enters certificates under an audit entry's number, and returns what that entry says of them. */
    static Map<String, Object> enter(Handle handle, Batch batch, List<Item> items) {
        CertificateTable.insert(handle, batch, items);
        Map<String, Integer> usages = new TreeMap<>();
        items.forEach(item -> usages.merge(item.usage().name(), 1, Integer::sum));
        Map<String, Object> details = new TreeMap<>();
        details.put("keyEpoch", batch.keyEpoch());
        details.put("notBefore", batch.validity().notBefore());
        details.put("notAfter", batch.validity().notAfter());
        details.put("count", items.size());
        details.put("usages", usages);
        details.put("root", root(items).hex());
        return details;
    }

    /** SHA-256 of the commitments, joined in the order of serials. */
    static Digest root(List<Item> items) {
        return Digest.sha256(
                items.stream().map(item -> item.commitment().bytes()).toArray(byte[][]::new));
    }

    /** Enters a certificate the key centre issued to itself. */
    void enterOwn(KeyEpoch epoch, long serial, Certificate certificate, java.time.Instant now) {
        List<Item> items = items(serial, List.of(certificate));
        long unused = database.transaction(handle -> {
            AuditLog.Place place = AuditLog.next(handle);
            Batch batch = new Batch(0, epoch.number(), certificate.info().validity(), place.seq());
            place.write(now, Actors.CENTRE, "announcer.issued", enter(handle, batch, items));
            return place.seq();
        });
    }
}
