package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Vouchers;
import io.ferrymesh.stores.ObjectInfo;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Checks what the destination says that it has from earlier runs: each segment comes with the voucher that this source gave for
 * it, and counts only if that is for the object as it is listed now. Of an object, all or nothing is believed. The source's
 * answers lane only.
 */
final class Claims {

    private final SourceBook book;
    private final Vouchers vouchers;
    private final ContentNames names;
    private final Consumer<byte[]> replies;

    /** @param names what the vouchers say of content */
    Claims(SourceBook book, Vouchers vouchers, ContentNames names, Consumer<byte[]> replies) {
        this.names = names;
        this.book = book;
        this.vouchers = vouchers;
        this.replies = replies;
    }

    /** That an object arrived in an earlier run. */
    void known(RecordReader in) {
        SourceObject object = book.get(in.u63());
        SourceObject.Claim claim = object.claim(SourceObject.Phase.KNOWN);
        boolean stored = Records.readFlag(in);
        int first = in.u31();
        int count = Records.readSegments(in);
        require(
                first == claim.segments
                        && claim.segments + count <= object.segments().count(),
                object);
        for (int i = 0; i < count; i++) {
            check(object, claim, Records.readSafe(first + i, in));
        }
        if (claim.segments == object.segments().count() && settled(object, claim)) {
            book.agree(object, stored);
        }
    }

    /**
     * That an object is wanted but for some segments.
     *
     * @return the object if something of it is to be sent
     */
    Optional<SourceObject> rest(RecordReader in) {
        SourceObject object = book.get(in.u63());
        SourceObject.Claim claim = object.claim(SourceObject.Phase.REST);
        boolean last = Records.readFlag(in);
        int count = Records.readSegments(in);
        require(claim.segments + count <= object.segments().count(), object);
        for (int i = 0; i < count; i++) {
            check(object, claim, Records.readSafe(in.u31(), in));
        }
        if (!last || !settled(object, claim)) {
            return Optional.empty();
        }
        object.ask(true);
        return Optional.of(object).filter(asked -> !asked.segments().isComplete());
    }

    private void check(SourceObject object, SourceObject.Claim claim, SafeSegment said) {
        ObjectInfo info = object.info();
        claim.segments++;
        object.segments().begin(said.segment());
        if (claim.segments == 1) {
            claim.content = names.now(info);
        }
        boolean mine = claim.content.isPresent()
                && vouchers.isMine(
                        said.voucher(),
                        info.path().utf8(),
                        info.size(),
                        info.modified(),
                        said.segment(),
                        said.digest(),
                        claim.content.get());
        if (mine) {
            boolean unused = object.segments().enter(said.segment(), said.digest());
        } else {
            claim.doubted = true;
        }
    }

    /** Says what is thought of a claim that is complete; whether it is believed. */
    private boolean settled(SourceObject object, SourceObject.Claim claim) {
        if (claim.doubted) {
            object.refuse();
            replies.accept(Records.notKnown(object.index()));
        } else {
            claim.content.filter(content -> !content.isEmpty()).ifPresent(object::readAs);
            replies.accept(Records.agreed(object.index()));
        }
        return !claim.doubted;
    }

    private static void require(boolean right, SourceObject object) {
        if (!right) {
            throw new MeshException(
                    ErrorCode.INVALID_MESSAGE,
                    "claims of object " + object.index() + " out of order or of its segments");
        }
    }
}
