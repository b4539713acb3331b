package io.ferrymesh.scheme;

/** What a completed handshake gives: who the peer is and the session's keys. Whoever takes it closes it. */
public final class HandshakeResult implements AutoCloseable {

    private final Digest handshakeHash;
    private final Certificate peerCertificate;
    private final TrafficKey outgoing;
    private final TrafficKey incoming;
    private final Exporter exporter;

    HandshakeResult(
            Digest handshakeHash,
            Certificate peerCertificate,
            TrafficKey outgoing,
            TrafficKey incoming,
            Exporter exporter) {
        this.handshakeHash = handshakeHash;
        this.peerCertificate = peerCertificate;
        this.outgoing = outgoing;
        this.incoming = incoming;
        this.exporter = exporter;
    }

    /** The hash of the whole transcript, the same on both sides and in no other session. */
    public Digest handshakeHash() {
        return handshakeHash;
    }

    /** The peer's certificate, whose private key the peer has proved to hold. */
    public Certificate peerCertificate() {
        return peerCertificate;
    }

    /** Seals what this side sends. */
    public TrafficKey outgoing() {
        return outgoing;
    }

    /** Opens what the peer sent. */
    public TrafficKey incoming() {
        return incoming;
    }

    /** The secret for what else is bound to this session. */
    public Exporter exporter() {
        return exporter;
    }

    @Override
    public void close() {
        outgoing.close();
        incoming.close();
        exporter.close();
    }

    @Override
    public String toString() {
        return "***";
    }
}
