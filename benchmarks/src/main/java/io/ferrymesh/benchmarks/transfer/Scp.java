package io.ferrymesh.benchmarks.transfer;

import io.ferrymesh.benchmarks.transfer.Tools.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code scp -r}, and the same followed by {@code sha256sum} of everything at both ends at once and a comparison: what
 * somebody does who wants to know that the copy is right.
 */
final class Scp implements Contender {

    private static final String HASH = "find . -type f -print0 | sort -z | xargs -0 sha256sum";

    private final Workplace workplace;
    private final SshServer ssh;
    private final Side client;

    Scp(Workplace workplace, SshServer ssh, Side client) {
        this.workplace = workplace;
        this.ssh = ssh;
        this.client = client;
    }

    @Override
    public String name() {
        return "scp";
    }

    @Override
    public Path destination(DataSet data, int round) {
        return workplace.destination(name(), data, round);
    }

    @Override
    public List<Timing> transfer(DataSet data, int round) throws IOException, InterruptedException {
        Path source = data.in(workplace.source());
        Path destination = destination(data, round);
        List<String> command = new ArrayList<>(List.of("scp", "-q", "-r"));
        command.addAll(ssh.options());
        command.addAll(List.of(source.toString(), SshServer.HOST + ":" + destination));
        try (Meter.Running running = workplace.meter().start(client, Side.below(ssh.server()))) {
            Tools.run(ssh.log(), command);
            Meter.Reading copied = running.read();
            compare(source, destination);
            return List.of(new Timing("scp", false, copied), new Timing("scp, then sha256sum", false, running.read()));
        }
    }

    private void compare(Path source, Path destination) throws IOException, InterruptedException {
        Path here = Files.createTempFile(workplace.scratch(), "sums", ".here");
        Path there = Files.createTempFile(workplace.scratch(), "sums", ".there");
        List<String> remote = new ArrayList<>(List.of("ssh"));
        remote.addAll(ssh.options());
        remote.addAll(List.of(SshServer.HOST, "cd '" + destination + "' && " + HASH));
        Started atDestination = Tools.start(there, ssh.log(), remote);
        Started atSource = Tools.start(here, ssh.log(), List.of("sh", "-c", "cd '" + source + "' && " + HASH));
        atSource.await();
        atDestination.await();
        if (Files.mismatch(here, there) >= 0) {
            throw new IOException("scp: what arrived in " + destination + " differs");
        }
    }
}
