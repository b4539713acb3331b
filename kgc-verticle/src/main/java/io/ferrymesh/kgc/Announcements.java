package io.ferrymesh.kgc;

import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.Heads.Head;
import io.ferrymesh.kgc.registry.RevocationTable;
import io.ferrymesh.kgc.registry.SignatureTable;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.Validity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the key centre signs, once for each live key epoch: its parameters, and the bulletin that says where its two logs stand in
 * the database. Nothing is signed that the database did not just say. A bulletin that is the first to vouch for an audit entry
 * is kept there. Any thread; one signs at a time.
 */
final class Announcements implements AutoCloseable {

    /** What was signed last, by the fingerprint of the epoch's key. */
    record Signed(Map<Digest, byte[]> parameters, Map<Digest, byte[]> bulletins) {

        Optional<byte[]> parameters(Digest epoch) {
            return Optional.ofNullable(parameters.get(epoch));
        }

        Optional<byte[]> bulletin(Digest epoch) {
            return Optional.ofNullable(bulletins.get(epoch));
        }
    }

    private record Standing(Head base, Head revocation, Head audit, long vouched) {}

    /** Up to where everything had expired at a time. */
    private record Base(long number, long at) {}

    /**
     * An entry is announced for so long after it has expired here, because receivers and other nodes, whose clocks may be behind,
     * still take its certificate then.
     */
    static final long BASE_MARGIN_SECONDS = 2 * Bulletin.MAX_SKEW_SECONDS;

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final Registry registry;
    private final KeyEpochs epochs;
    private final Announcers announcers;
    private final KgcOptions options;
    private final KgcRuntime runtime;
    private final KgcMetrics metrics;
    private volatile Base base = new Base(0, 0);
    /** What was signed last, which no later one may contradict. Under {@code this}. */
    private Optional<Standing> last = Optional.empty();

    private volatile Signed signed = new Signed(Map.of(), Map.of());
    private volatile Consumer<Signed> listener = news -> {};
    private volatile long signedAt;

    Announcements(
            Registry registry,
            KeyEpochs epochs,
            Announcers announcers,
            KgcOptions options,
            KgcRuntime runtime,
            KgcMetrics metrics) {
        this.registry = registry;
        this.epochs = epochs;
        this.announcers = announcers;
        this.options = options;
        this.runtime = runtime;
        this.metrics = metrics;
    }

    /** Who is told of everything that is signed from now on, on whatever thread signed it. */
    void listener(Consumer<Signed> whom) {
        listener = whom;
    }

    /** What was signed last. */
    Signed signed() {
        return signed;
    }

    /** Up to where everything in the revocation log has expired for everybody, if this is its head. */
    Head base(Handle handle, Head revocation, long now) {
        Base before = base;
        long from =
                now < before.at ? 0 : before.number; // a clock that was ahead must not leave out what has not expired
        return RevocationTable.base(handle, Math.min(from, revocation.number()), revocation, now - BASE_MARGIN_SECONDS);
    }

    /**
     * Signs everything anew. Fails, and leaves what was signed before to expire, when the database does not answer, or says
     * something else than what this node has signed already.
     */
    synchronized Signed refresh() {
        long now = runtime.nowSeconds();
        epochs.refresh(registry.database());
        List<KeyEpoch> live = epochs.live(now);
        Map<KeyEpoch, Credential> signers = new HashMap<>();
        live.forEach(epoch -> signers.put(epoch, announcers.of(epoch, now)));
        Standing standing = registry.database().read(handle -> standing(handle, now));
        last = Optional.of(standing);
        base = new Base(standing.base().number(), now);
        Bulletin bulletin = bulletin(standing, now);
        Map<Digest, byte[]> parameters = new HashMap<>();
        Map<Digest, byte[]> bulletins = new HashMap<>();
        signers.forEach((epoch, signer) -> {
            Digest name = epoch.key().fingerprint();
            parameters.put(name, parameters(epoch, now).sign(signer, runtime.random()));
            bulletins.put(name, bulletin.sign(signer, runtime.random()));
        });
        keep(standing, live, bulletins);
        announcers.forgetRetired(epochs, now);
        Signed fresh = new Signed(Map.copyOf(parameters), Map.copyOf(bulletins));
        signed = fresh;
        metrics.standing(standing.audit(), standing.revocation(), now);
        signedAt = now;
        listener.accept(fresh);
        return fresh;
    }

    /** Whether what was signed last is good for a while. Else something keeps this node from signing, which its log says. */
    boolean current() {
        return runtime.nowSeconds() - signedAt <= options.announcementValiditySeconds() / 2;
    }

    /** The parameters of an epoch as they are announced now. */
    KgcParameters parameters(KeyEpoch epoch, long now) {
        return new KgcParameters(
                epoch.key(),
                epoch.keys().hpke().publicKey(),
                epoch.number(),
                options.validityStepSeconds(),
                options.maxValiditySeconds(),
                new Validity(now - Announcers.BACKDATE_SECONDS, now + options.announcementValiditySeconds()),
                epoch.successor());
    }

    private Standing standing(Handle handle, long now) {
        Head revocation = Heads.read(handle, Heads.Name.REVOCATION);
        Head audit = Heads.read(handle, Heads.Name.AUDIT);
        last.ifPresent(signed -> {
            requireFollows(
                    "audit",
                    signed.audit(),
                    audit,
                    AuditLog.hash(handle, signed.audit().number()));
            requireFollows(
                    "revocation",
                    signed.revocation(),
                    revocation,
                    RevocationTable.hash(handle, signed.revocation().number()));
        });
        return new Standing(base(handle, revocation, now), revocation, audit, SignatureTable.last(handle));
    }

    /**
     * A database that was put back to an earlier state, or written to, must not make the key centre contradict itself: receivers
     * would never trust it again.
     *
     * @param there the hash that the database has now where {@code signed} was signed
     */
    private void requireFollows(String log, Head signed, Head now, Optional<Digest> there) {
        boolean kept =
                signed.number() == 0 || there.filter(signed.hash()::equals).isPresent();
        boolean moved = now.number() > signed.number() || now.equals(signed);
        if (kept && moved) {
            return;
        }
        metrics.contradicted();
        String what =
                "nothing is signed: the database has other entries in the %s log, now at %d, than this node signed at %d"
                        .formatted(log, now.number(), signed.number());
        LOG.error("{}", what);
        throw new OperationException(Code.CONFLICT, what);
    }

    /** Not backdated: by its time receivers know how fresh what they have is. */
    private Bulletin bulletin(Standing standing, long now) {
        return new Bulletin(
                new Validity(now, now + options.announcementValiditySeconds()),
                standing.base().number(),
                standing.base().hash(),
                standing.revocation().number(),
                standing.revocation().hash(),
                standing.audit().number(),
                standing.audit().hash());
    }

    private void keep(Standing standing, List<KeyEpoch> live, Map<Digest, byte[]> bulletins) {
        long seq = standing.audit().number();
        if (standing.vouched() >= seq) {
            return;
        }
        int unused = registry.database().transaction(handle -> {
            for (KeyEpoch epoch : live) {
                byte[] bulletin = bulletins.getOrDefault(epoch.key().fingerprint(), new byte[0]);
                SignatureTable.insert(handle, seq, epoch.number(), bulletin);
            }
            return live.size();
        });
    }

    @Override
    public synchronized void close() {
        announcers.close();
    }
}
