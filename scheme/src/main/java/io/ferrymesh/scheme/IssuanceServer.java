package io.ferrymesh.scheme;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKEContext;

/**
 * Opens the issuance requests to one key epoch of the key centre and checks what a request itself can prove. Whether a token is known, a quota
 * allows it and the request id is new is the caller's to decide, before anything is issued. The key pair stays the
 * caller's.
 */
public final class IssuanceServer {

    /** How far a request's timestamp may be from now; request ids must be remembered for twice as long. */
    public static final long MAX_SKEW_SECONDS = 300;

    private static final String WHAT = "issuance request";

    private final KgcPublicKey kgc;
    private final HpkeKeyPair keys;

    /** A server for one key epoch. */
    public IssuanceServer(KgcPublicKey kgc, HpkeKeyPair keys) {
        this.kgc = kgc;
        this.keys = keys;
    }

    /**
     * Which key epoch a request is for, by what it says in the clear: a hint to find the server that opens it.
     * MalformedException if it is too long, too short or of another version.
     */
    public static KgcTag tag(byte[] message) {
        return readTag(reader(message));
    }

    /** As {@link #open(byte[], long, RevocationView, Collection)} when this key epoch is the only one trusted. */
    public OpenedIssuance open(byte[] message, long now, RevocationView revoked) {
        return open(message, now, revoked, List.of(kgc));
    }

    /**
     * Opens a request at this time in epoch seconds. MalformedException if it does not decode; RefusedException with
     * WRONG_KGC if it names another key epoch, with TAG if it is not sealed for this one, with EXPIRED or NOT_YET_VALID by
     * its timestamp, and for an enrolled requester with SIGNATURE or the reason its signing certificate is not acceptable,
     * which may be of any of the trusted keys.
     */
    public OpenedIssuance open(byte[] message, long now, RevocationView revoked, Collection<KgcPublicKey> trusted) {
        Reader in = reader(message);
        if (!readTag(in).equals(kgc.tag())) {
            throw refused(RefusalReason.WRONG_KGC);
        }
        HpkePublicKey encapsulated = HpkePublicKey.decode(in.bytes(HpkePublicKey.LENGTH));
        HPKEContext context = Hpke.receiver(keys, encapsulated, IssuanceWire.info(kgc));
        byte[] plaintext = unseal(context, in.bytes(in.remaining()));
        try {
            Reader body = new Reader(plaintext, WHAT);
            IssuanceRequest request = IssuanceRequest.read(body);
            requireTimely(request.timestamp(), now);
            Requester requester = requester(body, request, encapsulated, new Signers(now, revoked, trusted));
            return new OpenedIssuance(kgc, request, requester, IssuanceWire.replySecret(context));
        } finally {
            Bytes.wipe(plaintext);
        }
    }

    /** Whose signature counts. */
    private record Signers(long now, RevocationView revoked, Collection<KgcPublicKey> trusted) {}

    private static Reader reader(byte[] message) {
        if (message.length > IssuanceWire.MAX_REQUEST) {
            throw new MalformedException(WHAT + ": too long");
        }
        return new Reader(message, WHAT);
    }

    private static KgcTag readTag(Reader in) {
        in.version(IssuanceWire.REQUEST_VERSION);
        return KgcTag.of(in.bytes(KgcTag.LENGTH));
    }

    private byte[] unseal(HPKEContext context, byte[] sealed) {
        if (sealed.length < Gcm.TAG_LENGTH) {
            throw new MalformedException(WHAT + ": too short");
        }
        try {
            return context.open(IssuanceWire.head(kgc.tag()), sealed);
        } catch (InvalidCipherTextException e) {
            throw refused(RefusalReason.TAG);
        }
    }

    private Requester requester(Reader in, IssuanceRequest request, HpkePublicKey encapsulated, Signers signers) {
        int kind = in.within(in.u8(), IssuanceWire.BY_TOKEN, IssuanceWire.BY_SIGNATURE, "the kind of proof");
        if (kind == IssuanceWire.BY_TOKEN) {
            try (var token = EnrolmentToken.of(in.bytes(EnrolmentToken.LENGTH))) {
                in.end();
                return new Requester.NewProvider(token.digest());
            }
        }
        Certificate signer = Certificate.decode(in.bytes(Certificate.LENGTH));
        Signature signature = Signature.of(in.bytes(Signature.LENGTH));
        in.end();
        requireSigned(signer, signature, IssuanceWire.signed(kgc, encapsulated.raw(), request.encoded()), signers);
        return new Requester.Enrolled(signer);
    }

    /** A tag is four bytes, so more than one trusted key may have it. */
    private static void requireSigned(Certificate signer, Signature signature, byte[] signed, Signers signers) {
        RefusalReason refusal = RefusalReason.WRONG_KGC;
        for (KgcPublicKey key : signers.trusted()) {
            if (!key.tag().equals(signer.info().kgc())) {
                continue;
            }
            Optional<RefusalReason> unfit = PeerCheck.forUsage(Usage.SIGNING, key, signers.now(), signers.revoked())
                    .check(signer);
            if (unfit.isEmpty() && SchemeVerifier.verify(key, signer, signed, signature)) {
                return;
            }
            refusal = unfit.orElse(RefusalReason.SIGNATURE);
        }
        throw refused(refusal);
    }

    private static void requireTimely(long timestamp, long now) {
        if (timestamp > now + MAX_SKEW_SECONDS) {
            throw refused(RefusalReason.NOT_YET_VALID);
        }
        if (timestamp < now - MAX_SKEW_SECONDS) {
            throw refused(RefusalReason.EXPIRED);
        }
    }

    private static RefusedException refused(RefusalReason reason) {
        return new RefusedException(WHAT, reason);
    }
}
