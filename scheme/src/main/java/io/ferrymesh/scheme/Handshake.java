package io.ferrymesh.scheme;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Mutual authentication and key agreement between two providers, {@code Noise_XXpsk0_P256_AESGCM_SHA256}. The destination
 * writes, reads, writes; the source reads, writes, reads. Scheme, Mutual authentication and key agreement.
 *
 * <p>Every failure is fatal: a refusal, a call out of turn, any exception. The object is then wiped, fails for ever and
 * never gives keys. Each tag is opened before state changes. The source does no curve work unless the first message's tag
 * verifies. Not thread-safe.
 */
public final class Handshake implements AutoCloseable {

    /** The longest message, payload and all, as Noise has it. */
    public static final int MAX_MESSAGE = 65535;

    private static final byte[] PROLOGUE = Bytes.ascii("FERRYMESH-V1");
    private static final int SEALED_CERTIFICATE = Certificate.LENGTH + Gcm.TAG_LENGTH;

    private final HandshakeSetup setup;
    private final boolean destination;
    private final SymmetricState symmetric;
    private final HandshakeKeys keys;
    private HandshakeState state;
    private @Nullable Point peerEphemeral;
    private @Nullable Certificate peerCertificate;
    private @Nullable HandshakeResult result;

    private Handshake(HandshakeSetup setup, boolean destination, Supplier<byte[]> ephemeral) {
        this.setup = setup;
        this.destination = destination;
        this.symmetric = new SymmetricState(
                prologue(setup.kgc(), setup.id()), setup.psk().raw());
        this.keys = new HandshakeKeys(setup.own().raw(), ephemeral);
        this.state = destination ? HandshakeState.WRITE_1 : HandshakeState.READ_1;
    }

    /** The side that calls: the new provider. IllegalArgumentException if the own credential does not fit. */
    public static Handshake destination(HandshakeSetup setup) {
        setup.requireUsable();
        return destination(setup, HandshakeKeys.hedged(setup));
    }

    /** The side that listens: the old provider. IllegalArgumentException if the own credential does not fit. */
    public static Handshake source(HandshakeSetup setup) {
        setup.requireUsable();
        return source(setup, HandshakeKeys.hedged(setup));
    }

    static Handshake destination(HandshakeSetup setup, Supplier<byte[]> ephemeral) {
        return new Handshake(setup, true, ephemeral);
    }

    static Handshake source(HandshakeSetup setup, Supplier<byte[]> ephemeral) {
        return new Handshake(setup, false, ephemeral);
    }

    /**
     * Whether this is the first message of somebody who holds the grant's key, found out with one tag and no curve work. So a
     * source can turn others away before it spends a credential on them. Says nothing about replays.
     */
    public static boolean isFirstMessage(KgcPublicKey kgc, MigrationId id, Psk psk, byte[] message) {
        try (SymmetricState symmetric = new SymmetricState(prologue(kgc, id), psk.raw())) {
            byte[] e = ephemeralOf(message, Point.LENGTH + Gcm.TAG_LENGTH);
            symmetric.mixHash(e);
            symmetric.mixKey(e);
            byte[] payload = symmetric.decryptAndHash(Arrays.copyOfRange(message, Point.LENGTH, message.length));
            Bytes.wipe(payload);
            return true;
        } catch (MalformedException | SealBrokenException e) {
            return false;
        }
    }

    /** The next message, carrying the payload. In the first message only the psk protects it: no forward secrecy. */
    public byte[] write(byte[] payload) {
        return step(now -> switch (now) {
            case WRITE_1 -> writeFirst(payload);
            case WRITE_2 -> writeSecond(payload);
            case WRITE_3 -> writeThird(payload);
            default -> throw new HandshakeRefusedException(RefusalReason.OUT_OF_ORDER);
        });
    }

    /** The payload of the peer's next message, or {@link HandshakeRefusedException}, after which this object is dead. */
    public byte[] read(byte[] message) {
        return step(now -> switch (now) {
            case READ_1 -> readFirst(message);
            case READ_2 -> readSecond(message);
            case READ_3 -> readThird(message);
            default -> throw new HandshakeRefusedException(RefusalReason.OUT_OF_ORDER);
        });
    }

    /** The keys, once and only once, and only after the last message; IllegalStateException otherwise. */
    public HandshakeResult result() {
        HandshakeResult taken = result;
        if (state != HandshakeState.COMPLETE || taken == null) {
            throw new IllegalStateException("no result: " + state);
        }
        result = null;
        return taken;
    }

    /** Whether {@link #result()} has something to give. */
    public boolean isComplete() {
        return state == HandshakeState.COMPLETE && result != null;
    }

    /** Dead while it works, so that nothing the work calls can use it, and alive again only if all went well. */
    private byte[] step(Function<HandshakeState, byte[]> work) {
        HandshakeState before = state;
        state = HandshakeState.DEAD;
        boolean done = false;
        try {
            byte[] output = work.apply(before);
            state = before.next();
            done = true;
            return output;
        } catch (MalformedException e) {
            throw new HandshakeRefusedException(RefusalReason.MALFORMED);
        } catch (SealBrokenException e) {
            throw new HandshakeRefusedException(RefusalReason.TAG);
        } finally {
            if (!done) {
                close();
            }
        }
    }

    // -> psk, e
    private byte[] writeFirst(byte[] payload) {
        byte[] e = mixEphemeral(keys.drawEphemeral());
        return message(e, symmetric.encryptAndHash(bounded(payload, Point.LENGTH)));
    }

    private byte[] readFirst(byte[] message) {
        byte[] e = mixEphemeral(ephemeralOf(message, Point.LENGTH + Gcm.TAG_LENGTH));
        byte[] payload = symmetric.decryptAndHash(Arrays.copyOfRange(message, Point.LENGTH, message.length));
        peerEphemeral = Point.decode(e);
        return payload;
    }

    // <- e, ee, s, es
    private byte[] writeSecond(byte[] payload) {
        byte[] body = bounded(payload, Point.LENGTH + SEALED_CERTIFICATE);
        byte[] e = mixEphemeral(keys.drawEphemeral());
        symmetric.mixKey(keys.ephemeral().agree(peerEphemeral()));
        byte[] s = symmetric.encryptAndHash(setup.own().certificate().raw());
        symmetric.mixKey(keys.fixed().agree(peerEphemeral()));
        return message(e, s, symmetric.encryptAndHash(body));
    }

    private byte[] readSecond(byte[] message) {
        byte[] e = ephemeralOf(message, Point.LENGTH + SEALED_CERTIFICATE + Gcm.TAG_LENGTH);
        peerEphemeral = Point.decode(mixEphemeral(e));
        symmetric.mixKey(keys.ephemeral().agree(peerEphemeral()));
        Point peer = acceptCertificate(message, Point.LENGTH);
        symmetric.mixKey(keys.ephemeral().agree(peer));
        return symmetric.decryptAndHash(Arrays.copyOfRange(message, Point.LENGTH + SEALED_CERTIFICATE, message.length));
    }

    // -> s, se
    private byte[] writeThird(byte[] payload) {
        byte[] body = bounded(payload, SEALED_CERTIFICATE);
        byte[] s = symmetric.encryptAndHash(setup.own().certificate().raw());
        symmetric.mixKey(keys.fixed().agree(peerEphemeral()));
        byte[] sealed = symmetric.encryptAndHash(body);
        complete();
        return message(s, sealed);
    }

    private byte[] readThird(byte[] message) {
        requireLength(message, SEALED_CERTIFICATE + Gcm.TAG_LENGTH);
        Point peer = acceptCertificate(message, 0);
        symmetric.mixKey(keys.ephemeral().agree(peer));
        byte[] payload = symmetric.decryptAndHash(Arrays.copyOfRange(message, SEALED_CERTIFICATE, message.length));
        complete();
        return payload;
    }

    /** The e token: with a psk, an ephemeral public key goes into the key as well as into the hash. */
    private byte[] mixEphemeral(byte[] e) {
        symmetric.mixHash(e);
        symmetric.mixKey(e.clone());
        return e;
    }

    /** The s token: opened, decoded, checked; then the public key it stands for. */
    private Point acceptCertificate(byte[] message, int at) {
        byte[] opened = symmetric.decryptAndHash(Arrays.copyOfRange(message, at, at + SEALED_CERTIFICATE));
        Certificate peer = Certificate.decode(opened);
        if (peer.pseudonym().equals(setup.own().certificate().pseudonym())) {
            throw new HandshakeRefusedException(RefusalReason.OWN_PSEUDONYM);
        }
        Optional<RefusalReason> refusal = setup.peerCheck().check(peer);
        if (refusal.isPresent()) {
            throw new HandshakeRefusedException(refusal.get());
        }
        peerCertificate = peer;
        return peer.publicKey(setup.kgc());
    }

    private static byte[] prologue(KgcPublicKey kgc, MigrationId id) {
        return Bytes.concat(PROLOGUE, kgc.raw(), id.raw());
    }

    private static byte[] ephemeralOf(byte[] message, int least) {
        requireLength(message, least);
        byte[] e = Arrays.copyOf(message, Point.LENGTH);
        Point.requireForm(e);
        return e;
    }

    private static void requireLength(byte[] message, int least) {
        if (message.length < least || message.length > MAX_MESSAGE) {
            throw new MalformedException("a message of " + message.length + " bytes");
        }
    }

    private static byte[] bounded(byte[] payload, int before) {
        if (payload.length > MAX_MESSAGE - before - Gcm.TAG_LENGTH) {
            throw new IllegalArgumentException("a payload of " + payload.length + " bytes is too long");
        }
        return payload;
    }

    private static byte[] message(byte[]... parts) {
        return Bytes.concat(parts);
    }

    private Point peerEphemeral() {
        Point point = peerEphemeral;
        if (point == null) {
            throw new HandshakeRefusedException(RefusalReason.OUT_OF_ORDER);
        }
        return point;
    }

    private void complete() {
        Certificate peer = peerCertificate;
        if (peer == null) {
            throw new HandshakeRefusedException(RefusalReason.OUT_OF_ORDER);
        }
        byte[][] split = symmetric.split();
        TrafficKey out = new TrafficKey(split[destination ? 0 : 1], true);
        TrafficKey in = new TrafficKey(split[destination ? 1 : 0], false);
        result = new HandshakeResult(symmetric.handshakeHash(), peer, out, in, new Exporter(split[2]));
        Bytes.wipe(split);
        wipe();
    }

    private void wipe() {
        symmetric.close();
        keys.close();
    }

    /** Ends the handshake and wipes everything, a result nobody took included. */
    @Override
    public void close() {
        state = HandshakeState.DEAD;
        wipe();
        if (result != null) {
            result.close();
            result = null;
        }
    }

    @Override
    public String toString() {
        return "Handshake[" + state + "]";
    }
}
