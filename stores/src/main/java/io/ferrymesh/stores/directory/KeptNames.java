package io.ferrymesh.stores.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two files of a kept object in its directory: {@code <count>.data} and {@code <count>.record}. The counts are the newest that
 * are there, -1 for a file that is not.
 */
record KeptNames(int data, int record) {

    /** Those of a new one. */
    static final KeptNames FIRST = new KeptNames(0, 0);

    private static final KeptNames NONE = new KeptNames(-1, -1);
    private static final Pattern MEMBER = Pattern.compile("([0-7][0-9a-f]{7})\\.(data|record)");
    private static final String DATA = "data";

    /** What is there. Names of any other form are not ours. */
    static KeptNames find(Directory object) throws IOException {
        KeptNames newest = NONE;
        try (DirectoryStream<Path> members = object.scan()) {
            for (Path member : members) {
                Matcher name = match(member);
                if (name.matches()) {
                    newest = newest.or(Integer.parseInt(name.group(1), 16), name.group(2));
                }
            }
        }
        return newest;
    }

    /** Removes all files of an object, of whatever count. */
    static void delete(Directory object) throws IOException {
        var names = new ArrayList<Path>();
        try (DirectoryStream<Path> members = object.scan()) {
            for (Path member : members) {
                Matcher name = match(member);
                if (name.matches()) {
                    names.add(Path.of(name.group()));
                }
            }
        }
        for (Path name : names) {
            object.delete(name);
        }
    }

    boolean isWhole() {
        return data >= 0 && record >= 0;
    }

    /** Those of whoever has it next. */
    KeptNames next() {
        int next = Math.max(data, record) + 1;
        return new KeptNames(next, next);
    }

    StagingFile dataIn(Directory object) {
        return file(object, data, DATA);
    }

    StagingFile recordIn(Directory object) {
        return file(object, record, "record");
    }

    /** When the directory or the file changed last that did so last. */
    Instant touched(Directory object) throws IOException {
        Instant last = FileState.of(object.path()).changed();
        for (StagingFile each : List.of(dataIn(object), recordIn(object))) {
            try {
                Instant changed = FileState.of(each.path()).changed();
                last = changed.isAfter(last) ? changed : last;
            } catch (NoSuchFileException e) {
                // the others tell
            }
        }
        return last;
    }

    private static StagingFile file(Directory object, int count, String kind) {
        return new StagingFile(object, Path.of(HexFormat.of().toHexDigits(count) + "." + kind));
    }

    private KeptNames or(int count, String kind) {
        return kind.equals(DATA)
                ? new KeptNames(Math.max(data, count), record)
                : new KeptNames(data, Math.max(record, count));
    }

    private static Matcher match(Path member) {
        return MEMBER.matcher(new String(FileNames.bytes(member), US_ASCII));
    }
}
