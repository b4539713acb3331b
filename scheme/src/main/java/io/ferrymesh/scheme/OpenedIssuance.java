package io.ferrymesh.scheme;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A request the key centre opened, and the secret under which its reply is sealed. */
public final class OpenedIssuance implements AutoCloseable {

    private final KgcPublicKey kgc;
    private final IssuanceRequest request;
    private final Requester requester;
    private final RawKey replySecret;

    OpenedIssuance(KgcPublicKey kgc, IssuanceRequest request, Requester requester, RawKey replySecret) {
        this.kgc = kgc;
        this.request = request;
        this.requester = requester;
        this.replySecret = replySecret;
    }

    /** The key epoch that is asked, and that issues. */
    public KgcPublicKey kgc() {
        return kgc;
    }

    /** What is asked for. */
    public IssuanceRequest request() {
        return request;
    }

    /** Who asks, as far as the request proves it. */
    public Requester requester() {
        return requester;
    }

    /**
     * Certifies every key of the request, under these pseudonyms in this order: exactly as many as it counts.
     * IllegalArgumentException if not, or if the master key is not of the key epoch that is asked.
     */
    public List<Issued> issue(MasterKey master, List<Pseudonym> pseudonyms, SecureRandom random) {
        if (pseudonyms.size() != request.count()) {
            throw new IllegalArgumentException(
                    "the request asks for " + request.count() + " certificates, not " + pseudonyms.size());
        }
        if (!master.publicKey().equals(kgc)) {
            throw new IllegalArgumentException("the request asks another key epoch");
        }
        List<Issued> issued = new ArrayList<>(pseudonyms.size());
        Iterator<Pseudonym> names = pseudonyms.iterator();
        for (IssuanceRequest.Item item : request.items()) {
            for (int index = 0; index < item.count(); index++) {
                CertificateInfo info = info(master, item.usage(), names.next());
                issued.add(Issuer.issue(master, info, item.keys(), index, random));
            }
        }
        return issued;
    }

    private CertificateInfo info(MasterKey master, Usage usage, Pseudonym pseudonym) {
        Validity validity = request.validity();
        KgcTag kgc = master.publicKey().tag();
        return new CertificateInfo(usage, kgc, pseudonym, validity.notBefore(), validity.notAfter());
    }

    /** Seals the reply. Keep the bytes and send the same ones if the request comes again. */
    public byte[] reply(List<Issued> issued, SecureRandom random) {
        return new IssuanceReply(request.id(), issued).seal(replySecret, random);
    }

    @Override
    public void close() {
        replySecret.close();
    }

    @Override
    public String toString() {
        return "OpenedIssuance[" + request.id() + "]";
    }
}
