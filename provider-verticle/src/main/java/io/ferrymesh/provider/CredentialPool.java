package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider's stock of pseudonyms. Each credential is handed out once, to one taker, who closes it. More are fetched in
 * the background when a stock goes below the low-water mark; one signing credential is kept back to sign for them. What is
 * about to expire is closed, not handed out. Any thread.
 */
public final class CredentialPool implements AutoCloseable {

    /** Most of one usage in one request, so that two usages fit one batch. */
    static final int MAX_LINE = 511;

    private static final Logger LOG = LoggerFactory.getLogger(CredentialPool.class);
    private static final List<Usage> USAGES = List.of(Usage.KEY_AGREEMENT, Usage.SIGNING);

    private final CredentialSource source;
    private final ProviderOptions options;
    private final Clock clock;
    private final Map<Usage, Stock> stocks = new EnumMap<>(Usage.class);
    private Credential signer;
    /** A signer asked for in the same validity step ends no later than the last; so not at every turn. */
    private long nextSignerAttempt;

    private boolean filling;
    private boolean closed;

    /** A pool with what enrolment gave; one of the signing credentials must be among it. */
    CredentialPool(CredentialSource source, ProviderOptions options, Clock clock, List<Credential> first) {
        this.source = source;
        this.options = options;
        this.clock = clock;
        USAGES.forEach(usage -> stocks.put(usage, new Stock()));
        first.forEach(this::add);
        this.signer = stock(Usage.SIGNING)
                .poll(0)
                .orElseThrow(() -> new IllegalArgumentException("enrolment gave no signing credential"));
    }

    /** What to ask for at enrolment: full stocks, and the signer. */
    static List<Line> firstLines(ProviderOptions options) {
        return List.of(
                new Line(Usage.KEY_AGREEMENT, options.poolSize()), new Line(Usage.SIGNING, options.poolSize() + 1));
    }

    /**
     * Hands out a fresh credential, never one that was handed out before; the caller closes it. Waits for the key centre when
     * the stock is empty, and fails with its refusal, or with UNAVAILABLE.
     */
    public Future<Credential> take(Usage usage) {
        Future<Credential> taken;
        synchronized (this) {
            if (closed) {
                return Future.failedFuture(new MeshException(ErrorCode.CANCELLED, "the credential pool is closed"));
            }
            taken = stock(usage).poll(validUntil()).map(Future::succeededFuture).orElseGet(() -> stock(usage)
                    .await());
        }
        fillIfLow().onFailure(CredentialPool::told);
        return taken;
    }

    /** Credentials in stock. */
    public synchronized int available(Usage usage) {
        return stock(usage).size();
    }

    /** Closes what expires soon, renews the signer and fetches more where it is low. Completes when that is done. */
    Future<Void> maintain() {
        synchronized (this) {
            stocks.values().forEach(stock -> stock.drop(validUntil()));
            if (!filling) {
                renewSignerFromStock();
            }
        }
        return fillIfLow();
    }

    private Future<Void> fillIfLow() {
        List<Line> lines;
        Credential by;
        synchronized (this) {
            lines = filling || closed ? List.of() : missing();
            if (lines.isEmpty()) {
                return Future.succeededFuture();
            }
            filling = true;
            by = signer;
        }
        return requireCurrent(by)
                .compose(current -> source.renew(current, lines))
                .map(credentials -> {
                    filled(credentials);
                    return (Void) null;
                })
                .onFailure(this::notFilled);
    }

    /** What is missing once any stock is low, or somebody waits, or the signer is due. */
    private List<Line> missing() {
        boolean renewal = signerIsOld() && now() >= nextSignerAttempt;
        boolean low = USAGES.stream().anyMatch(usage -> stock(usage).missing(options.lowWater()) > 0);
        List<Line> lines = new ArrayList<>();
        for (Usage usage : low || renewal ? USAGES : List.<Usage>of()) {
            int extra = renewal && usage == Usage.SIGNING ? 1 : 0;
            int count = Math.min(MAX_LINE, stock(usage).missing(options.poolSize()) + extra);
            if (count > 0) {
                lines.add(new Line(usage, count));
            }
        }
        if (renewal) {
            nextSignerAttempt = now() + options.certificateValiditySeconds() / 12;
        }
        return lines;
    }

    private Future<Credential> requireCurrent(Credential by) {
        return by.certificate().info().notAfter() >= now()
                ? Future.succeededFuture(by)
                : Future.failedFuture(new MeshException(
                        ErrorCode.NOT_ENROLLED, "the signing certificate has expired; enrol again with a new token"));
    }

    private void filled(List<Credential> credentials) {
        List<Runnable> deliveries = new ArrayList<>();
        boolean more;
        synchronized (this) {
            filling = false;
            if (closed) {
                credentials.forEach(Credential::close);
                return;
            }
            credentials.forEach(this::add);
            renewSignerFromStock();
            stocks.values().forEach(stock -> deliveries.addAll(stock.deliver(validUntil())));
            more = stocks.values().stream().anyMatch(Stock::hasWaiting);
        }
        LOG.info("the key centre issued {} credentials", credentials.size());
        if (more && deliveries.isEmpty()) {
            notFilled(new MeshException(ErrorCode.INVALID_MESSAGE, "what the key centre issued expires too soon"));
        } else if (more) {
            fillIfLow().onFailure(CredentialPool::told);
        }
        deliveries.forEach(Runnable::run);
    }

    private void notFilled(Throwable why) {
        List<Runnable> refusals = new ArrayList<>();
        synchronized (this) {
            filling = false;
            stocks.values().forEach(stock -> refusals.addAll(stock.fail(why)));
        }
        LOG.warn("no credentials from the key centre: {}", why.getMessage());
        refusals.forEach(Runnable::run);
    }

    /** {@link #notFilled} has told those whom it concerns. */
    private static void told(Throwable why) {
        LOG.debug("filling failed", why);
    }

    private boolean signerIsOld() {
        long left = signer.certificate().info().notAfter() - now();
        return left < options.certificateValiditySeconds() / 3;
    }

    /** Only for one that lives longer. */
    private void renewSignerFromStock() {
        if (signerIsOld()) {
            stock(Usage.SIGNING)
                    .outliving(signer.certificate().info().notAfter())
                    .ifPresent(fresh -> {
                        signer.close();
                        signer = fresh;
                    });
        }
    }

    private void add(Credential credential) {
        stock(credential.certificate().info().usage()).add(credential);
    }

    private Stock stock(Usage usage) {
        @Nullable Stock stock = stocks.get(usage);
        if (stock == null) {
            throw new IllegalArgumentException("no credentials for " + usage + " are kept");
        }
        return stock;
    }

    private long validUntil() {
        return now() + options.expiryMarginSeconds();
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /** Wipes every key that is still here; who waits is told CANCELLED. */
    @Override
    public void close() {
        List<Runnable> refusals = new ArrayList<>();
        synchronized (this) {
            closed = true;
            Throwable why = new MeshException(ErrorCode.CANCELLED, "the credential pool is closed");
            stocks.values().forEach(stock -> {
                refusals.addAll(stock.fail(why));
                stock.close();
            });
            signer.close();
        }
        refusals.forEach(Runnable::run);
    }
}
