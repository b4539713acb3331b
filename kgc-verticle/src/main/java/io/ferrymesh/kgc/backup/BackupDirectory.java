package io.ferrymesh.kgc.backup;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.operator.BackupInfo;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/** The directory into which operators have backups made: one file each, named by its time, and none is ever removed here. */
public final class BackupDirectory implements Backups {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Database database;
    private final Path directory;
    private final Clock clock;
    private final Semaphore one = new Semaphore(1);

    /** Refuses a directory that is not there. */
    public BackupDirectory(Database database, Path directory, Clock clock) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("the backup directory must be there: " + directory);
        }
        this.database = database;
        this.directory = directory;
        this.clock = clock;
    }

    /** One at a time; OVERLOADED while another is made. */
    @Override
    public BackupInfo make() {
        if (!one.tryAcquire()) {
            throw new OperationException(Code.OVERLOADED, "a backup is being made");
        }
        try {
            Instant now = clock.instant();
            Path file = directory.resolve("ferrymesh-kgc-" + TIME.format(now) + ".ndjson.gz");
            return Backup.write(database, file, now);
        } catch (BackupException e) {
            throw new OperationException(Code.UNAVAILABLE, String.valueOf(e.getMessage()));
        } finally {
            one.release();
        }
    }
}
