package io.ferrymesh.provider.keys;

import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.SchemeException;
import io.ferrymesh.scheme.Usage;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A credential as it lies in the database: certificate and private key sealed together, so that who reads the database learns no
 * pseudonym, with everything else of the row as associated data, so that no row passes for another.
 */
final class CredentialRow {

    /** What a credential is for. */
    enum Role {
        /** To be used once, by whoever takes it. */
        STOCK,
        /** Signs requests for more, as long as it is valid. */
        SIGNER
    }

    private static final Logger LOG = LoggerFactory.getLogger(StoredCredentials.class);
    private static final int PRIVATE_KEY = 32;

    final long number;
    final Digest kgc;
    final Usage usage;
    final Role role;
    final long notBefore;
    final long notAfter;
    final byte[] sealed;

    private CredentialRow(
            long number, Digest kgc, Usage usage, Role role, long notBefore, long notAfter, byte[] sealed) {
        this.number = number;
        this.kgc = kgc;
        this.usage = usage;
        this.role = role;
        this.notBefore = notBefore;
        this.notAfter = notAfter;
        this.sealed = sealed;
    }

    static CredentialRow read(ResultSet row) throws SQLException {
        return new CredentialRow(
                row.getLong("number"),
                Digest.of(row.getBytes("kgc")),
                Usage.valueOf(row.getString("usage")),
                Role.valueOf(row.getString("role")),
                row.getLong("not_before"),
                row.getLong("not_after"),
                row.getBytes("sealed"));
    }

    /** The credential under this number. It stays the caller's to close. */
    static CredentialRow seal(long number, Credential credential, SealingKey key) {
        var info = credential.certificate().info();
        Digest kgc = credential.kgc().fingerprint();
        byte[] secret = credential.copyPrivateKey();
        byte[] plain = ByteBuffer.allocate(Certificate.LENGTH + PRIVATE_KEY)
                .put(credential.certificate().encoded())
                .put(secret)
                .array();
        try {
            byte[] associated = associated(number, kgc, info.usage(), Role.STOCK, info.notBefore(), info.notAfter());
            return new CredentialRow(
                    number,
                    kgc,
                    info.usage(),
                    Role.STOCK,
                    info.notBefore(),
                    info.notAfter(),
                    key.seal(plain, associated));
        } finally {
            wipe(secret, plain);
        }
    }

    /** The same in another role; empty if this does not open. */
    Optional<CredentialRow> as(Role other, SealingKey key) {
        return plain(key).map(plain -> {
            try {
                byte[] associated = associated(number, kgc, usage, other, notBefore, notAfter);
                return new CredentialRow(number, kgc, usage, other, notBefore, notAfter, key.seal(plain, associated));
            } finally {
                wipe(plain);
            }
        });
    }

    /** The credential, the caller's to close; empty, and said to the log, if this is not as it was sealed. */
    Optional<Credential> open(KgcPublicKey by, SealingKey key) {
        return plain(key).flatMap(plain -> {
            byte[] secret = Arrays.copyOfRange(plain, Certificate.LENGTH, plain.length);
            try {
                return Optional.of(Credential.of(by, certificate(plain), secret));
            } catch (SchemeException e) {
                LOG.error("credential {} in the database is none of its key centre's", number, e);
                return Optional.<Credential>empty();
            } finally {
                wipe(secret, plain);
            }
        });
    }

    /** The public part alone; empty, and said to the log, if this is not as it was sealed. */
    Optional<Certificate> certificate(SealingKey key) {
        return plain(key).map(plain -> {
            try {
                return certificate(plain);
            } finally {
                wipe(plain);
            }
        });
    }

    private Optional<byte[]> plain(SealingKey key) {
        try {
            byte[] plain = key.open(sealed, associated(number, kgc, usage, role, notBefore, notAfter));
            if (plain.length != Certificate.LENGTH + PRIVATE_KEY) {
                wipe(plain);
                throw new IllegalStateException("a sealed credential has another length than it is given");
            }
            return Optional.of(plain);
        } catch (NotSealedHereException e) {
            LOG.error("credential {} in the database is not used: {}", number, e.getMessage());
            return Optional.empty();
        }
    }

    private static Certificate certificate(byte[] plain) {
        return Certificate.decode(Arrays.copyOf(plain, Certificate.LENGTH));
    }

    private static byte[] associated(long number, Digest kgc, Usage usage, Role role, long notBefore, long notAfter) {
        return ByteBuffer.allocate(3 * Long.BYTES + Digest.LENGTH + 2)
                .putLong(number)
                .put(kgc.bytes())
                .put((byte) usage.code())
                .put((byte) (role == Role.SIGNER ? 1 : 0))
                .putLong(notBefore)
                .putLong(notAfter)
                .array();
    }

    private static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return "credential " + number;
    }
}
