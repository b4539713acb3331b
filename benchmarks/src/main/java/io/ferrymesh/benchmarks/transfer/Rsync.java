package io.ferrymesh.benchmarks.transfer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code rsync -a} without its delta algorithm, which new files have no use for; and the same followed by a {@code sync} of
 * the destination's file system, which makes it as durable as Ferrymesh.
 */
final class Rsync implements Contender {

    private final Workplace workplace;
    private final SshServer ssh;
    private final Side client;

    private Rsync(Workplace workplace, SshServer ssh, Side client) {
        this.workplace = workplace;
        this.ssh = ssh;
        this.client = client;
    }

    /** Fails with the name of Debian's package if there is no rsync. */
    static Rsync over(SshServer ssh, Side client, Workplace workplace) throws IOException {
        Tools.require(List.of(Path.of("/usr/bin/rsync")), "rsync");
        return new Rsync(workplace, ssh, client);
    }

    @Override
    public String name() {
        return "rsync";
    }

    @Override
    public Path destination(DataSet data, int round) {
        return workplace.destination(name(), data, round);
    }

    @Override
    public List<Timing> transfer(DataSet data, int round) throws IOException, InterruptedException {
        String from = data.in(workplace.source()) + "/";
        String to = SshServer.HOST + ":" + destination(data, round) + "/";
        String shell = "ssh " + String.join(" ", ssh.options());
        try (Meter.Running running = workplace.meter().start(client, Side.below(ssh.server()))) {
            Tools.run(ssh.log(), List.of("rsync", "-a", "--whole-file", "-e", shell, from, to));
            Meter.Reading copied = running.read();
            Tools.run(ssh.log(), List.of("sync", "-f", destination(data, round).toString()));
            return List.of(new Timing("rsync", false, copied), new Timing("rsync, then sync", true, running.read()));
        }
    }
}
