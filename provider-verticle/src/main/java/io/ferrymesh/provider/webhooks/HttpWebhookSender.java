package io.ferrymesh.provider.webhooks;

import io.ferrymesh.provider.work.WebhookSender;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Posts to public addresses. A name is resolved once, and the connection goes to the address that was looked at, so that a name which
 * resolves to another one a moment later leads nowhere else; the certificate must be that of the name. No redirect is followed, no proxy
 * used, no connection kept, and nothing of an answer but its status is read.
 */
public final class HttpWebhookSender implements WebhookSender {

    private static final int CONNECT_MS = 5_000;
    private static final long ANSWER_MS = 10_000;
    private static final int AT_ONCE = 64;

    /**
     * Names looked up at once. Whose name server does not answer holds a thread for long, and that is why there are as many as there are
     * tries: a try is not over before its thread is back, and each account has one at a time.
     */
    private static final int LOOKUPS = AT_ONCE;

    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    /** Finds the addresses of a name; blocks. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    private final ThreadPoolExecutor lookups =
            new ThreadPoolExecutor(LOOKUPS, LOOKUPS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(AT_ONCE), task -> {
                Thread thread = new Thread(task, "ferrymesh-webhook-names");
                thread.setDaemon(true);
                return thread;
            });
    private final Vertx vertx;
    private final Destinations destinations;
    private final Resolver resolver;
    private final HttpClient client;

    /**
     * Sends until Vert.x is closed.
     *
     * @param loopback whether this machine itself may be sent to as well, also without TLS
     */
    public HttpWebhookSender(Vertx vertx, boolean loopback) {
        this(vertx, loopback, InetAddress::getAllByName);
    }

    HttpWebhookSender(Vertx vertx, boolean loopback, Resolver resolver) {
        this.vertx = vertx;
        this.destinations = new Destinations(loopback);
        this.resolver = resolver;
        lookups.allowCoreThreadTimeOut(true);
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setKeepAlive(false)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(16 << 10)
                .setVerifyHost(true);
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(AT_ONCE));
    }

    @Override
    public void check(URI url) {
        destinations.check(url);
    }

    @Override
    public Future<Integer> post(URI url, Map<String, String> headers, String body) {
        Future<InetAddress> lookup = resolved(url);
        Future<Integer> answer = lookup.compose(address -> client.request(options(url, address, headers)))
                .compose(request -> request.send(Buffer.buffer(body))
                        .map(response -> response.statusCode())
                        .onComplete(answered -> close(request)))
                .timeout(CONNECT_MS + ANSWER_MS, TimeUnit.MILLISECONDS);
        return Future.join(lookup, answer).transform(both -> answer);
    }

    private Future<InetAddress> resolved(URI url) {
        Promise<InetAddress> found = Promise.promise();
        Context context = vertx.getOrCreateContext();
        try {
            lookups.execute(() -> {
                try {
                    InetAddress address = address(url);
                    context.runOnContext(none -> found.complete(address));
                } catch (UnknownHostException | RuntimeException e) {
                    context.runOnContext(none -> found.fail(e));
                }
            });
        } catch (RejectedExecutionException e) {
            found.fail(e);
        }
        return found.future();
    }

    /** Every address of the name must be public: which one a client takes is chance. */
    private InetAddress address(URI url) throws UnknownHostException {
        destinations.check(url); // what is allowed may be less than when it was kept
        String host = url.getHost();
        List<InetAddress> found =
                Arrays.asList(resolver.of(host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
        if (found.isEmpty() || !found.stream().allMatch(destinations::allows)) {
            throw new UnknownHostException(host); // the same, or its owner learns which names there are inside
        }
        return found.get(0);
    }

    private static RequestOptions options(URI url, InetAddress address, Map<String, String> headers) {
        boolean tls = url.getScheme().equals("https");
        int port = url.getPort() > 0 ? url.getPort() : tls ? HTTPS : HTTP;
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, port)))
                .setHost(url.getHost())
                .setPort(port)
                .setSsl(tls)
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .setFollowRedirects(false)
                .setConnectTimeout(CONNECT_MS)
                .setIdleTimeout(ANSWER_MS);
        headers.forEach(options::putHeader);
        return options;
    }

    private static void close(HttpClientRequest request) {
        request.connection().close().onFailure(gone -> {
            // it was closed already
        });
    }
}
