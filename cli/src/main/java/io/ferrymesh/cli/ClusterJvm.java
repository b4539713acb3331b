package io.ferrymesh.cli;

import java.util.List;

/** What Hazelcast asks of a JVM. The jar's manifest says the same for {@code java -jar}. */
final class ClusterJvm {

    static final List<String> FLAGS = List.of(
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED");

    private ClusterJvm() {}
}
