package io.ferrymesh.kgc.backup;

import io.ferrymesh.kgc.backup.BackupException.Reason;
import io.ferrymesh.kgc.backup.BackupFormat.Header;
import io.ferrymesh.kgc.backup.BackupTables.Table;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Reads a backup strictly: every line is the one that must come there, and nothing is after the last. */
final class BackupReader {

    /** Takes the rows, table by table. */
    interface Sink {

        /** The next row of a table: longs, texts, byte arrays, nulls. */
        void row(Table table, List<@Nullable Object> values);

        /** A table has no more rows. */
        void end(Table table);
    }

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LONGEST_LINE_BYTES = 8 << 20;
    /** What {@link java.util.zip.GZIPOutputStream} writes around the compressed data. */
    private static final int GZIP_FRAME_BYTES = 10 + 8;

    private BackupReader() {}

    /** Fails with {@link BackupException}; what the sink was given before that is not to be trusted. */
    static Header read(Path file, Sink sink) {
        try (SingleGzip gzip = new SingleGzip(Files.newInputStream(file))) {
            Lines lines = new Lines(new BufferedInputStream(gzip, BUFFER_BYTES));
            Header header = BackupFormat.header(lines.next());
            String line = lines.next();
            for (Table table : BackupTables.ALL) {
                BackupFormat.requireTable(line, table);
                line = lines.next();
                while (BackupFormat.isRow(line)) {
                    sink.row(table, BackupFormat.row(line, table));
                    line = lines.next();
                }
                sink.end(table);
            }
            BackupFormat.requireTrailer(line, lines.sha256BeforeLast());
            if (!lines.ended() || gzip.compressedBytes() + GZIP_FRAME_BYTES != Files.size(file)) {
                throw BackupFormat.altered("something follows its end");
            }
            return header;
        } catch (EOFException | CharacterCodingException e) {
            throw new BackupException(Reason.ALTERED, "it is not as it was written: it is cut off or damaged", e);
        } catch (ZipException e) {
            throw new BackupException(Reason.NOT_A_BACKUP, "it is no backup, or damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BackupException(Reason.IO, "the backup " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static final class SingleGzip extends GZIPInputStream {

        SingleGzip(InputStream in) throws IOException {
            super(in, BUFFER_BYTES);
        }

        /** Of the last member, so that a second one is noticed too. */
        long compressedBytes() {
            return inf.getBytesRead();
        }
    }

    private static final class Lines {

        private final InputStream in;
        private final MessageDigest content = Sha256.begin();
        private byte[] last = {};

        Lines(InputStream in) {
            this.in = in;
        }

        String next() throws IOException {
            content.update(last);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int read;
            while ((read = in.read()) != '\n') {
                if (read < 0) {
                    throw new EOFException();
                }
                if (line.size() == LONGEST_LINE_BYTES) {
                    throw BackupFormat.altered("a line is longer than " + LONGEST_LINE_BYTES + " bytes");
                }
                line.write(read);
            }
            byte[] text = line.toByteArray();
            line.write('\n');
            last = line.toByteArray();
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        }

        String sha256BeforeLast() {
            return HexFormat.of().formatHex(content.digest());
        }

        boolean ended() throws IOException {
            return in.read() < 0;
        }
    }
}
