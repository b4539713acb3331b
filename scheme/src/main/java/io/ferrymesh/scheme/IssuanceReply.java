package io.ferrymesh.scheme;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** The key centre's answer: what was issued, in the order of the request's items and of the keys within each. */
record IssuanceReply(IssuanceRequest.Id request, List<Issued> issued) {

    private static final byte[] MAGIC = Bytes.ascii("FMIR");

    IssuanceReply {
        issued = List.copyOf(issued);
    }

    /** {@code version ‖ salt ‖ AES-256-GCM}, the first two authenticated. */
    byte[] seal(RawKey secret, SecureRandom random) {
        byte[] head =
                Bytes.concat(new byte[] {IssuanceWire.REPLY_VERSION}, Bytes.random(random, IssuanceWire.REPLY_SALT));
        try (var key = IssuanceWire.replyKey(secret, salt(head))) {
            byte[] sealed = CryptoProvider.active().newGcm().seal(key, 0, head, encoded());
            return Bytes.concat(head, sealed);
        }
    }

    static IssuanceReply open(RawKey secret, int count, byte[] message) {
        Reader in = new Reader(message, "issuance reply");
        in.version(IssuanceWire.REPLY_VERSION);
        byte[] salt = in.bytes(IssuanceWire.REPLY_SALT);
        byte[] head = Bytes.concat(new byte[] {IssuanceWire.REPLY_VERSION}, salt);
        byte[] sealed = in.bytes(bodyLength(count) + Gcm.TAG_LENGTH);
        in.end();
        try (var key = IssuanceWire.replyKey(secret, salt)) {
            return decode(CryptoProvider.active().newGcm().open(key, 0, head, sealed, 0, sealed.length), count);
        } catch (SealBrokenException e) {
            throw new RefusedException("issuance reply", RefusalReason.TAG);
        }
    }

    private static byte[] salt(byte[] head) {
        return java.util.Arrays.copyOfRange(head, 1, head.length);
    }

    private static int bodyLength(int count) {
        return MAGIC.length + 1 + IssuanceRequest.Id.LENGTH + 2 + count * IssuanceWire.ISSUED_LENGTH;
    }

    private byte[] encoded() {
        var out = new Writer(bodyLength(issued.size()));
        out.bytes(MAGIC);
        out.u8(IssuanceWire.REPLY_VERSION);
        out.bytes(request.raw());
        out.u16(issued.size());
        for (Issued one : issued) {
            out.bytes(one.certificate().raw());
            out.bytes(one.contribution().raw());
        }
        return out.toByteArray();
    }

    private static IssuanceReply decode(byte[] encoded, int expected) {
        Reader in = new Reader(encoded, "issuance reply");
        in.magic(MAGIC);
        in.version(IssuanceWire.REPLY_VERSION);
        var request = IssuanceRequest.Id.of(in.bytes(IssuanceRequest.Id.LENGTH));
        int count = in.within(in.u16(), expected, expected, "the number of certificates");
        List<Issued> issued = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Certificate certificate = Certificate.decode(in.bytes(Certificate.LENGTH));
            issued.add(new Issued(certificate, Issued.Contribution.of(in.bytes(Issued.Contribution.LENGTH))));
        }
        in.end();
        return new IssuanceReply(request, issued);
    }
}
