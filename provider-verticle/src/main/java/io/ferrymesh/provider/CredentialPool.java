package io.ferrymesh.provider;

import io.ferrymesh.provider.keys.Shelf;
import io.ferrymesh.provider.keys.StoredCredentials;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.IssuanceRequest;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pseudonyms of one key epoch: what this process last saw in the database, who waits for one here. Decides what is missing;
 * {@link CredentialPools} asks, and guards this. Times are in epoch seconds.
 */
final class CredentialPool {

    static final List<Usage> USAGES = List.of(Usage.KEY_AGREEMENT, Usage.SIGNING);

    private static final int BATCH = IssuanceRequest.MAX_CERTIFICATES;

    private final ProviderOptions options;
    private final Map<Usage, Takers> takers = new EnumMap<>(Usage.class);
    private Shelf shelf = Shelf.EMPTY;
    /** A signer asked for in the same validity step ends no later than the last; so not at every turn. */
    private long nextSignerAttempt;
    /** How many more than a batch were missing when it was asked for. */
    private int beyondBatch;
    /** Whether to go on although no stock is low: at the beginning, and while one batch is not enough. */
    private boolean topUp = true;

    CredentialPool(ProviderOptions options) {
        this.options = options;
        USAGES.forEach(usage -> takers.put(usage, new Takers()));
    }

    Takers takers(Usage usage) {
        @Nullable Takers of = takers.get(usage);
        if (of == null) {
            throw new IllegalArgumentException("no credentials for " + usage + " are kept");
        }
        return of;
    }

    /** What there is, as the database says. */
    void see(Shelf seen) {
        shelf = seen;
        if (USAGES.stream().allMatch(usage -> stock(usage) >= options.poolSize())) {
            topUp = false; // whoever takes from it now, it is filled when it is low
        }
    }

    /** So many were taken out of the database, or put back. */
    void changed(Usage usage, int by) {
        shelf = shelf.changed(usage, by);
    }

    /** Those that were wanted and not there. */
    void seenEmpty(Usage usage) {
        shelf = shelf.changed(usage, -shelf.stock(usage));
    }

    int stock(Usage usage) {
        return shelf.stock(usage);
    }

    boolean hasSigner(long now) {
        return shelf.hasSigner(now);
    }

    /** What signs for more. */
    Optional<Validity> signer() {
        return shelf.signer();
    }

    boolean hasWaiting() {
        return takers.values().stream().anyMatch(each -> !each.isEmpty());
    }

    boolean isEmpty() {
        return USAGES.stream().anyMatch(usage -> stock(usage) == 0);
    }

    /** What was asked for is in the database. */
    void filled(long now) {
        shelf.signer()
                .filter(validity -> signerIsDue(now))
                .ifPresent(validity -> nextSignerAttempt = now + life(validity) / 12);
        topUp = beyondBatch > 0;
    }

    /** What to ask for now, at most one batch: nothing unless a stock is low, somebody waits or the signer is due. */
    List<Line> missing(long now) {
        boolean renewal = signerIsDue(now) && now >= nextSignerAttempt;
        boolean low = USAGES.stream().anyMatch(usage -> missing(usage, options.lowWater()) > 0);
        int agreement = missing(Usage.KEY_AGREEMENT, options.poolSize());
        int signing = missing(Usage.SIGNING, options.poolSize()) + (renewal ? 1 : 0);
        if (!low && !topUp && !renewal) {
            return List.of();
        }
        beyondBatch = Math.max(0, agreement + signing - BATCH);
        return batch(agreement, signing);
    }

    /** How many are missing, those for whom somebody waits included. */
    private int missing(Usage usage, int target) {
        return Math.max(0, target + takers(usage).size() - stock(usage));
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

    /** Whether another one should sign for more. */
    boolean signerIsDue(long now) {
        return shelf.signer()
                .map(validity -> StoredCredentials.signerIsDue(validity.notBefore(), validity.notAfter(), now))
                .orElse(true);
    }

    /** Whether a credential of this validity would not be handed out. */
    boolean expiresSoon(Validity validity, long now) {
        return validity.notAfter() < now + Math.min(options.expiryMarginSeconds(), life(validity) / 2);
    }

    private static long life(Validity validity) {
        return validity.notAfter() - validity.notBefore();
    }

    /** Gives up on those who wait; run the result without the lock. */
    List<Runnable> fail(Throwable why) {
        List<Runnable> refusals = new ArrayList<>();
        takers.values().forEach(each -> refusals.addAll(each.fail(why)));
        return refusals;
    }
}
