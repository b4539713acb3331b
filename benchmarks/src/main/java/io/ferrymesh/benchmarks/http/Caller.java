package io.ferrymesh.benchmarks.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * One request after the other for a hundred objects of 1 KiB of one user. Nobody else changes them, so it knows what each answer
 * has to be, and every one is checked: status, bytes, digest, length, entity tag, how many are listed. Event loop only.
 */
final class Caller {

    /** In its directory, and so on the page that it asks for. */
    static final int OBJECTS = 100;

    static final int OBJECT_BYTES = 1 << 10;

    private static final long PATIENCE_MS = 30_000;

    private final HttpClient http;
    private final int number;
    private final SplittableRandom random;
    private final int[] versions = new int[OBJECTS];
    private final String[] etags = new String[OBJECTS];
    private String token = "";

    /** An answer that has come, with its body. */
    private record Answer(HttpClientResponse response, Buffer body) {

        String header(String name) {
            return String.valueOf(response.getHeader(name));
        }
    }

    Caller(HttpClient http, int number) {
        this.http = http;
        this.number = number;
        this.random = new SplittableRandom(number);
        Arrays.fill(etags, "");
    }

    /** From now on with this access token. */
    void use(String accessToken) {
        token = accessToken;
    }

    /** Puts all objects once. */
    Future<Void> fill() {
        return fill(0);
    }

    private Future<Void> fill(int object) {
        return object == OBJECTS ? Future.succeededFuture() : put(object).compose(done -> fill(object + 1));
    }

    /** The next request, answered as it must be; fails otherwise. */
    Future<Operation> next() {
        Operation operation = Operation.draw(random);
        int object = random.nextInt(OBJECTS);
        Future<Void> answered =
                switch (operation) {
                    case GET -> get(object);
                    case PUT -> put(object);
                    case HEAD -> head(object);
                    case LIST -> list();
                };
        return answered.map(operation);
    }

    private Future<Void> get(int object) {
        return send(HttpMethod.GET, path(object), Buffer.buffer()).map(answer -> {
            require(answer.response().statusCode() == 200, answer, "200");
            require(Arrays.equals(answer.body().getBytes(), content(object)), answer, "the bytes that were put");
            require(answer.header("ETag").equals(etags[object]), answer, "the entity tag of the PUT");
            return null;
        });
    }

    private Future<Void> head(int object) {
        return send(HttpMethod.HEAD, path(object), Buffer.buffer()).map(answer -> {
            require(answer.response().statusCode() == 200, answer, "200");
            require(answer.header("Content-Length").equals(String.valueOf(OBJECT_BYTES)), answer, "its length");
            require(answer.header("ETag").equals(etags[object]), answer, "the entity tag of the PUT");
            return null;
        });
    }

    private Future<Void> put(int object) {
        int status = versions[object] == 0 ? 201 : 204;
        versions[object]++;
        byte[] content = content(object);
        return send(HttpMethod.PUT, path(object), Buffer.buffer(content)).map(answer -> {
            require(answer.response().statusCode() == status, answer, String.valueOf(status));
            require(answer.header("Repr-Digest").equals(digest(content)), answer, "the digest of what was put");
            require(!answer.header("ETag").equals(etags[object]), answer, "another entity tag");
            etags[object] = answer.header("ETag");
            return null;
        });
    }

    private Future<Void> list() {
        String uri = "/v1/objects?limit=%d&prefix=caller-%d/".formatted(OBJECTS, number);
        return send(HttpMethod.GET, uri, Buffer.buffer()).map(answer -> {
            require(answer.response().statusCode() == 200, answer, "200");
            int listed = new JsonObject(answer.body()).getJsonArray("objects").size();
            require(listed == OBJECTS, answer, OBJECTS + " objects");
            return null;
        });
    }

    private Future<Answer> send(HttpMethod method, String uri, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setURI(uri)
                .setIdleTimeout(PATIENCE_MS)
                .putHeader("Authorization", "Bearer " + token);
        return http.request(options)
                .compose(request -> method == HttpMethod.PUT ? request.send(body) : request.send())
                .compose(response -> response.body().map(whole -> new Answer(response, whole)));
    }

    private String path(int object) {
        return "/v1/objects/caller-%d/object-%03d".formatted(number, object);
    }

    /** Another for every object and version. */
    private byte[] content(int object) {
        byte[] content = new byte[OBJECT_BYTES];
        new SplittableRandom((((long) number << 16) + object << 32) + versions[object]).nextBytes(content);
        return content;
    }

    private static String digest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void require(boolean so, Answer answer, String expected) {
        if (!so) {
            throw new WrongAnswerException("%s %s: not %s, but %d %s %s"
                    .formatted(
                            answer.response().request().getMethod(),
                            answer.response().request().getURI(),
                            expected,
                            answer.response().statusCode(),
                            answer.response().headers().entries(),
                            answer.body()));
        }
    }

    /** Speed is nothing without it. */
    static final class WrongAnswerException extends RuntimeException {
        WrongAnswerException(String message) {
            super(message);
        }
    }
}
