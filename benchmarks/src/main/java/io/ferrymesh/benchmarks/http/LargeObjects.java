package io.ferrymesh.benchmarks.http;

import io.ferrymesh.benchmarks.transfer.Meter;
import io.ferrymesh.benchmarks.transfer.Proc;
import io.ferrymesh.benchmarks.transfer.Quiet;
import io.ferrymesh.benchmarks.transfer.Side;
import io.ferrymesh.benchmarks.transfer.Tools;
import io.ferrymesh.benchmarks.transfer.Workplace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One large file up to and down from a provider and nginx, in turns, another one first in each round. Before each turn the file is
 * read once and what is unwritten goes to the disk. Every answer is checked, and every copy is got back whole.
 */
final class LargeObjects {

    private static final String UPLOAD = "upload";
    private static final String DOWNLOAD = "download";
    private static final int SMALL_UPLOADS = 200;

    private final TestedProvider provider;
    private final Nginx nginx;
    private final Workplace workplace;
    private final LargeFile file;
    private final Quiet quiet;
    private final PrintWriter out;
    private final List<Sample> samples = new ArrayList<>();

    /** Something timed: which way, and by whom. */
    record Sample(String direction, String what, boolean durable, int round, Meter.Reading reading) {}

    /**
     * The most memory that the provider's process had at any moment.
     *
     * @param smallBytes while two hundred objects of 1 KiB were put
     * @param largeBytes while the large one was
     */
    record Memory(long smallBytes, long largeBytes) {}

    LargeObjects(
            TestedProvider provider, Nginx nginx, Workplace workplace, LargeFile file, Quiet quiet, PrintWriter out) {
        this.provider = provider;
        this.nginx = nginx;
        this.workplace = workplace;
        this.file = file;
        this.quiet = quiet;
        this.out = out;
    }

    /** What the provider's memory does; to be asked before it has seen anything large. */
    Memory memory() throws IOException, InterruptedException {
        long pid = provider.process().pid();
        WebTarget target = ferrymesh();
        Path path = workplace.scratch().resolve("small");
        LargeFile small = LargeFile.of(Files.write(path, new byte[Caller.OBJECT_BYTES]));
        Proc.forgetPeak(pid);
        for (int i = 0; i < SMALL_UPLOADS; i++) {
            upload(target, "small-" + i, small);
        }
        long smallBytes = Proc.peakBytes(pid);
        Proc.forgetPeak(pid);
        upload(target, "memory", file);
        long largeBytes = Proc.peakBytes(pid);
        delete(target, "memory");
        return new Memory(smallBytes, largeBytes);
    }

    /** So many rounds that are not timed, and so many that are. */
    List<Sample> run(int warmUps, int rounds) throws IOException, InterruptedException {
        for (int round = 1 - warmUps; round <= rounds; round++) {
            quiet.await(out);
            List<WebTarget> order = new ArrayList<>(List.of(ferrymesh(), nginx()));
            Collections.rotate(order, round);
            for (WebTarget target : order) {
                upload(target, round);
            }
            for (WebTarget target : order) {
                download(target, round);
            }
            for (WebTarget target : order) {
                delete(target, object(round));
            }
        }
        return samples;
    }

    private WebTarget ferrymesh() throws IOException, InterruptedException {
        return new WebTarget(
                "Ferrymesh",
                provider.api().resolve("/v1/objects/"),
                Map.of("Authorization", "Bearer " + provider.login().get(0)),
                true,
                true,
                Side.of(provider.process()));
    }

    private WebTarget nginx() {
        return new WebTarget("nginx", nginx.uri(), Map.of(), false, false, Side.below(nginx.process()));
    }

    private void upload(WebTarget target, int round) throws IOException, InterruptedException {
        settle();
        try (Meter.Running running = workplace.meter().start(target.side(), Side.of(provider.centre()))) {
            upload(target, object(round), file);
            note(UPLOAD, target.name(), target.durable(), round, running.read());
            if (!target.durable()) {
                sync();
                note(UPLOAD, target.name() + ", then sync", true, round, running.read());
            }
        }
    }

    private void download(WebTarget target, int round) throws IOException, InterruptedException {
        settle();
        try (Meter.Running running = workplace.meter().start(target.side(), Side.of(provider.centre()))) {
            Wire.Head head = Wire.get(target.uri(object(round)), target.headers(), file);
            note(DOWNLOAD, target.name(), true, round, running.read());
            require(head.status() == 200 && head.length() == file.bytes(), target, "a download", head);
        }
    }

    private static void upload(WebTarget target, String object, LargeFile file) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>(target.headers());
        if (target.digests()) {
            headers.put("Content-Digest", file.digestHeader());
        }
        Wire.Head head = Wire.put(target.uri(object), headers, file);
        boolean same = !target.digests() || head.header("Repr-Digest").equals(file.digestHeader());
        require(head.status() == 201 && same, target, "an upload", head);
    }

    private static void delete(WebTarget target, String object) throws IOException {
        Wire.Head head = Wire.delete(target.uri(object), target.headers());
        require(head.status() == 204, target, "a DELETE", head);
    }

    private static void require(boolean so, WebTarget target, String what, Wire.Head head) throws IOException {
        if (!so) {
            throw new IOException(target.name() + " answered " + what + " with " + head);
        }
    }

    private void settle() throws IOException, InterruptedException {
        file.warm();
        sync();
    }

    private void sync() throws IOException, InterruptedException {
        Path directory = workplace.scratch();
        Tools.run(directory.resolve("tools.log"), List.of("sync", "-f", directory.toString()));
    }

    private static String object(int round) {
        return "large-" + (round < 1 ? "warm-up" + -round : round);
    }

    private void note(String direction, String what, boolean durable, int round, Meter.Reading reading) {
        out.printf(
                "%-8s %-10s %-18s %8.2f s%n",
                round < 1 ? "warm-up" : "round " + round, direction, what, reading.seconds());
        out.flush();
        if (round >= 1) {
            samples.add(new Sample(direction, what, durable, round, reading));
        }
    }
}
