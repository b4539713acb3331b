package io.ferrymesh.stores.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.http.HttpClientConnectionManager;
import software.amazon.awssdk.crt.http.HttpClientConnectionManagerOptions;
import software.amazon.awssdk.crt.io.ClientBootstrap;
import software.amazon.awssdk.crt.io.SocketOptions;
import software.amazon.awssdk.crt.io.TlsContext;
import software.amazon.awssdk.crt.io.TlsContextOptions;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/**
 * The CRT's HTTP client as the SDK wants one. A pool of connections for each server; never more than {@code maxConnections}
 * to one. A response is read no faster than it is consumed.
 */
final class CrtHttpClient implements SdkAsyncHttpClient {

    /** How much of one response may be on its way to a slow consumer. */
    private static final int WINDOW_BYTES = 512 << 10;

    private static final Duration IDLE = Duration.ofSeconds(20);

    private final int maxConnections;
    private final Duration connectTimeout;
    private final Duration acquireTimeout;
    private final Map<URI, HttpClientConnectionManager> pools = new ConcurrentHashMap<>();
    private final SocketOptions socketOptions = new SocketOptions();
    private @Nullable TlsContext tls; // guarded by this

    CrtHttpClient(int maxConnections, Duration connectTimeout, Duration acquireTimeout) {
        this.maxConnections = maxConnections;
        this.connectTimeout = connectTimeout;
        this.acquireTimeout = acquireTimeout;
        socketOptions.connectTimeoutMs = Math.toIntExact(connectTimeout.toMillis());
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        var exchange = new CrtExchange(request);
        var unused = pool(request.request().getUri()).acquireConnection().whenComplete((connection, failure) -> {
            if (failure != null) {
                exchange.fail(failure);
            } else {
                exchange.start(connection);
            }
        });
        return exchange.result();
    }

    @Override
    public String clientName() {
        return "ferrymesh-crt";
    }

    @Override
    public void close() {
        pools.values().forEach(HttpClientConnectionManager::close);
        pools.clear();
        socketOptions.close();
        synchronized (this) {
            if (tls != null) {
                tls.close();
            }
        }
    }

    private HttpClientConnectionManager pool(URI target) {
        boolean secure = "https".equals(target.getScheme());
        int port = target.getPort() > 0 ? target.getPort() : secure ? 443 : 80;
        URI server = URI.create(target.getScheme() + "://" + target.getHost() + ":" + port);
        return pools.computeIfAbsent(server, this::open);
    }

    private HttpClientConnectionManager open(URI server) {
        var options = new HttpClientConnectionManagerOptions()
                .withClientBootstrap(ClientBootstrap.getOrCreateStaticDefault())
                .withSocketOptions(socketOptions)
                .withUri(server)
                .withPort(server.getPort())
                .withMaxConnections(maxConnections)
                .withManualWindowManagement(true)
                .withWindowSize(WINDOW_BYTES)
                .withMaxConnectionIdleInMilliseconds(IDLE.toMillis())
                .withConnectionAcquisitionTimeoutInMilliseconds(
                        acquireTimeout.plus(connectTimeout).toMillis());
        if ("https".equals(server.getScheme())) {
            options.withTlsContext(tls());
        }
        return HttpClientConnectionManager.create(options);
    }

    private synchronized TlsContext tls() {
        if (tls == null) {
            try (TlsContextOptions options = TlsContextOptions.createDefaultClient()) {
                tls = new TlsContext(options);
            }
        }
        return tls;
    }
}
