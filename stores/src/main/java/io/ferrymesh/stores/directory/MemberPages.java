package io.ferrymesh.stores.directory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The members of one directory in order, a page at a time. A pass over the directory picks the smallest names after those
 * already given, so memory is bounded and a directory that fits a page is read once. Each member is looked at once.
 *
 * <p>Names are picked by their bytes, but a directory {@code a} sorts as {@code a/}, after {@code a.b}. One that sorts after
 * the last name picked is therefore kept for the next page; since it must be a prefix of that name, they are few.
 */
final class MemberPages {

    private static final int SMALLEST_FIRST_PAGE = 256;
    private static final Comparator<byte[]> BYTES = Arrays::compareUnsigned;

    private final Directories directories;
    private final String key;
    private final byte[] wanted;
    private final byte[] after;
    private final @Nullable Member self;

    private Deque<Member> page = new ArrayDeque<>();
    private List<Member> carried = List.of();
    private byte @Nullable [] lastPicked;
    private boolean allPicked;
    private boolean sawMembers;
    private int pageSize;
    private @Nullable Object identity; // of the directory that the first page is of

    /**
     * The members of {@code key} that paths starting with {@code prefix} and coming after {@code after} can go through.
     *
     * @param after a path, empty for none
     * @param self the directory as its parent listed it, null for the root
     */
    MemberPages(Directories directories, String key, byte[] prefix, byte[] after, @Nullable Member self) {
        this.directories = directories;
        this.key = key;
        this.self = self;
        byte[] passed = key.isEmpty() ? new byte[0] : (key + "/").getBytes(StandardCharsets.UTF_8);
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
        return page.size() + carried.size();
    }

    /** A member's path, for people where its name is not UTF-8. */
    String pathOf(Member member) {
        return key.isEmpty() ? member.text() : key + "/" + member.text();
    }

    /**
     * The next member, or null at the end.
     *
     * @param now how many the caller wants now, so that not many more are looked at in vain
     * @param most how many may be held at once
     */
    @Nullable
    Member next(int now, int most) throws IOException {
        while (page.isEmpty() && !allPicked) {
            pageSize = Math.min(most, Math.max(2 * pageSize, Math.max(now, SMALLEST_FIRST_PAGE)));
            fill(pageSize);
        }
        return page.poll();
    }

    private void fill(int pageSize) throws IOException {
        try (Directory directory = directories.open(key)) {
            requireSame(directory);
            byte[] only = onlyCandidate();
            List<byte[]> names = only == null ? pick(directory, pageSize) : List.of(only);
            sawMembers |= only != null;
            allPicked |= only != null;
            var members = new ArrayList<Member>(carried);
            var gone = new ArrayList<byte[]>();
            for (byte[] name : names) {
                Member member = look(directory, name);
                if (isGone(member)) {
                    gone.add(name);
                } else if (member != null && member.canComeAfter(after)) {
                    members.add(member);
                }
            }
            if (only == null) { // or it is only the prefix that says there were one
                lookAgain(directory, gone, members);
            }
            turnPage(members, names);
        }
    }

    /** Another directory in its place may have any names below those that were given, and nobody would look for them. */
    private void requireSame(Directory directory) throws IOException {
        Object now = directory.identity();
        if (identity != null && !identity.equals(now)) {
            throw new NoSuchFileException(key);
        }
        identity = now;
    }

    /** What one file takes the place of another by may be gone for a moment. */
    private void lookAgain(Directory directory, List<byte[]> gone, List<Member> members) throws IOException {
        for (byte[] name : gone) {
            Member member = look(directory, name);
            if (member != null && (isGone(member) || member.canComeAfter(after))) {
                members.add(member);
            }
        }
    }

    private static boolean isGone(@Nullable Member member) {
        return member != null && member.kind() == Member.Kind.VANISHED;
    }

    private void turnPage(List<Member> members, List<byte[]> names) {
        members.sort(Comparator.naturalOrder());
        int now = members.size();
        if (!allPicked) {
            byte[] last = names.get(names.size() - 1);
            while (now > 0 && members.get(now - 1).isAfter(last)) {
                now--;
            }
            lastPicked = last;
        }
        page = new ArrayDeque<>(members.subList(0, now));
        carried = List.copyOf(members.subList(now, members.size()));
    }

    /** The smallest names after the last picked, in order. */
    private List<byte[]> pick(Directory directory, int pageSize) throws IOException {
        var largestFirst = new PriorityQueue<byte[]>(BYTES.reversed());
        allPicked = true;
        try (DirectoryStream<Path> members = directory.scan()) {
            for (Path member : members) {
                sawMembers = true;
                byte[] name = FileNames.bytes(member);
                if (isWanted(name) && makesRoom(largestFirst, name, pageSize)) {
                    largestFirst.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        var names = new ArrayList<byte[]>(largestFirst);
        names.sort(BYTES);
        return names;
    }

    /** Whether a name is among the smallest so far; takes out the largest when there are too many. */
    private boolean makesRoom(PriorityQueue<byte[]> largestFirst, byte[] name, int pageSize) {
        byte[] largest = largestFirst.peek();
        if (largest == null || largestFirst.size() < pageSize) {
            return true;
        }
        allPicked = false;
        return BYTES.compare(name, largest) < 0 && largestFirst.poll() != null;
    }

    private boolean isWanted(byte[] name) {
        return isPrefix(wanted, name)
                && (BYTES.compare(name, after) > 0 || isPrefix(name, after)) // which may lead to it as a directory
                && (lastPicked == null || BYTES.compare(name, lastPicked) > 0);
    }

    private static boolean isPrefix(byte[] start, byte[] of) {
        return start.length <= of.length && Arrays.equals(start, 0, start.length, of, 0, start.length);
    }

    /** The one member that the prefix goes through, when it names one, so that the directory need not be read. */
    private byte @Nullable [] onlyCandidate() {
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] == '/') {
                return Arrays.copyOf(wanted, i);
            }
        }
        return null;
    }

    private static @Nullable Member look(Directory directory, byte[] name) throws IOException {
        String text = FileNames.text(name);
        if (text == null) {
            return Member.without(name, Member.Kind.NOT_UTF8);
        }
        if (text.isEmpty() || text.equals(".") || text.equals("..") || text.indexOf('\0') >= 0) {
            return null; // only a prefix can say that, and nothing has such a name
        }
        try {
            return Member.of(name, directory.attributes(FileNames.of(text)));
        } catch (NoSuchFileException e) {
            return Member.without(name, Member.Kind.VANISHED); // since the directory was read
        } catch (IOException e) {
            if (Failures.tooManyOpenFiles(e)) {
                throw e;
            }
            return Member.without(name, Member.Kind.UNREADABLE);
        }
    }
}
