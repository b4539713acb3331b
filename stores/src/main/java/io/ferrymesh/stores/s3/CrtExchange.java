package io.ferrymesh.stores.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.http.HttpClientConnection;
import software.amazon.awssdk.crt.http.HttpException;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpHeaderBlock;
import software.amazon.awssdk.crt.http.HttpRequest;
import software.amazon.awssdk.crt.http.HttpStreamBase;
import software.amazon.awssdk.crt.http.HttpStreamBaseResponseHandler;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.utils.async.SimplePublisher;

/**
 * One request and its response. What goes wrong between client and server is an {@link IOException}. A result that is
 * cancelled or failed from outside closes the connection. Callbacks come on the CRT's event loop.
 */
final class CrtExchange implements HttpStreamBaseResponseHandler {

    private final AsyncExecuteRequest request;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final SimplePublisher<ByteBuffer> body = new SimplePublisher<>();
    private final SdkHttpResponse.Builder response = SdkHttpResponse.builder();
    private boolean headersDone; // event loop only
    private @Nullable HttpClientConnection connection; // this and the rest guarded by this
    private boolean over;

    CrtExchange(AsyncExecuteRequest request) {
        this.request = request;
        var unused = result.whenComplete((nothing, failure) -> {
            if (failure != null) {
                breakConnection(); // if it is still ours: the SDK gave up waiting
            }
        });
    }

    CompletableFuture<Void> result() {
        return result;
    }

    /** Sends the request. Takes the connection, and gives it back when the exchange is over. */
    void start(HttpClientConnection taken) {
        synchronized (this) {
            connection = taken;
        }
        if (result.isDone()) {
            giveBack();
            return;
        }
        HttpStreamBase stream = null;
        try {
            stream = taken.makeRequest(crtRequest(), this);
            stream.activate();
        } catch (CrtRuntimeException | IllegalStateException e) {
            if (stream != null) {
                stream.close();
            }
            giveBack();
            fail(e);
        }
    }

    /** Ends the exchange without a response, or in the middle of one. */
    void fail(Throwable cause) {
        IOException failure = cause instanceof IOException io ? io : new IOException(reason(cause), cause);
        if (headersDone) {
            var unused = body.error(failure);
        }
        request.responseHandler().onError(failure);
        result.completeExceptionally(failure);
    }

    @Override
    public void onResponseHeaders(HttpStreamBase stream, int status, int block, HttpHeader @Nullable [] headers) {
        if (block == HttpHeaderBlock.MAIN.getValue() && headers != null) {
            response.statusCode(status);
            for (HttpHeader header : headers) {
                response.appendHeader(header.getName(), header.getValue());
            }
        }
    }

    @Override
    public void onResponseHeadersDone(HttpStreamBase stream, int block) {
        if (block != HttpHeaderBlock.MAIN.getValue()) {
            return;
        }
        if (endsWithConnection()) {
            breakConnection();
            return;
        }
        headersDone = true;
        request.responseHandler().onHeaders(response.build());
        request.responseHandler().onStream(body);
    }

    /** Whether the body would end where the connection does: the CRT takes such a body for an empty one. */
    private boolean endsWithConnection() {
        int status = response.statusCode();
        boolean bodiless = "HEAD".equals(request.request().method().name()) || status == 204 || status == 304;
        return !bodiless
                && response.firstMatchingHeader("Content-Length").isEmpty()
                && response.firstMatchingHeader("Transfer-Encoding").isEmpty();
    }

    @Override
    public int onResponseBody(HttpStreamBase stream, byte[] bytes) {
        CompletableFuture<Void> taken = body.send(ByteBuffer.wrap(bytes));
        if (taken.isDone() && !taken.isCompletedExceptionally()) {
            return bytes.length;
        }
        var unused = taken.whenComplete((nothing, failure) -> {
            if (failure == null) {
                reopenWindow(stream, bytes.length);
            } else {
                breakConnection();
                result.completeExceptionally(new IOException("the response was not wanted any more", failure));
            }
        });
        return 0;
    }

    @Override
    public void onResponseComplete(HttpStreamBase stream, int errorCode) {
        boolean success = errorCode == CRT.AWS_CRT_SUCCESS && headersDone;
        synchronized (this) {
            over = true;
            stream.close();
        }
        giveBack();
        if (!success) {
            fail(new HttpException(errorCode));
            return;
        }
        var unused = body.complete().whenComplete((nothing, failure) -> {
            if (failure == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    private synchronized void reopenWindow(HttpStreamBase stream, int bytes) {
        if (!over) {
            stream.incrementWindow(bytes);
        }
    }

    private synchronized void breakConnection() {
        if (connection != null) {
            connection.shutdown();
        }
    }

    /** A connection that was broken is not used again: the pool looks. */
    private void giveBack() {
        HttpClientConnection taken;
        synchronized (this) {
            taken = connection;
            connection = null;
        }
        if (taken != null) {
            taken.close();
        }
    }

    private HttpRequest crtRequest() {
        SdkHttpRequest sdk = request.request();
        String path = sdk.encodedPath().isEmpty() ? "/" : sdk.encodedPath();
        String target =
                sdk.encodedQueryParameters().map(query -> path + "?" + query).orElse(path);
        List<HttpHeader> headers = new ArrayList<>();
        if (sdk.firstMatchingHeader("Host").isEmpty()) {
            headers.add(new HttpHeader("Host", hostOf(sdk)));
        }
        sdk.forEachHeader((name, values) -> values.forEach(value -> headers.add(new HttpHeader(name, value))));
        long length = request.requestContentPublisher().contentLength().orElse(0L);
        if (sdk.firstMatchingHeader("Content-Length").isEmpty()
                && (length > 0 || !"GET".equals(sdk.method().name()))) {
            headers.add(new HttpHeader("Content-Length", Long.toString(length)));
        }
        return new HttpRequest(
                sdk.method().name(),
                target,
                headers.toArray(HttpHeader[]::new),
                length == 0 ? null : new CrtRequestBody(request.requestContentPublisher(), length));
    }

    private static String hostOf(SdkHttpRequest sdk) {
        boolean usual = sdk.port() == ("https".equals(sdk.protocol()) ? 443 : 80);
        return usual ? sdk.host() : sdk.host() + ":" + sdk.port();
    }

    private static String reason(Throwable cause) {
        String text = cause instanceof HttpException http
                ? CRT.awsErrorName(http.getErrorCode())
                : cause instanceof CrtRuntimeException crt ? crt.errorName : cause.getMessage();
        return text == null ? cause.getClass().getSimpleName() : text;
    }
}
