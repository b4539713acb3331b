package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import java.util.Map;

/** Whether processes of a provider run, for who works on its database and is none of them. */
public final class LivingProcesses {

    private LivingProcesses() {}

    /** How long to wait between two looks, in milliseconds: each process beats twice at least in that time. */
    public static long betweenLooksMs() {
        return WorkOptions.defaults().leaseTimeoutMs() / 2;
    }

    /** The processes there are, dead ones among them, each with its beat. Blocking; fails with DatabaseException. */
    public static Map<String, Long> look(Database database) {
        return database.read(InstanceTable::beats);
    }

    /** How many of the second look live: they are new, or beat since the first. */
    public static long living(Map<String, Long> first, Map<String, Long> second) {
        return second.entrySet().stream()
                .filter(each -> !each.getValue().equals(first.get(each.getKey())))
                .count();
    }
}
