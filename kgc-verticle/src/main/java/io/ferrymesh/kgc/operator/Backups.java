package io.ferrymesh.kgc.operator;

import io.ferrymesh.kgc.operator.OperationException.Code;

/** Makes backups of the registry where they are configured to go. Blocking. Fails with {@link OperationException}. */
@FunctionalInterface
public interface Backups {

    /** Makes one of the registry as it stands. */
    BackupInfo make();

    /** For a key centre with no directory for backups: CONFLICT. */
    static Backups none() {
        return () -> {
            throw new OperationException(Code.CONFLICT, "no directory is configured for backups");
        };
    }
}
