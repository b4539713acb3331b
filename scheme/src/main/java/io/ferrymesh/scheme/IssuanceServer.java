package io.ferrymesh.scheme;

import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKEContext;

/**
 * Opens issuance requests at the key centre and checks what a request itself can prove. Whether a token is known, a quota
 * allows it and the request id is new is the caller's to decide, before anything is issued. The key pair stays the
 * caller's.
 */
public final class IssuanceServer {

    /** How far a request's timestamp may be from now; request ids must be remembered for twice as long. */
    public static final long MAX_SKEW_SECONDS = 300;

    private final KgcPublicKey kgc;
    private final HpkeKeyPair keys;

    /** A server for one key centre. */
    public IssuanceServer(KgcPublicKey kgc, HpkeKeyPair keys) {
        this.kgc = kgc;
        this.keys = keys;
    }

    /**
     * Opens a request at this time in epoch seconds. MalformedException if it does not decode; RefusedException with TAG if
     * it is not sealed for this key centre, with EXPIRED or NOT_YET_VALID by its timestamp, and for an enrolled requester
     * with SIGNATURE or the reason its signing certificate is not acceptable.
     */
    public OpenedIssuance open(byte[] message, long now, RevocationView revoked) {
        if (message.length > IssuanceWire.MAX_REQUEST) {
            throw new MalformedException("issuance request: too long");
        }
        Reader in = new Reader(message, "issuance request");
        in.version(IssuanceWire.VERSION);
        HpkePublicKey encapsulated = HpkePublicKey.decode(in.bytes(HpkePublicKey.LENGTH));
        HPKEContext context = Hpke.receiver(keys, encapsulated, IssuanceWire.info(kgc));
        byte[] plaintext = unseal(context, in.bytes(in.remaining()));
        try {
            Reader body = new Reader(plaintext, "issuance request");
            IssuanceRequest request = IssuanceRequest.read(body);
            requireTimely(request.timestamp(), now);
            Requester requester = requester(body, request, encapsulated, new Moment(now, revoked));
            return new OpenedIssuance(request, requester, IssuanceWire.replySecret(context));
        } finally {
            Bytes.wipe(plaintext);
        }
    }

    private record Moment(long now, RevocationView revoked) {}

    private static byte[] unseal(HPKEContext context, byte[] sealed) {
        if (sealed.length < Gcm.TAG_LENGTH) {
            throw new MalformedException("issuance request: too short");
        }
        try {
            return context.open(new byte[] {IssuanceWire.VERSION}, sealed);
        } catch (InvalidCipherTextException e) {
            throw refused(RefusalReason.TAG);
        }
    }

    private Requester requester(Reader in, IssuanceRequest request, HpkePublicKey encapsulated, Moment moment) {
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
        requireSigned(signer, signature, IssuanceWire.signed(kgc, encapsulated.raw(), request.encoded()), moment);
        return new Requester.Enrolled(signer);
    }

    private void requireSigned(Certificate signer, Signature signature, byte[] signed, Moment moment) {
        Optional<RefusalReason> refusal = PeerCheck.forUsage(Usage.SIGNING, kgc, moment.now(), moment.revoked())
                .check(signer);
        if (refusal.isPresent()) {
            throw refused(refusal.get());
        }
        if (!SchemeVerifier.verify(kgc, signer, signed, signature)) {
            throw refused(RefusalReason.SIGNATURE);
        }
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
        return new RefusedException("issuance request", reason);
    }
}
