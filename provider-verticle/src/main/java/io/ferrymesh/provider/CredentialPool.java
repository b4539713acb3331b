package io.ferrymesh.provider;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.IssuanceRequest;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pseudonyms of one key epoch: what is in stock, who waits for one, and a signing credential kept back to ask for more
 * with. Decides what is missing; {@link CredentialPools} asks, and guards this. Times are in epoch seconds.
 */
final class CredentialPool {

    static final List<Usage> USAGES = List.of(Usage.KEY_AGREEMENT, Usage.SIGNING);

    private static final int BATCH = IssuanceRequest.MAX_CERTIFICATES;

    private final ProviderOptions options;
    private final Map<Usage, Stock> stocks = new EnumMap<>(Usage.class);
    private @Nullable Credential signer;
    /** A signer asked for in the same validity step ends no later than the last; so not at every turn. */
    private long nextSignerAttempt;
    /** How many more than a batch were missing when it was asked for. */
    private int beyondBatch;
    /** Whether to go on although no stock is low: at the beginning, and while one batch is not enough. */
    private boolean topUp = true;

    CredentialPool(ProviderOptions options) {
        this.options = options;
        USAGES.forEach(usage -> stocks.put(usage, new Stock(options.expiryMarginSeconds())));
    }

    Stock stock(Usage usage) {
        @Nullable Stock stock = stocks.get(usage);
        if (stock == null) {
            throw new IllegalArgumentException("no credentials for " + usage + " are kept");
        }
        return stock;
    }

    /** What signs for more, while its certificate is valid. */
    Optional<Credential> signer(long now) {
        return Optional.ofNullable(signer)
                .filter(held -> held.certificate().info().notAfter() >= now);
    }

    boolean hasWaiting() {
        return stocks.values().stream().anyMatch(Stock::hasWaiting);
    }

    boolean isEmpty() {
        return stocks.values().stream().anyMatch(stock -> stock.size() == 0);
    }

    /** Whether it would be closed rather than handed out. */
    boolean expiresSoon(Credential credential, long now) {
        return stock(credential.certificate().info().usage()).expiresSoon(credential, now);
    }

    /** Takes in what was issued; run the result without the lock. */
    List<Runnable> add(List<Credential> credentials, long now) {
        credentials.forEach(
                credential -> stock(credential.certificate().info().usage()).add(credential));
        keepSigner(now);
        if (signer != null && signerIsDue(now)) {
            nextSignerAttempt = now + life(signer) / 12;
        }
        topUp = beyondBatch > 0;
        List<Runnable> deliveries = new ArrayList<>();
        stocks.values().forEach(stock -> deliveries.addAll(stock.deliver(now)));
        return deliveries;
    }

    /** Closes what is about to expire, and renews the signer where the stock allows it. */
    void maintain(long now) {
        stocks.values().forEach(stock -> stock.drop(now));
        keepSigner(now);
    }

    /** Closes what is revoked; how many that were. */
    int dropRevoked(RevocationView revocation, long now) {
        int dropped = 0;
        for (Stock stock : stocks.values()) {
            dropped += stock.drop(credential -> isRevoked(credential, revocation, now));
        }
        if (signer != null && isRevoked(signer, revocation, now)) {
            signer.close();
            signer = null;
            dropped++;
            keepSigner(now);
        }
        return dropped;
    }

    /** What to ask for now, at most one batch: nothing unless a stock is low, somebody waits or the signer is due. */
    List<Line> missing(long now) {
        boolean renewal = signerIsDue(now) && now >= nextSignerAttempt;
        boolean low = USAGES.stream().anyMatch(usage -> stock(usage).missing(options.lowWater()) > 0);
        if (!low && !topUp && !renewal) {
            return List.of();
        }
        int agreement = stock(Usage.KEY_AGREEMENT).missing(options.poolSize());
        int signing = stock(Usage.SIGNING).missing(options.poolSize()) + (renewal ? 1 : 0);
        beyondBatch = Math.max(0, agreement + signing - BATCH);
        return batch(agreement, signing);
    }

    /** What to ask for at enrolment: full stocks, and the signer. */
    static List<Line> firstLines(ProviderOptions options) {
        return batch(options.poolSize(), options.poolSize() + 1);
    }

    /** Half of it for each, unless the other needs less. */
    private static List<Line> batch(int agreement, int signing) {
        int forSigning = Math.min(signing, Math.max(BATCH / 2, BATCH - agreement));
        int forAgreement = Math.min(agreement, BATCH - forSigning);
        List<Line> lines = new ArrayList<>();
        if (forAgreement > 0) {
            lines.add(new Line(Usage.KEY_AGREEMENT, forAgreement));
        }
        if (forSigning > 0) {
            lines.add(new Line(Usage.SIGNING, forSigning));
        }
        return lines;
    }

    private boolean signerIsDue(long now) {
        return signer == null || signer.certificate().info().notAfter() - now < life(signer) / 3;
    }

    private static long life(Credential credential) {
        var validity = credential.certificate().info().validity();
        return validity.notAfter() - validity.notBefore();
    }

    /** Takes one out of the stock only if it lives longer than the one that is due. */
    private void keepSigner(long now) {
        if (!signerIsDue(now)) {
            return;
        }
        long end = signer == null ? now : signer.certificate().info().notAfter();
        stock(Usage.SIGNING).outliving(end).ifPresent(fresh -> {
            if (signer != null) {
                signer.close();
            }
            signer = fresh;
        });
    }

    private static boolean isRevoked(Credential credential, RevocationView revocation, long now) {
        return revocation.status(credential.certificate().pseudonym(), now) == RevocationView.Status.REVOKED;
    }

    /** Gives up on those who wait; run the result without the lock. */
    List<Runnable> fail(Throwable why) {
        List<Runnable> refusals = new ArrayList<>();
        stocks.values().forEach(stock -> refusals.addAll(stock.fail(why)));
        return refusals;
    }

    /** Wipes every key that is still here. */
    void close() {
        stocks.values().forEach(Stock::close);
        if (signer != null) {
            signer.close();
            signer = null;
        }
    }

    Future<Credential> await(Usage usage) {
        return stock(usage).await();
    }
}
