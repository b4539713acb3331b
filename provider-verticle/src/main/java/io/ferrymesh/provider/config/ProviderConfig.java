package io.ferrymesh.provider.config;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.web.AddressRange;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a provider is set up. docs/configuration.md says what each value means; times and sizes are within its bounds. */
public record ProviderConfig(
        Http http,
        Management management,
        DatabaseOptions database,
        KeyFile keys,
        Kgc kgc,
        Credentials credentials,
        Accounts accounts,
        StoreConfig store,
        Limits limits,
        Webhooks webhooks,
        MeshOptions cluster) {

    /** A PEM certificate chain and its key. */
    public record Tls(Path certificate, Path key) {}

    /** The HTTP API. On a loopback address, or with TLS. */
    public record Http(
            String host,
            int port,
            Optional<URI> publicUrl,
            Optional<Tls> tls,
            List<String> corsOrigins,
            List<AddressRange> trustedProxies,
            int maxConnections,
            int maxConnectionsPerAddress,
            int workers,
            Duration headerTimeout,
            Duration idleTimeout,
            Duration stallTimeout,
            int minBytesPerSecond,
            long maxObjectBytes,
            Duration grace) {}

    /** Where liveness, readiness and metrics are. */
    public record Management(String host, int port) {}

    /**
     * The encrypted key file.
     *
     * @param passphraseFile empty when the environment has the passphrase, in {@link #VARIABLE}
     */
    public record KeyFile(Path file, Optional<Path> passphraseFile) {

        /** Names the environment variable. */
        public static final String VARIABLE = ConfigKeys.KEYS_PASSPHRASE.variable();
    }

    /** The key centre, and how current what it says has to be. */
    public record Kgc(
            Digest fingerprint,
            long startWaitSeconds,
            long revocationRefreshMs,
            long revocationMaxAgeSeconds,
            long trustRefreshMs,
            long successorSpreadSeconds) {}

    /** The stock of credentials. */
    public record Credentials(int poolSize, int lowWater, long validitySeconds, long expiryMarginSeconds) {}

    /** Accounts, their sessions and what hashes their passwords. */
    public record Accounts(
            boolean registrationOpen,
            long max,
            long quotaBytes,
            Duration token,
            Duration sessionIdle,
            Duration session,
            int argon2MemoryKib,
            int argon2Iterations,
            int argon2AtOnce,
            boolean knownNetworks,
            Passkeys passkeys) {}

    /** Whom passkeys belong to. */
    public record Passkeys(String rpId, String name, List<String> origins) {}

    /**
     * What grants and migrations may keep busy.
     *
     * @param maxSessions destinations that a process serves at once
     * @param maxLanes most data lanes of a migration
     * @param windowBytes on their way to a process, over all migrations; 0: as fits the heap
     * @param lease after which a silent process has lost its work to another
     * @param stalled after which a run that does nothing is begun again
     */
    public record Limits(
            int maxLivePerAccount,
            int maxStartsPerAccountHour,
            int maxRunningPerAccount,
            int maxRunning,
            int maxSessions,
            int maxLanes,
            long windowBytes,
            int maxRetries,
            long maxReportObjects,
            long maxJournalEntries,
            int keepEndedDays,
            int keepAuditDays,
            Duration lease,
            Duration stalled) {}

    /**
     * Where users may have requests sent to.
     *
     * @param loopback whether this machine is such a place too
     */
    public record Webhooks(boolean enabled, boolean loopback) {}
}
