package io.ferrymesh.benchmarks.crypto;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Hands its arguments to JMH; without any, runs everything and writes the results to {@code jmh.json} as well. */
@Command(name = "jmh", description = "Handshakes and single operations, with JMH's own options; -h lists them.")
public final class JmhCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", description = "Options and patterns for JMH.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws Exception {
        List<String> given = arguments.isEmpty() ? List.of("-rf", "json", "-rff", "jmh.json") : arguments;
        org.openjdk.jmh.Main.main(given.toArray(new String[0]));
        return 0;
    }
}
