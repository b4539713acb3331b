package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.TransientFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Single requests, a bounded number at once, each with a bound on every wait. Tries nothing again. */
final class HttpExchanges implements AutoCloseable {

    private final Semaphore slots;
    private final Duration answerTimeout;
    private final Optional<String> authorization;
    private final ExecutorService threads;
    private final HttpClient http;

    HttpExchanges(WebDavStoreOptions options) {
        this.slots = new Semaphore(options.maxConnections(), true);
        this.answerTimeout = options.answerTimeout();
        this.authorization = options.login().map(WebDavLogin::authorization);
        this.threads = Executors.newCachedThreadPool(work -> {
            var thread = new Thread(work, "ferrymesh-webdav");
            thread.setDaemon(true);
            return thread;
        });
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(options.connectTimeout())
                .executor(threads)
                .build();
    }

    /** A request to fill in. */
    HttpRequest.Builder to(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).setHeader("User-Agent", "ferrymesh");
        authorization.ifPresent(value -> request.setHeader("Authorization", value));
        return request;
    }

    /**
     * Sends a request and has its answer handled.
     *
     * @param object for messages
     * @param upload how much longer than others this request may take
     */
    <T> T send(Object object, HttpRequest request, Duration upload, Handler<T> handler)
            throws StoreException, TransientFailure {
        try {
            slots.acquire();
        } catch (InterruptedException e) {
            throw Failures.interrupted(object, e);
        }
        try {
            HttpResponse<BodyStream> answer = answer(object, request, answerTimeout.plus(upload));
            try (BodyStream body = answer.body()) {
                return handler.handle(answer.statusCode(), answer.headers(), body);
            } catch (IOException e) {
                throw e.getCause() instanceof InterruptedException interrupted
                        ? new TransientFailure(Failures.interrupted(object, interrupted), Optional.empty())
                        : Failures.broken(object, e);
            }
        } finally {
            slots.release();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    private HttpResponse<BodyStream> answer(Object object, HttpRequest request, Duration timeout)
            throws StoreException, TransientFailure {
        CompletableFuture<HttpResponse<BodyStream>> answer;
        try {
            answer = http.sendAsync(request, head -> new BodyStream(answerTimeout));
        } catch (RuntimeException e) {
            throw new StoreException(StoreError.IO_ERROR, object + ": cannot be asked for, is the store closed?", e);
        }
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            var unused = answer.cancel(true);
            throw Failures.unavailable(object, "no answer within " + timeout, e);
        } catch (InterruptedException e) {
            var unused = answer.cancel(true);
            throw Failures.interrupted(object, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof ConnectException || cause instanceof HttpTimeoutException) {
                throw Failures.unavailable(object, "the server cannot be reached", cause);
            }
            if (cause instanceof IOException io) {
                throw Failures.broken(object, io);
            }
            throw new StoreException(StoreError.IO_ERROR, object + ": could not be asked for", cause);
        }
    }

    /** What is done with an answer. */
    interface Handler<T> {
        T handle(int status, HttpHeaders headers, BodyStream body) throws IOException, StoreException, TransientFailure;
    }
}
