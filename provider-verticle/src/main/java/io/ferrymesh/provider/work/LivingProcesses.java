package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import java.util.Map;

/** Whether processes of a provider run, for who works on its database and is none of them. */
public final class LivingProcesses {

    /** Lets time pass. */
    @FunctionalInterface
    public interface Pause {
        void ms(long ms) throws InterruptedException;
    }

    private LivingProcesses() {}

    /**
     * How many live: those that beat within a whole lease timeout, or have come, for a living one may not be able to beat for most
     * of that time. Waits for that long unless there are none at all. Blocking; fails with DatabaseException.
     *
     * @param leaseTimeoutMs the provider's
     */
    public static long count(Database database, long leaseTimeoutMs, Pause pause) throws InterruptedException {
        Map<String, Long> first = database.read(InstanceTable::beats);
        if (first.isEmpty()) {
            return 0;
        }
        pause.ms(leaseTimeoutMs);
        Map<String, Long> second = database.read(InstanceTable::beats);
        return second.entrySet().stream()
                .filter(each -> !each.getValue().equals(first.get(each.getKey())))
                .count();
    }
}
