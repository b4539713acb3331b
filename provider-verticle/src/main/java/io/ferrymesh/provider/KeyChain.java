package io.ferrymesh.provider;

import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.KgcParameters.Successor;
import io.ferrymesh.scheme.KgcPublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The key centre's keys that follow from one another, oldest first: each is named by parameters signed under the one before.
 * Never goes back: a successor once known stays, with the times it was announced with. What says otherwise is a
 * {@link ContradictionException} and changes nothing. Immutable. Scheme, What the KGC publishes.
 */
final class KeyChain {

    /** Most keys trusted at once. */
    static final int MAX_EPOCHS = 16;

    private static final Comparator<KeyEpoch> NEWEST_FIRST =
            Comparator.comparingLong(KeyEpoch::number).reversed();

    private final List<KeyEpoch> epochs;

    private KeyChain(List<KeyEpoch> epochs) {
        this.epochs = List.copyOf(epochs);
    }

    /** The chain that begins with these parameters, which must be verified. */
    static KeyChain pinned(KgcParameters pin) {
        return new KeyChain(List.of(new KeyEpoch(pin.kgc(), pin.serial(), 0, Optional.empty(), Optional.empty())))
                .learn(pin);
    }

    /** Oldest first, never empty. */
    List<KeyEpoch> epochs() {
        return epochs;
    }

    /** The one that has no successor yet. */
    KeyEpoch newest() {
        return epochs.get(epochs.size() - 1);
    }

    /** Active ones first, the newest of them before all; then those that are only announced, the next one first. */
    List<KeyEpoch> byPreference(long now) {
        List<KeyEpoch> sorted = new ArrayList<>();
        epochs.stream()
                .filter(epoch -> epoch.isActive(now))
                .sorted(NEWEST_FIRST)
                .forEach(sorted::add);
        epochs.stream().filter(epoch -> !epoch.isActive(now)).forEach(sorted::add);
        return sorted;
    }

    /** Without the keys that are retired by now. The last one never is, because nothing follows it. */
    KeyChain at(long now) {
        return new KeyChain(
                epochs.stream().filter(epoch -> !epoch.isRetired(now)).toList());
    }

    /** With what verified parameters say of their key and its successor. */
    KeyChain learn(KgcParameters heard) {
        int at = indexOf(heard.kgc());
        KeyEpoch known = epochs.get(at);
        requireSameEpoch(known, heard);
        List<KeyEpoch> learnt = new ArrayList<>(epochs);
        Optional<Successor> successor = known.successor().or(heard::successor);
        if (heard.successor().isPresent() && !heard.successor().equals(successor)) {
            throw new ContradictionException(known + " names another successor, or other times, than before");
        }
        learnt.set(at, new KeyEpoch(known.kgc(), known.number(), known.activeFrom(), latest(known, heard), successor));
        if (known.successor().isEmpty()) {
            successor.ifPresent(next -> learnt.add(following(known, next)));
        }
        return new KeyChain(learnt);
    }

    private static Optional<KgcParameters> latest(KeyEpoch known, KgcParameters heard) {
        return known.parameters()
                .filter(before -> before.current().notBefore() > heard.current().notBefore())
                .or(() -> Optional.of(heard));
    }

    private static void requireSameEpoch(KeyEpoch known, KgcParameters heard) {
        boolean sameHpke = known.parameters()
                .map(before -> before.hpke().equals(heard.hpke()))
                .orElse(true);
        if (known.number() != heard.serial() || !sameHpke) {
            throw new ContradictionException(known + " has another number or another key for requests than before");
        }
    }

    /** Only the newest key has no successor yet, so the next one goes to the end. */
    private KeyEpoch following(KeyEpoch known, Successor next) {
        boolean here = epochs.stream().anyMatch(epoch -> epoch.kgc().equals(next.kgc()));
        if (here || next.activeFrom() < known.activeFrom()) {
            throw new ContradictionException(known + " names a successor that was there before it");
        }
        if (epochs.size() >= MAX_EPOCHS) {
            throw new ContradictionException("more than " + MAX_EPOCHS + " keys that are not retired");
        }
        return new KeyEpoch(next.kgc(), known.number() + 1, next.activeFrom(), Optional.empty(), Optional.empty());
    }

    private int indexOf(KgcPublicKey kgc) {
        for (int i = 0; i < epochs.size(); i++) {
            if (epochs.get(i).kgc().equals(kgc)) {
                return i;
            }
        }
        throw new IllegalArgumentException("not a key of this chain: " + kgc);
    }
}
