package io.ferrymesh.benchmarks.crypto;

import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import org.conscrypt.Conscrypt;

/**
 * Two {@link SSLEngine}s and the wire between them, in memory: TLS 1.3, P-256 throughout, both sides with a certificate
 * directly under one authority that both trust; the authority's own is not sent. No resumption: an engine without the
 * peer's name looks up no session, and sessions are not made resumable.
 */
final class TlsPair {

    private static final char[] PASSWORD = "benchmark".toCharArray();
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /** Longer than TLS 1.3 allows a ticket to live, so the JDK's server sends none. */
    private static final int NO_TICKETS_S = 604_801;
    /** TLS 1.3, and secp256r1 in TLS's registry of named groups. */
    private static final ServerHello WANTED = new ServerHello(0x0304, 0x0017);

    private final SSLContext client;
    private final SSLContext server;
    private final CountingTrust trust;
    private final X509Certificate clientCertificate;
    private final X509Certificate serverCertificate;
    private final ByteBuffer toServer;
    private final ByteBuffer toClient;
    private final ByteBuffer plain;
    private long wireBytes;
    private ServerHello answer = ServerHello.NONE;

    private TlsPair(TlsStack stack) throws Exception {
        TlsIdentity authority = TlsIdentity.authority();
        TlsIdentity clientIdentity = authority.issue("CN=client");
        TlsIdentity serverIdentity = authority.issue("CN=server");
        clientCertificate = clientIdentity.certificate();
        serverCertificate = serverIdentity.certificate();
        trust = CountingTrust.in(authority.certificate());
        client = context(stack, clientIdentity);
        server = context(stack, serverIdentity);
        server.getServerSessionContext().setSessionTimeout(NO_TICKETS_S);
        int packet = 2 * client.createSSLEngine().getSession().getPacketBufferSize();
        toServer = ByteBuffer.allocate(packet);
        toClient = ByteBuffer.allocate(packet);
        plain = ByteBuffer.allocate(packet);
    }

    /** The only pair of this JVM. */
    static TlsPair of(TlsStack stack) throws Exception {
        System.setProperty("jdk.tls.namedGroups", "secp256r1");
        return new TlsPair(stack);
    }

    private SSLContext context(TlsStack stack, TlsIdentity own) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.key(), PASSWORD, new Certificate[] {own.certificate()});
        // The default. The other one, PKIX, decrypts the private key anew for every handshake.
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509", "SunJSSE");
        keys.init(store, PASSWORD);
        KeyManager[] managers = keys.getKeyManagers();
        SSLContext context = stack.context();
        context.init(managers, new TrustManager[] {trust}, new SecureRandom());
        return context;
    }

    /**
     * One full handshake; returns the bytes that passed, both directions together. Fails unless it was TLS 1.3 with a key
     * exchange on P-256, and each side validated the other's certificate in this very handshake.
     */
    long handshake() throws Exception {
        long clients = trust.clients();
        long servers = trust.servers();
        SSLEngine calling = engine(client, true);
        SSLEngine answering = engine(server, false);
        answering.setNeedClientAuth(true);
        run(calling, answering);
        requirePeer(calling, serverCertificate);
        requirePeer(answering, clientCertificate);
        if (trust.clients() != clients + 1 || trust.servers() != servers + 1) {
            throw new IllegalStateException("a session was resumed, or a certificate was not validated");
        }
        if (!answer.equals(WANTED)) {
            throw new IllegalStateException("not TLS 1.3 on P-256 but " + answer);
        }
        long bytes = wireBytes;
        release(calling);
        release(answering);
        return bytes;
    }

    private static SSLEngine engine(SSLContext context, boolean client) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(client);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        return engine;
    }

    private void run(SSLEngine calling, SSLEngine answering) throws SSLException {
        toServer.clear();
        toClient.clear();
        wireBytes = 0;
        answer = ServerHello.NONE;
        calling.beginHandshake();
        answering.beginHandshake();
        boolean moved = true;
        while (moved) {
            boolean called = step(calling, toClient, toServer);
            boolean answered = step(answering, toServer, toClient);
            moved = called || answered;
        }
    }

    /** Does what an engine can do now; false if it waits for the other. */
    private boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        boolean moved = false;
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            boolean progress =
                    switch (status) {
                        case NEED_TASK -> work(engine);
                        case NEED_WRAP -> wrap(engine, out);
                        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap(engine, in);
                        default -> in.position() > 0 && unwrap(engine, in);
                    };
            if (!progress) {
                return moved;
            }
            moved = true;
        }
    }

    private static boolean work(SSLEngine engine) {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
        return true;
    }

    private boolean wrap(SSLEngine engine, ByteBuffer out) throws SSLException {
        int before = out.position();
        SSLEngineResult result = engine.wrap(NOTHING, out);
        requireOk(result);
        wireBytes += result.bytesProduced();
        if (!engine.getUseClientMode() && answer.equals(ServerHello.NONE)) {
            answer = ServerHello.read(out, before, out.position());
        }
        return result.bytesProduced() > 0 || result.getHandshakeStatus() != HandshakeStatus.NEED_WRAP;
    }

    private boolean unwrap(SSLEngine engine, ByteBuffer in) throws SSLException {
        in.flip();
        plain.clear();
        SSLEngineResult result = engine.unwrap(in, plain);
        in.compact();
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            return false;
        }
        requireOk(result);
        return result.bytesConsumed() > 0 || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
    }

    private static void requireOk(SSLEngineResult result) {
        if (result.getStatus() != SSLEngineResult.Status.OK) {
            throw new IllegalStateException("TLS failed: " + result);
        }
    }

    private static void requirePeer(SSLEngine engine, X509Certificate peer) throws SSLPeerUnverifiedException {
        if (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            throw new IllegalStateException("the handshake is not over: " + engine.getHandshakeStatus());
        }
        Certificate[] chain = engine.getSession().getPeerCertificates();
        if (!Arrays.equals(chain, new Certificate[] {peer})) {
            throw new IllegalStateException("not the peer's certificate: " + Arrays.toString(chain));
        }
    }

    /** Gives native memory back now; the JDK's engines have none. The connection is not closed properly, which nobody times. */
    private static void release(SSLEngine engine) throws SSLException {
        if (Conscrypt.isConscrypt(engine)) {
            engine.closeOutbound();
            engine.closeInbound();
        }
    }
}
