package io.ferrymesh.stores.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The members of one collection in order, a page at a time. WebDAV has neither order nor pages, so each page asks for all of
 * the collection, and what is not among the smallest after those already given is forgotten as it arrives.
 */
final class MemberPages {

    private final Dav dav;
    private final Places places;
    private final String key;
    private final byte[] wanted;
    private final byte[] after;
    private final @Nullable Member self;

    private Deque<Member> page = new ArrayDeque<>();
    private byte[] lastGiven = new byte[0];
    private boolean allGiven;
    private boolean sawMembers;

    /**
     * The members of {@code key} that paths starting with {@code prefix} and coming after {@code after} can go through.
     *
     * @param self the collection as its parent listed it, null for the root
     */
    MemberPages(Dav dav, Places places, String key, byte[] prefix, byte[] after, @Nullable Member self) {
        this.dav = dav;
        this.places = places;
        this.key = key;
        this.self = self;
        byte[] passed = key.isEmpty() ? new byte[0] : (key + "/").getBytes(UTF_8);
        this.wanted = Arrays.copyOfRange(prefix, Math.min(passed.length, prefix.length), prefix.length);
        this.after = isPrefix(passed, after) ? Arrays.copyOfRange(after, passed.length, after.length) : new byte[0];
    }

    String key() {
        return key;
    }

    @Nullable
    Member self() {
        return self;
    }

    /** Whether it has no members at all, as far as it was read. */
    boolean isEmpty() {
        return !sawMembers;
    }

    /** How many members it holds in memory. */
    int held() {
        return page.size();
    }

    /** A member's path, for people where its name is not UTF-8. */
    String pathOf(Member member) {
        return key.isEmpty() ? member.text() : key + "/" + member.text();
    }

    /** The next member, or null at the end. */
    @Nullable
    Member next(int pageSize) throws StoreException {
        while (page.isEmpty() && !allGiven) {
            fill(pageSize);
        }
        return page.poll();
    }

    private void fill(int pageSize) throws StoreException {
        int slash = indexOfSlash(wanted);
        if (slash >= 0) {
            page = only(new String(wanted, 0, slash, UTF_8));
            sawMembers = true;
            allGiven = true;
            return;
        }
        var largestFirst = new PriorityQueue<Member>(Comparator.reverseOrder());
        Object object = key.isEmpty() ? "the store's root" : key + "/";
        boolean there = dav.members(object, places.ofCollection(key), () -> restart(largestFirst), entry -> {
            Member member = Member.of(entry);
            sawMembers = true;
            if (isWanted(member) && makesRoom(largestFirst, member, pageSize)) {
                largestFirst.add(member);
            }
            return true;
        });
        if (!there) {
            throw new StoreException(StoreError.NOT_FOUND, object + ": not found");
        }
        Member[] inOrder = largestFirst.toArray(Member[]::new);
        Arrays.sort(inOrder);
        page = new ArrayDeque<>(Arrays.asList(inOrder));
        if (inOrder.length > 0) {
            lastGiven = inOrder[inOrder.length - 1].sortKey();
        }
    }

    private void restart(PriorityQueue<Member> largestFirst) {
        largestFirst.clear();
        allGiven = true;
    }

    /** The one collection that the prefix goes through, so that the others need not be asked for. */
    private Deque<Member> only(String name) throws StoreException {
        var found = new ArrayDeque<Member>();
        if (!isName(name)) {
            return found;
        }
        String path = key.isEmpty() ? name : key + "/" + name;
        DavEntry entry = dav.look(path + "/", places.ofCollection(path));
        if (entry != null && entry.collection()) {
            Member member = Member.of(entry);
            if (member.canComeAfter(after)) {
                found.add(member);
            }
        }
        return found;
    }

    /** Only a prefix can say something else, and nothing has such a name. */
    private static boolean isName(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.indexOf('\0') < 0
                && name.getBytes(UTF_8).length <= ObjectPath.MAX_PART_BYTES;
    }

    /** Whether a member is among the smallest so far; takes out the largest when there are too many. */
    private boolean makesRoom(PriorityQueue<Member> largestFirst, Member member, int pageSize) {
        Member largest = largestFirst.peek();
        if (largest == null || largestFirst.size() < pageSize) {
            return true;
        }
        allGiven = false;
        return member.compareTo(largest) < 0 && largestFirst.poll() != null;
    }

    private boolean isWanted(Member member) {
        return isPrefix(wanted, member.name()) && member.canComeAfter(after) && member.isAfter(lastGiven);
    }

    private static int indexOfSlash(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '/') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isPrefix(byte[] start, byte[] of) {
        return start.length <= of.length && Arrays.equals(start, 0, start.length, of, 0, start.length);
    }
}
