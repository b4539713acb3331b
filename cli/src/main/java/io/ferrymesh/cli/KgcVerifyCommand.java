package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.audit.AuditFinding;
import io.ferrymesh.kgc.audit.AuditReport;
import io.ferrymesh.kgc.audit.AuditVerifier;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.scheme.Digest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Verifies an audit log without a key centre. */
@Command(
        name = "verify",
        description =
                "Verifies an exported log, or a registry's with the registry itself, which it only reads. Needs no"
                        + " operator and no key centre. Prints what it found as one line of JSON.",
        mixinStandardHelpOptions = true,
        footer = "%nExit status: 0 if all is as it was written, 1 if not.")
final class KgcVerifyCommand implements Callable<Integer> {

    private static final int MAX_BULLETIN_BYTES = 4_096;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pin",
            paramLabel = "HEX",
            required = true,
            converter = Arguments.Fingerprint.class,
            description = "The fingerprint of a key epoch one trusts.")
    private Digest pin;

    @Option(
            names = "--bulletin",
            paramLabel = "FILE",
            description =
                    "A signed bulletin from elsewhere, as audit head --out wrote it, which the log must fit. Any number"
                            + " of times.")
    private List<Path> bulletins = new ArrayList<>();

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "An exported log, as audit export wrote it. Without it: a registry.")
    private @Nullable Path log;

    @Mixin
    private RegistryOptions registry = new RegistryOptions();

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "To check of a registry also whose certificates an entry is about.")
    private @Nullable Path keyFile;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Holds the key file's passphrase. Without it: the environment variable"
                    + " FERRYMESH_KGC_PASSPHRASE.")
    private @Nullable Path passphraseFile;

    @Override
    public Integer call() throws Exception {
        List<byte[]> signed = new ArrayList<>();
        for (Path bulletin : bulletins) {
            signed.add(read(bulletin));
        }
        Path exported = log;
        Path keys = keyFile;
        if (exported != null && (registry.isNamed() || keys != null)) {
            throw wrong("--log is verified by itself: leave --database and --key-file");
        }
        if (exported == null && !registry.isNamed() && keys == null) {
            throw wrong("--log, --database or --key-file must be given");
        }
        AuditReport report = exported != null
                ? exported(exported, signed)
                : keys == null ? registry(signed) : registry(signed, keys);
        JsonOut.print(json(report));
        return report.sound() ? 0 : 1;
    }

    private AuditReport exported(Path file, List<byte[]> signed) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw wrong("--log must be an exported log: " + file);
        }
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return new AuditVerifier(pin, signed, Optional.empty()).exported(lines);
        }
    }

    private AuditReport registry(List<byte[]> signed) {
        try (Database database = Database.openReadOnly(registry.named(spec), Kgc.MIGRATIONS)) {
            return new AuditVerifier(pin, signed, Optional.empty()).registry(database);
        }
    }

    private AuditReport registry(List<byte[]> signed, Path keys) throws Exception {
        try (KgcKeyring keyring = KgcKeyFile.load(keys, CentreOptions.passphrase(passphraseFile), new SecureRandom());
                Database database = Database.openReadOnly(registry.registry(spec, keys), Kgc.MIGRATIONS)) {
            return new AuditVerifier(pin, signed, Optional.of(keyring::holder)).registry(database);
        }
    }

    private byte[] read(Path bulletin) {
        try {
            if (Files.size(bulletin) <= MAX_BULLETIN_BYTES) {
                return Files.readAllBytes(bulletin);
            }
        } catch (IOException e) {
            throw wrong("--bulletin cannot be read: " + bulletin);
        }
        throw wrong("--bulletin must be a signed bulletin: " + bulletin);
    }

    private static JsonObject json(AuditReport report) {
        JsonObject json = new JsonObject()
                .put("sound", report.sound())
                .put("entries", report.entries())
                .put("last", report.last())
                .put("signatures", report.signatures())
                .put("vouched", report.vouched().map(KgcVerifyCommand::json).orElse(null))
                .put("found", report.found());
        JsonArray findings = new JsonArray();
        report.findings().forEach(finding -> findings.add(json(finding)));
        return json.put("findings", findings);
    }

    private static JsonObject json(AuditReport.Vouched vouched) {
        return new JsonObject()
                .put("entry", vouched.entry())
                .put("keyEpoch", vouched.keyEpoch())
                .put("at", vouched.at().toString());
    }

    private static JsonObject json(AuditFinding finding) {
        return new JsonObject()
                .put("entry", finding.entry())
                .put("kind", finding.kind().name())
                .put("what", finding.what());
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
