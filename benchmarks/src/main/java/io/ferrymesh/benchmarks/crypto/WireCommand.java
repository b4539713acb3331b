package io.ferrymesh.benchmarks.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints how many bytes a handshake puts on the wire, both directions together. A JVM of its own for each TLS. */
@Command(name = "wire", description = "Bytes on the wire of one handshake, both directions together.")
public final class WireCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--stack", hidden = true, description = "Measure this TLS in this JVM.")
    private List<TlsStack> here = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (!here.isEmpty()) {
            print(
                    "TLS 1.3, client certificates, " + here.get(0),
                    TlsPair.of(here.get(0)).handshake());
            return 0;
        }
        try (SchemePair.Session session = new SchemePair().handshake()) {
            print("Ferrymesh", session.wireBytes());
        }
        spec.commandLine().getOut().flush();
        for (TlsStack stack : TlsStack.values()) {
            OwnJvm.run(List.of(), "wire", "--stack", stack.name());
        }
        return 0;
    }

    private void print(String what, long bytes) {
        spec.commandLine().getOut().printf("%-60s %6d bytes%n", what, bytes);
    }
}
