package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.ServiceName;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.HpkeKeyPair;
import io.ferrymesh.scheme.IssuanceServer;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.KgcParameters.Successor;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.OpenedIssuance;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Requester;
import io.ferrymesh.scheme.RevocationChain;
import io.ferrymesh.scheme.RevocationEntry;
import io.ferrymesh.scheme.RevocationPage;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.TraceKey;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A key centre in memory with one provider, made of the scheme's classes. It decides as the real one does. */
final class LocalKgc {

    /** One of its keys. */
    static final class Epoch {
        final long number;
        final MasterKey master;
        final HpkeKeyPair hpke;
        Optional<Successor> successor = Optional.empty();
        private @Nullable Credential announcer;

        private Epoch(long number, MasterKey master, HpkeKeyPair hpke) {
            this.number = number;
            this.master = master;
            this.hpke = hpke;
        }

        KgcPublicKey kgc() {
            return master.publicKey();
        }
    }

    static final long STEP = 3_600;

    final List<Epoch> epochs = new ArrayList<>();
    final List<Digest> spentTokens = new ArrayList<>();
    /** Each request that was carried out: what was asked under which key, and by which certificate's key. */
    final List<String> issued = new ArrayList<>();

    /** Every pseudonym that was issued. */
    final List<Pseudonym> names = new ArrayList<>();

    int replayed;
    int refused;
    long quota = Long.MAX_VALUE;
    boolean providerRevoked;
    long maxValidity = 2 * 86_400;
    long auditEntries = 1;
    Digest auditHash = Digest.sha256();
    /** What an operator of the real one could not do: another history. */
    List<RevocationEntry> log = new ArrayList<>();
    /** What a thief of a key may say: everything up to here has expired. */
    int base;

    private final SecureRandom random = new SecureRandom();
    private final TraceKey trace = TraceKey.generate(random);
    private final Map<Digest, Buffer> replies = new HashMap<>();
    private final Set<Digest> tokens = new HashSet<>();
    private final Clock clock;
    private long serial;

    LocalKgc(Clock clock) {
        this.clock = clock;
        epochs.add(epoch(1));
    }

    Epoch newest() {
        return epochs.get(epochs.size() - 1);
    }

    KgcPublicKey key(int number) {
        return epochs.get(number - 1).kgc();
    }

    /** A one-time token. */
    EnrolmentToken token() {
        EnrolmentToken token = EnrolmentToken.random(random);
        tokens.add(token.digest());
        return token;
    }

    /** A new key that is active and retires its predecessor so many seconds from now. */
    void announce(long activeIn, long retiresIn) {
        Epoch next = epoch(newest().number + 1);
        newest().successor = Optional.of(new Successor(next.kgc(), now() + activeIn, now() + retiresIn));
        epochs.add(next);
    }

    void revoke(Pseudonym... pseudonyms) {
        for (Pseudonym pseudonym : pseudonyms) {
            log.add(new RevocationEntry(pseudonym, now() + maxValidity));
            auditEntries++;
            auditHash = Digest.sha256(auditHash.bytes());
        }
    }

    void revokeProvider() {
        providerRevoked = true;
        revoke(names.toArray(new Pseudonym[0]));
    }

    /** The reply of a service, or a MeshException with the refusal. */
    Buffer answer(ServiceName service, Buffer request) {
        if (service.equals(KgcServices.PARAMETERS)) {
            return Buffer.buffer(parameters(live(request)));
        } else if (service.equals(KgcServices.BULLETIN)) {
            return Buffer.buffer(bulletin(live(request)));
        } else if (service.equals(KgcServices.REVOCATIONS)) {
            return page(RevocationPage.Request.decode(request.getBytes()));
        }
        return issue(request);
    }

    byte[] parameters(Epoch epoch) {
        return new KgcParameters(
                        epoch.kgc(),
                        epoch.hpke.publicKey(),
                        epoch.number,
                        STEP,
                        maxValidity,
                        new Validity(now() - 30, now() + 60),
                        epoch.successor)
                .sign(announcer(epoch), random);
    }

    byte[] bulletin(Epoch epoch) {
        Validity current = new Validity(now(), now() + 3_600);
        return new Bulletin(current, base, hash(base), log.size(), hash(log.size()), auditEntries, auditHash)
                .sign(announcer(epoch), random);
    }

    private Digest hash(int number) {
        Digest hash = RevocationChain.START;
        for (int i = 0; i < number; i++) {
            hash = RevocationChain.next(hash, i + 1L, log.get(i));
        }
        return hash;
    }

    private Buffer page(RevocationPage.Request wanted) {
        int to = (int) Math.min(log.size(), wanted.upTo());
        return Buffer.buffer(new RevocationPage(wanted.after() + 1, log.subList((int) wanted.after(), to)).encoded());
    }

    private Buffer issue(Buffer request) {
        Digest name = Digest.sha256(request.getBytes());
        Buffer before = replies.get(name);
        if (before != null) {
            replayed++;
            return before;
        }
        Epoch epoch = epochs.stream()
                .filter(each -> each.kgc().tag().equals(IssuanceServer.tag(request.getBytes())))
                .findFirst()
                .orElseThrow(() -> refuse(ErrorCode.KEY_RETIRED));
        if (epoch.successor.map(next -> now() >= next.activeFrom()).orElse(false)) {
            throw refuse(ErrorCode.KEY_RETIRED);
        }
        List<KgcPublicKey> trusted =
                epochs.stream().filter(each -> !isRetired(each)).map(Epoch::kgc).toList();
        RevocationView nobody = (pseudonym, at) -> RevocationView.Status.GOOD;
        try (OpenedIssuance opened =
                new IssuanceServer(epoch.kgc(), epoch.hpke).open(request.getBytes(), now(), nobody, trusted)) {
            Buffer reply = carryOut(epoch, opened);
            replies.put(name, reply);
            return reply;
        }
    }

    private Buffer carryOut(Epoch epoch, OpenedIssuance opened) {
        int count = opened.request().count();
        if (providerRevoked) {
            throw refuse(ErrorCode.REVOKED);
        } else if (count > quota) {
            throw refuse(ErrorCode.QUOTA_EXCEEDED);
        }
        quota -= count;
        issued.add(count + " under " + epoch.number + " by " + by(opened.requester()));
        List<Pseudonym> fresh =
                IntStream.range(0, count).mapToObj(i -> trace.seal(1, serial++)).toList();
        names.addAll(fresh);
        return Buffer.buffer(opened.reply(opened.issue(epoch.master, fresh, random), random));
    }

    private String by(Requester requester) {
        if (requester instanceof Requester.NewProvider enrolling) {
            if (!tokens.remove(enrolling.tokenDigest())) {
                throw refuse(ErrorCode.NOT_ENROLLED);
            }
            spentTokens.add(enrolling.tokenDigest());
            return "token";
        }
        Requester.Enrolled enrolled = (Requester.Enrolled) requester;
        return epochs.stream()
                .filter(each -> each.kgc().tag().equals(enrolled.signer().info().kgc()))
                .map(each -> Long.toString(each.number))
                .findFirst()
                .orElseThrow();
    }

    private Epoch live(Buffer fingerprint) {
        return epochs.stream()
                .filter(each -> Buffer.buffer(each.kgc().fingerprint().bytes()).equals(fingerprint) && !isRetired(each))
                .findFirst()
                .orElseThrow(() -> refuse(ErrorCode.KEY_RETIRED));
    }

    private boolean isRetired(Epoch epoch) {
        return epoch.successor.map(next -> now() > next.retires()).orElse(false);
    }

    private MeshException refuse(ErrorCode code) {
        refused++;
        return new MeshException(code, "the key centre refused with " + code);
    }

    private Epoch epoch(long number) {
        return new Epoch(number, MasterKey.generate(random), HpkeKeyPair.generate(random));
    }

    private Credential announcer(Epoch epoch) {
        Validity validity = new Validity(now() - 60, now() + 86_400);
        Credential known = epoch.announcer;
        if (known == null || known.certificate().info().notAfter() < now()) {
            known = Certificates.issue(epoch.master, Usage.ANNOUNCEMENT, trace.seal(0, serial++), validity, random);
            epoch.announcer = known;
        }
        return known;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
