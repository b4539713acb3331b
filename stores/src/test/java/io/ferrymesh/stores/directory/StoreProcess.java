package io.ferrymesh.stores.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A store in a process of its own, told what to do line by line, for tests of locales, users and crashes. Every command is
 * answered by one line; paths are in Base64, so that the process's locale cannot spoil them. Needs nothing but the classes
 * of the store, so that any user can be given a copy of them.
 */
final class StoreProcess {

    static final Instant MODIFIED = Instant.parse("2001-02-03T04:05:06.123456789Z");

    private static final int SEGMENT = StagedObject.SEGMENT_BYTES;

    private StoreProcess() {}

    public static void main(String[] arguments) throws IOException, StoreException {
        var commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        var staged = new ArrayList<StagedObject>();
        try (ObjectStore store = DirectoryStore.open(Path.of(arguments[0]))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                System.out.println(answer(store, staged, line.split(" ", -1)));
            }
        }
    }

    static String encode(String path) {
        return Base64.getEncoder().encodeToString(path.getBytes(UTF_8));
    }

    static String decode(String path) {
        return new String(Base64.getDecoder().decode(path), UTF_8);
    }

    private static String answer(ObjectStore store, List<StagedObject> staged, String[] command) {
        try {
            return switch (command[0]) {
                case "names" -> String.valueOf(System.getProperty("sun.jnu.encoding"));
                case "stage" -> {
                    staged.add(stage(store, decode(command[1])));
                    yield "ok";
                }
                case "keep" -> {
                    staged.add(keep(store, decode(command[1])));
                    yield staged.get(0).token().orElseThrow();
                }
                case "rest" -> {
                    fill(staged.get(0), SEGMENT + SEGMENT / 2, 2 * SEGMENT);
                    yield "ok";
                }
                case "force" -> {
                    staged.get(0).force();
                    yield "ok";
                }
                case "publish" -> publish(store, staged);
                case "get" -> encode(get(store, ObjectPath.of(decode(command[1]))));
                case "list" -> list(store, "", "");
                case "list-some" -> list(store, decode(command[1]), decode(command[2]));
                case "count" -> count(store, ObjectPath.of(decode(command[1])), Integer.parseInt(command[2]));
                default -> "unknown command";
            };
        } catch (StoreException e) {
            return e.error().name();
        }
    }

    private static String publish(ObjectStore store, List<StagedObject> staged) throws StoreException {
        for (var outcome : store.publish(staged, PublishMode.CREATE_ONLY)) {
            StoreException error = outcome.error();
            if (error != null) {
                throw error;
            }
        }
        staged.clear();
        return "ok";
    }

    private static StagedObject stage(ObjectStore store, String path) throws StoreException {
        byte[] bytes = path.getBytes(UTF_8);
        StagedObject object = store.stage(new ObjectInfo(ObjectPath.of(path), bytes.length, MODIFIED));
        object.write(0, bytes, 0, bytes.length);
        return object;
    }

    /** One of two segments, of which the first is written and forced and the second half written. */
    private static StagedObject keep(ObjectStore store, String path) throws StoreException {
        StagedObject object =
                store.stageDurably(new ObjectInfo(ObjectPath.of(path), 2L * SEGMENT, MODIFIED), ObjectMetadata.EMPTY);
        fill(object, 0, SEGMENT + SEGMENT / 2);
        object.force();
        return object;
    }

    private static void fill(StagedObject object, int from, int to) throws StoreException {
        byte[] ones = new byte[1 << 20];
        Arrays.fill(ones, (byte) 1);
        for (int at = from; at < to; at += ones.length) {
            object.write(at, ones, 0, ones.length);
        }
    }

    private static String get(ObjectStore store, ObjectPath path) throws StoreException {
        try (ObjectReader reader = store.open(path)) {
            byte[] bytes = new byte[(int) reader.info().size()];
            int read = reader.read(0, bytes, 0, bytes.length);
            return new String(bytes, 0, read, UTF_8);
        }
    }

    /** Raises the number in an object by one, {@code times} over, by looking and replacing what it looked at. */
    private static String count(ObjectStore store, ObjectPath path, int times) throws StoreException {
        for (int done = 0; done < times; ) {
            try (ObjectReader reader = store.open(path)) {
                byte[] bytes = new byte[(int) reader.info().size()];
                int read = reader.read(0, bytes, 0, bytes.length);
                byte[] next = String.valueOf(1 + Integer.parseInt(new String(bytes, 0, read, UTF_8)))
                        .getBytes(UTF_8);
                StagedObject staged = store.stage(new ObjectInfo(path, next.length, MODIFIED));
                staged.write(0, next, 0, next.length);
                StoreException error =
                        store.replace(staged, reader.details().etag()).error();
                if (error != null && error.error() != StoreError.CHANGED) {
                    throw error;
                }
                done += error == null ? 1 : 0;
            }
        }
        return "ok";
    }

    private static String list(ObjectStore store, String prefix, String after) throws StoreException {
        var names = new ArrayList<String>();
        try (ObjectListing listing = store.list(
                prefix, Optional.of(after).filter(path -> !path.isEmpty()).map(ObjectPath::of))) {
            for (List<ListingEntry> page = listing.next(100); !page.isEmpty(); page = listing.next(100)) {
                for (ListingEntry entry : page) {
                    names.add(encode(
                            entry instanceof Skipped skipped
                                    ? skipped.reason() + " " + skipped.name()
                                    : "" + ((ObjectInfo) entry).path()));
                }
            }
        }
        return String.join(" ", names);
    }
}
