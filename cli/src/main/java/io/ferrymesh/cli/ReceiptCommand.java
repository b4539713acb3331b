package io.ferrymesh.cli;

import io.ferrymesh.cli.receipt.KgcKeys;
import io.ferrymesh.cli.receipt.ProofFile;
import io.ferrymesh.cli.receipt.ReceiptCheck;
import io.ferrymesh.cli.user.AccountClient;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MalformedException;
import io.ferrymesh.scheme.Receipt;
import io.ferrymesh.scheme.SignedReceipt;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A migration's receipt, which both providers have signed. */
@Command(
        name = "receipt",
        description = "A migration's receipt: what it says, and whether it is good. Asks nobody.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ReceiptCommand {

    private static final long MAX_FILE_BYTES = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Command(
            name = "show",
            description = "What a receipt says, as a line of JSON. Verifies nothing.",
            mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "FILE", description = "The receipt, as a provider gave it.") Path file) {
        JsonOut.print(json(receipt(file).receipt()));
        return 0;
    }

    @Command(
            name = "verify",
            description =
                    "Whether both providers signed a receipt, with certificates of the key centre that were valid when"
                            + " the migration ended; with --proof also whether it covers that object, and with --object whether a"
                            + " file is that object. Whether somebody has been revoked since is not in a receipt.",
            mixinStandardHelpOptions = true,
            footer = "%nExit status: 0 if all of it is so, 1 if not.")
    int verify(
            @Parameters(paramLabel = "FILE", description = "The receipt, as a provider gave it.") Path file,
            @Option(
                            names = "--kgc-key",
                            paramLabel = "FILE",
                            required = true,
                            description =
                                    "The key centre's public keys, as receipt keys writes them: one a line, 66 hex"
                                            + " digits.")
                    Path keys,
            @Option(
                            names = "--kgc-fingerprint",
                            paramLabel = "HEX",
                            converter = Arguments.Fingerprint.class,
                            description =
                                    "Only the key with this fingerprint counts. Give it unless you trust whoever gave"
                                            + " you the file of keys.")
                    @Nullable
                    Digest fingerprint,
            @Option(names = "--proof", paramLabel = "FILE", description = "A proof, as migration proof writes it.")
                    @Nullable
                    Path proof,
            @Option(names = "--object", paramLabel = "FILE", description = "The object that --proof is about.")
                    @Nullable
                    Path object)
            throws IOException {
        if (object != null && proof == null) {
            throw new ParameterException(spec.commandLine(), "--object needs --proof");
        }
        SignedReceipt signed = receipt(file);
        ReceiptCheck check = ReceiptCheck.of(signed, keys(keys), Optional.ofNullable(fingerprint));
        List<String> problems = new ArrayList<>(check.problems());
        JsonObject json = json(signed.receipt());
        check.key()
                .ifPresent(key -> json.put("kgcFingerprint", key.fingerprint().hex()));
        if (proof != null) {
            ProofFile proven = proof(proof);
            json.put("object", proven.path());
            problems.addAll(proven.problems(signed.receipt()));
            if (object != null) {
                problems.addAll(problems(proven, object));
            }
        }
        JsonOut.print(json.put("good", problems.isEmpty()).put("problems", new JsonArray(problems)));
        return problems.isEmpty() ? 0 : 1;
    }

    @Command(
            name = "keys",
            description =
                    "The key centre's public keys that a provider trusts now, a line each, for --kgc-key. Keep them with"
                            + " a receipt: those that are retired can be had nowhere.",
            mixinStandardHelpOptions = true)
    int keys(
            @Mixin SessionOptions at,
            @Option(
                            names = "--ca",
                            paramLabel = "FILE",
                            description = "PEM certificates to trust instead of the system's.")
                    @Nullable
                    Path trusted)
            throws IOException, InterruptedException {
        AccountClient client =
                new AccountClient(at.provider(), Optional.ofNullable(trusted).map(Path::toAbsolutePath));
        JsonArray keys = client.keyCentre().getJsonArray("keys");
        for (int i = 0; i < keys.size(); i++) {
            KgcPublicKey key =
                    KgcKeys.parse(keys.getJsonObject(i).getString("publicKey")).get(0);
            System.out.println(java.util.HexFormat.of().formatHex(key.encoded()) + " # " + key.fingerprint());
        }
        return 0;
    }

    private static JsonObject json(Receipt receipt) {
        return new JsonObject()
                .put("migrationId", receipt.migration().hex())
                .put("objects", receipt.objects())
                .put("bytes", receipt.bytes())
                .put("merkleRoot", receipt.root().hex())
                .put("startedAt", Instant.ofEpochMilli(receipt.startedAt()).toString())
                .put("finishedAt", Instant.ofEpochMilli(receipt.finishedAt()).toString())
                .put("source", receipt.source().hex())
                .put("destination", receipt.destination().hex())
                .put("sourceSigner", signer(receipt.sourceSigner()))
                .put("destinationSigner", signer(receipt.destinationSigner()));
    }

    private static JsonObject signer(Certificate certificate) {
        return new JsonObject()
                .put("pseudonym", certificate.info().pseudonym().hex())
                .put("kgc", certificate.info().kgc().hex())
                .put(
                        "notBefore",
                        Instant.ofEpochSecond(certificate.info().notBefore()).toString())
                .put(
                        "notAfter",
                        Instant.ofEpochSecond(certificate.info().notAfter()).toString());
    }

    private SignedReceipt receipt(Path file) {
        try {
            return SignedReceipt.decode(bytes(file, SignedReceipt.LENGTH));
        } catch (MalformedException e) {
            throw new ParameterException(spec.commandLine(), "FILE is no receipt: " + e.getMessage(), e);
        }
    }

    private List<KgcPublicKey> keys(Path file) {
        try {
            return KgcKeys.parse(text(file));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--kgc-key " + file + ": " + e.getMessage(), e);
        }
    }

    private ProofFile proof(Path file) {
        try {
            return ProofFile.parse(text(file));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--proof " + file + ": " + e.getMessage(), e);
        }
    }

    private List<String> problems(ProofFile proven, Path object) throws IOException {
        try (InputStream content = Files.newInputStream(object)) {
            return proven.problems(content);
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), "--object: there is no file " + object, e);
        }
    }

    private String text(Path file) {
        return new String(bytes(file, MAX_FILE_BYTES), StandardCharsets.UTF_8);
    }

    private byte[] bytes(Path file, long most) {
        try {
            if (Files.size(file) > most) {
                throw new ParameterException(
                        spec.commandLine(), file + " has " + Files.size(file) + " bytes, and may have " + most);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "cannot be read: " + file, e);
        }
    }
}
