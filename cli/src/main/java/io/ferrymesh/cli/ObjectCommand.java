package io.ferrymesh.cli;

import io.ferrymesh.cli.user.ObjectClient;
import io.vertx.core.json.JsonObject;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A user's objects. */
@Command(
        name = "object",
        description = "A user's objects at a provider, with the session of account login.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ObjectCommand {

    @Spec
    private CommandSpec spec;

    @Command(
            name = "list",
            description = "Every object, a line of JSON each, in order.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin SessionOptions at,
            @Option(
                            names = "--prefix",
                            paramLabel = "PATH",
                            defaultValue = "",
                            description = "Only objects whose path starts with this. Default: all.")
                    String prefix)
            throws Exception {
        new ObjectClient(at.user()).list(prefix, JsonOut::print);
        return 0;
    }

    @Command(name = "get", description = "Fetches an object.", mixinStandardHelpOptions = true)
    int get(
            @Mixin SessionOptions at,
            @Parameters(index = "0", paramLabel = "PATH", description = "The object.") String path,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "FILE",
                            description = "Where to, over what is there. Default: standard output.")
                    @Nullable
                    Path file)
            throws Exception {
        ObjectClient objects = new ObjectClient(at.user());
        if (file == null) {
            OutputStream out = System.out;
            objects.get(path, out);
            out.flush();
        } else {
            objects.get(path, file);
        }
        return 0;
    }

    @Command(
            name = "put",
            description = "Makes an object of a file, or replaces one, with the file's modification time.",
            mixinStandardHelpOptions = true)
    int put(
            @Mixin SessionOptions at,
            @Option(names = "--new", description = "Fail if there is such an object already.") boolean onlyNew,
            @Parameters(index = "0", paramLabel = "FILE", description = "The file.") Path file,
            @Parameters(index = "1", paramLabel = "PATH", description = "The object.") String path)
            throws Exception {
        if (!Files.isRegularFile(file)) {
            throw new ParameterException(spec.commandLine(), "FILE must be a file: " + file);
        }
        boolean fresh = new ObjectClient(at.user()).put(file, path, onlyNew);
        JsonOut.print(
                new JsonObject().put("path", path).put("size", Files.size(file)).put("new", fresh));
        return 0;
    }

    @Command(name = "delete", description = "Deletes an object.", mixinStandardHelpOptions = true)
    int delete(@Mixin SessionOptions at, @Parameters(paramLabel = "PATH", description = "The object.") String path)
            throws Exception {
        new ObjectClient(at.user()).delete(path);
        return 0;
    }
}
