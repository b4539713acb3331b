package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.api.exchange.Answers;
import io.ferrymesh.provider.api.exchange.Calls;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** A migration's report on its way to a client, a page being read while another is sent. Event loop only. */
public final class ReportStream {

    private static final int PAGE = 200;
    /** A page has no line after this much text. */
    private static final int MOST_CHARACTERS = 64 << 10;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Calls workers;
    private final MigrationService migrations;
    private final Account account;
    private final MigrationId id;
    private final ReportFormat format;
    private Future<Void> sending = Future.succeededFuture();

    private ReportStream(
            HttpServerRequest request, Calls workers, MigrationService migrations, Account account, MigrationId id) {
        this.request = request;
        this.response = request.response();
        this.workers = workers;
        this.migrations = migrations;
        this.account = account;
        this.id = id;
        this.format = ReportFormat.of(request.getHeader("Accept"));
    }

    /** Lines of a page, and the number of its last entry. */
    private record Lines(Buffer text, long last) {}

    /** Answers with every entry after a number, in the format the client prefers; throws 406 when there is none. */
    public static void answer(
            HttpServerRequest request,
            Calls workers,
            MigrationService migrations,
            Account account,
            MigrationId id,
            long after) {
        ReportStream stream = new ReportStream(request, workers, migrations, account, id);
        workers.run(() -> stream.page(after)).onComplete(stream::begin, stream::refuse);
    }

    private void begin(Lines first) {
        response.putHeader("Content-Type", format.mediaType())
                .putHeader("Vary", "Accept")
                .setChunked(true);
        if (!format.head().isEmpty()) {
            sending = response.write(format.head());
        }
        send(first);
    }

    private void send(Lines lines) {
        if (lines.text().length() == 0) {
            sending.compose(sent -> response.end()).onFailure(this::refuse);
            return;
        }
        Future<Void> before = sending;
        sending = response.write(lines.text());
        Future<Lines> following = workers.goOn(() -> page(lines.last()));
        Future.join(before, following).onComplete(both -> send(following.result()), this::refuse);
    }

    private void refuse(Throwable why) {
        Answers.refuse(request, why);
    }

    /** Worker threads. */
    private Lines page(long after) {
        List<ReportEntry> entries = migrations.report(account, id, after, PAGE);
        StringBuilder text = new StringBuilder();
        long last = after;
        for (ReportEntry entry : entries) {
            if (text.length() >= MOST_CHARACTERS) {
                break;
            }
            text.append(format.line(entry));
            last = entry.number();
        }
        return new Lines(Buffer.buffer(text.toString()), last);
    }
}
