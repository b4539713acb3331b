package io.ferrymesh.scheme;

/**
 * What was moved in one migration, 275 bytes when encoded. It names the pseudonyms the handshake was run under and
 * contains the two certificates it is signed with, which have pseudonyms of their own.
 *
 * <p>How the two kinds belong together: each side sends its signing certificate sealed under the session's keys, so it
 * comes from who ran the handshake whose hash is here. The destination then signs a receipt that contains the source's
 * signing certificate, and the source countersigns one that contains the destination's: each vouches that it received
 * the other's inside this session. A verifier learns no more than that, by design. Only the key centre's trace function
 * opens all four pseudonyms, and must find two providers, each behind one of either kind. The certificates are contained
 * rather than hashed so that nothing can be missing or mismatched, and the trace needs nothing but the receipt.
 *
 * <p>Times are epoch milliseconds, as the destination's clock had them.
 */
public record Receipt(
        MigrationId migration,
        Pseudonym destination,
        Pseudonym source,
        Certificate destinationSigner,
        Certificate sourceSigner,
        Digest handshakeHash,
        long objects,
        long bytes,
        Digest root,
        long startedAt,
        long finishedAt) {

    private static final byte[] MAGIC = Bytes.ascii("FMRC");
    private static final int VERSION = 1;

    /** Bytes in the encoded form. */
    public static final int LENGTH = MAGIC.length
            + 1
            + MigrationId.LENGTH
            + 2 * Pseudonym.LENGTH
            + 2 * Certificate.LENGTH
            + 2 * Digest.LENGTH
            + 4 * Long.BYTES;

    /** Refuses negative numbers, an end before the beginning, equal pseudonyms and certificates that do not sign. */
    public Receipt {
        if (objects < 0 || bytes < 0 || startedAt < 0 || finishedAt < startedAt) {
            throw new IllegalArgumentException("counts and times of a receipt must be >= 0 and in order");
        }
        if (destination.equals(source) || destinationSigner.pseudonym().equals(sourceSigner.pseudonym())) {
            throw new IllegalArgumentException("a receipt has two sides");
        }
        if (destinationSigner.info().usage() != Usage.SIGNING
                || sourceSigner.info().usage() != Usage.SIGNING) {
            throw new IllegalArgumentException("a receipt is signed with certificates for signing");
        }
    }

    /** The canonical form, which is what gets signed. */
    public byte[] encoded() {
        var out = new Writer(LENGTH);
        out.bytes(MAGIC);
        out.u8(VERSION);
        out.bytes(migration.raw());
        out.bytes(destination.raw());
        out.bytes(source.raw());
        out.bytes(destinationSigner.raw());
        out.bytes(sourceSigner.raw());
        out.bytes(handshakeHash.raw());
        out.u64(objects);
        out.u64(bytes);
        out.bytes(root.raw());
        out.u64(startedAt);
        out.u64(finishedAt);
        return out.toByteArray();
    }

    /** Decodes the canonical form strictly. */
    public static Receipt decode(byte[] encoded) {
        Reader in = new Reader(encoded, "receipt");
        Receipt receipt = read(in);
        in.end();
        return receipt;
    }

    static Receipt read(Reader in) {
        in.magic(MAGIC);
        in.version(VERSION);
        try {
            return new Receipt(
                    MigrationId.of(in.bytes(MigrationId.LENGTH)),
                    Pseudonym.of(in.bytes(Pseudonym.LENGTH)),
                    Pseudonym.of(in.bytes(Pseudonym.LENGTH)),
                    Certificate.decode(in.bytes(Certificate.LENGTH)),
                    Certificate.decode(in.bytes(Certificate.LENGTH)),
                    Digest.of(in.bytes(Digest.LENGTH)),
                    in.positive(),
                    in.positive(),
                    Digest.of(in.bytes(Digest.LENGTH)),
                    in.positive(),
                    in.positive());
        } catch (IllegalArgumentException e) {
            throw in.malformed(String.valueOf(e.getMessage()));
        }
    }
}
