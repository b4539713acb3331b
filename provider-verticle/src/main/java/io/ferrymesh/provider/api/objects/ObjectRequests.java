package io.ferrymesh.provider.api.objects;

import io.ferrymesh.provider.api.exchange.Answers;
import io.ferrymesh.provider.api.exchange.Bearer;
import io.ferrymesh.provider.api.exchange.Calls;
import io.ferrymesh.provider.api.exchange.Shares;
import io.ferrymesh.provider.api.exchange.Turns;
import io.ferrymesh.provider.api.exchange.Workers;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.web.Problem;
import io.ferrymesh.web.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests under {@link ObjectUrls#PREFIX}: one object, by its path. Event loop only. */
public final class ObjectRequests {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectRequests.class);

    private final AccountService accounts;
    private final UserStores stores;
    private final Workers workers;
    private final Shares shares;
    private final Turns turns;
    private final Clock clock;
    private final long maxBytes;

    /** With the size of the largest object that may be put. */
    public ObjectRequests(
            AccountService accounts,
            UserStores stores,
            Workers workers,
            Shares shares,
            Turns turns,
            Clock clock,
            long maxBytes) {
        this.accounts = accounts;
        this.stores = stores;
        this.workers = workers;
        this.shares = shares;
        this.turns = turns;
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    /** Answers, whatever happens. */
    public void handle(HttpServerRequest request) {
        request.pause();
        try {
            Bearer bearer = Bearer.of(request);
            ObjectPath path = ObjectUrls.parse(String.valueOf(request.path()));
            if (request.query() != null) {
                throw Problem.badRequest("a request for an object has no query");
            }
            Function<Account, Future<Void>> answer = answer(request, path);
            workers.run(() -> bearer.authenticate(accounts).account())
                    .compose(answer)
                    .onFailure(why -> Answers.refuse(request, why));
        } catch (RuntimeException wrong) {
            Answers.refuse(request, wrong);
        }
    }

    /** What is to be done for whoever asks; refuses what can be refused by looking at the request. */
    private Function<Account, Future<Void>> answer(HttpServerRequest request, ObjectPath path) {
        return switch (request.method().name()) {
            case "GET" -> get(request, path);
            case "HEAD" -> head(request, path);
            case "PUT" -> put(request, path);
            case "DELETE" -> delete(request, path);
            default -> throw Problem.ofStatus(405).with("Allow", "DELETE, GET, HEAD, PUT");
        };
    }

    /**
     * What a GET found.
     *
     * @param unchanged whether the client has it already
     * @param range the part that was asked for; empty for all of it
     * @param reader open as long as there is more than the first block, for which the account has taken its turn
     */
    private record Found(
            Account account,
            ObjectDetails details,
            boolean unchanged,
            Optional<ByteRange> range,
            Optional<ObjectReader> reader,
            Buffer first) {}

    private Function<Account, Future<Void>> get(HttpServerRequest request, ObjectPath path) {
        Preconditions conditions = Preconditions.of(request.headers());
        return account -> shares.of(account)
                .run(() -> find(request, account, stores.of(account).open(path), conditions))
                .compose(found -> send(request, found));
    }

    /** Worker threads. */
    private Found find(HttpServerRequest request, Account account, ObjectReader reader, Preconditions conditions)
            throws StoreException {
        boolean keepOpen = false;
        try {
            ObjectDetails details = reader.details();
            if (conditions.alreadyThere(details, clock.instant())) {
                return new Found(account, details, true, Optional.empty(), Optional.empty(), Buffer.buffer());
            }
            Optional<ByteRange> range = range(request, details);
            ByteRange part = range.orElse(ByteRange.whole(details.info().size()));
            Buffer first = Download.read(reader, part.first(), part.first() + part.length());
            boolean isLong = first.length() < part.length();
            if (isLong) {
                turns.begin(account);
            }
            keepOpen = isLong;
            return new Found(account, details, false, range, keepOpen ? Optional.of(reader) : Optional.empty(), first);
        } finally {
            if (!keepOpen) {
                reader.close();
            }
        }
    }

    private static Optional<ByteRange> range(HttpServerRequest request, ObjectDetails details) {
        String onlyIf = request.getHeader("If-Range");
        boolean same = onlyIf == null || onlyIf.strip().equals(ObjectHeaders.quoted(details.etag()));
        boolean once = request.headers().getAll("Range").size() == 1;
        return same && once
                ? ByteRange.parse(request.getHeader("Range"), details.info().size())
                : Optional.empty();
    }

    private Future<Void> send(HttpServerRequest request, Found found) {
        Future<Void> sent = sent(request, found);
        return found.reader().isPresent() ? sent.onComplete(done -> turns.end(found.account())) : sent;
    }

    private Future<Void> sent(HttpServerRequest request, Found found) {
        try {
            return begin(request, found);
        } catch (RuntimeException wrong) {
            Future<Void> failed = Future.failedFuture(wrong);
            return found.reader().isPresent()
                    ? failed.eventually(() -> Download.close(
                            shares.of(found.account()), found.reader().get()))
                    : failed;
        }
    }

    private Future<Void> begin(HttpServerRequest request, Found found) {
        HttpServerResponse response = request.response();
        if (found.unchanged()) {
            notModified(request, found.details());
            return Future.succeededFuture();
        }
        long size = found.details().info().size();
        ByteRange part = found.range().orElse(ByteRange.whole(size));
        ObjectHeaders.describe(response, found.details(), clock.instant());
        response.putHeader("Content-Length", String.valueOf(part.length()));
        if (found.range().isPresent()) {
            response.setStatusCode(206).putHeader("Content-Range", part.contentRange(size));
        }
        request.resume();
        return found.reader().isPresent()
                ? Download.send(
                        response, shares.of(found.account()), found.reader().get(), part, found.first())
                : response.end(found.first());
    }

    private Function<Account, Future<Void>> head(HttpServerRequest request, ObjectPath path) {
        Preconditions conditions = Preconditions.of(request.headers());
        record Seen(ObjectDetails details, boolean unchanged) {}
        return account -> shares.of(account)
                .run(() -> {
                    ObjectDetails details = stores.of(account).details(path);
                    return new Seen(details, conditions.alreadyThere(details, clock.instant()));
                })
                .compose(seen -> {
                    if (seen.unchanged()) {
                        notModified(request, seen.details());
                        return Future.succeededFuture();
                    }
                    HttpServerResponse response = request.response();
                    ObjectHeaders.describe(response, seen.details(), clock.instant());
                    response.putHeader(
                            "Content-Length",
                            String.valueOf(seen.details().info().size()));
                    request.resume();
                    return response.end();
                });
    }

    private void notModified(HttpServerRequest request, ObjectDetails details) {
        ObjectHeaders.validators(request.response(), details, clock.instant());
        Answers.send(request, Reply.empty(304));
    }

    private Function<Account, Future<Void>> put(HttpServerRequest request, ObjectPath path) {
        PutRequest wanted = PutRequest.of(request, path, maxBytes, clock);
        return account -> put(request, account, wanted, path);
    }

    private Future<Void> put(HttpServerRequest request, Account account, PutRequest wanted, ObjectPath path) {
        Calls calls = shares.of(account);
        return calls.run(() -> begin(wanted, account))
                .compose(put -> Future.succeededFuture()
                        .compose(go -> receive(request, calls, put)) // fails where it throws
                        .eventually(() -> calls.goOn(() -> {
                            put.close();
                            return true;
                        }))
                        .onComplete(done -> end(wanted, account)))
                .map(done -> {
                    Reply reply = Reply.empty(done.fresh() ? 201 : 204)
                            .with("Repr-Digest", ContentDigest.format(done.digest()))
                            .with(
                                    ObjectHeaders.MODIFIED,
                                    wanted.info().modified().toString());
                    Reply tagged = done.etag()
                            .map(etag -> reply.with("ETag", ObjectHeaders.quoted(etag)))
                            .orElse(reply);
                    Answers.send(request, done.fresh() ? tagged.with("Location", ObjectUrls.of(path)) : tagged);
                    return null;
                });
    }

    /** Worker threads. */
    private Put begin(PutRequest wanted, Account account) throws StoreException {
        if (isLong(wanted)) {
            turns.begin(account);
        }
        boolean begun = false;
        try {
            Put put = Put.begin(wanted, stores, account, clock.instant());
            begun = true;
            return put;
        } finally {
            if (!begun) {
                end(wanted, account);
            }
        }
    }

    private void end(PutRequest wanted, Account account) {
        if (isLong(wanted)) {
            turns.end(account);
        }
    }

    private static boolean isLong(PutRequest wanted) {
        return wanted.info().size() > Download.BLOCK_BYTES;
    }

    private Future<Put.Done> receive(HttpServerRequest request, Calls calls, Put put) {
        if (request.response().closed()) {
            return Future.failedFuture(Problem.badRequest("the client went away"));
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue().onFailure(gone -> LOG.debug("the client went away", gone));
        }
        return Upload.receive(request, calls, put::write, put::publish);
    }

    private Function<Account, Future<Void>> delete(HttpServerRequest request, ObjectPath path) {
        Preconditions conditions = Preconditions.of(request.headers());
        if (conditions.ifNoneMatch().isPresent()) {
            throw Problem.badRequest("If-None-Match must be left out where an object is deleted");
        }
        return account -> shares.of(account)
                .run(() -> {
                    delete(stores.of(account), path, conditions);
                    return true;
                })
                .map(gone -> {
                    Answers.send(request, Reply.empty(204));
                    return null;
                });
    }

    /** Worker threads. */
    private void delete(ObjectStore store, ObjectPath path, Preconditions conditions) throws StoreException {
        if (conditions.wantUnchanged()) {
            Optional<ObjectDetails> there = Put.find(store, path);
            conditions.requireUnchanged(there, clock.instant());
            store.delete(path, there.orElseThrow().etag());
        } else {
            store.delete(path);
        }
    }
}
