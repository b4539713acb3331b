package io.ferrymesh.cli.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes the program's jar apart for the image: {@value #LIBRARIES}, which changes when a dependency does, and {@value
 * #PROGRAM}, which is Ferrymesh itself, small, and runs with the other one beside it. Each becomes a layer, so an image that
 * is built anew shares the large one with the last. The same jar gives the same bytes.
 *
 * <p>Native libraries for other machines than this one are left out; where it is not known what this one is, none are.
 */
public final class Layers {

    static final String LIBRARIES = "libraries.jar";
    static final String PROGRAM = "ferrymesh.jar";

    private static final String OWN = "io/ferrymesh/";
    private static final String SQLITE = "org/sqlite/native/";
    private static final Set<String> SYSTEMS =
            Set.of("linux", "linux-musl", "linux-android", "osx", "mac", "windows", "freebsd");
    private static final Set<String> LINUX = Set.of("linux", "linux-musl");
    /** By what Java calls a processor: what the libraries call it in paths. */
    private static final Map<String, Set<String>> PROCESSORS =
            Map.of("amd64", Set.of("x86_64"), "aarch64", Set.of("aarch64", "armv8"));

    private final Set<String> processors;

    private Layers(Set<String> processors) {
        this.processors = processors;
    }

    /** {@code Layers JAR DIRECTORY}; the directory is made. */
    public static void main(String[] args) throws IOException {
        split(Path.of(args[0]), Path.of(args[1]), System.getProperty("os.arch"));
    }

    static void split(Path jar, Path directory, String processor) throws IOException {
        Path made = Files.createDirectories(directory);
        Layers layers = new Layers(PROCESSORS.getOrDefault(processor, Set.of()));
        try (ZipFile from = new ZipFile(jar.toFile());
                ZipOutputStream libraries = new ZipOutputStream(Files.newOutputStream(made.resolve(LIBRARIES)));
                ZipOutputStream program = new ZipOutputStream(Files.newOutputStream(made.resolve(PROGRAM)))) {
            layers.copy(from, libraries, program);
        }
    }

    private void copy(ZipFile from, ZipOutputStream libraries, ZipOutputStream program) throws IOException {
        ZipEntry manifest = from.getEntry(JarFile.MANIFEST_NAME);
        Manifest whole = new Manifest(from.getInputStream(manifest));
        manifest(ofLibraries(whole), manifest, libraries);
        manifest(ofProgram(whole), manifest, program);
        for (var entries = from.entries().asIterator(); entries.hasNext(); ) {
            ZipEntry entry = entries.next();
            String name = entry.getName();
            if (name.equals(JarFile.MANIFEST_NAME) || isForeign(name)) {
                continue;
            }
            ZipOutputStream to = name.startsWith(OWN) ? program : libraries;
            to.putNextEntry(sameTime(entry));
            try (var content = from.getInputStream(entry)) {
                long unused = content.transferTo(to);
            }
            to.closeEntry();
        }
    }

    /** A native library of another system or processor: its path says whose it is, {@code linux/armv7/…}. */
    private boolean isForeign(String name) {
        String[] parts = (name.startsWith(SQLITE) ? name.substring(SQLITE.length()) : name).split("/", 3);
        String system = parts[0].toLowerCase(Locale.ROOT);
        if (processors.isEmpty() || parts.length < 3 || !SYSTEMS.contains(system)) {
            return false;
        }
        return !LINUX.contains(system) || !processors.contains(parts[1]);
    }

    private static Manifest ofLibraries(Manifest whole) {
        Manifest manifest = new Manifest();
        put(manifest, Attributes.Name.MANIFEST_VERSION, "1.0");
        String multiRelease = whole.getMainAttributes().getValue(Attributes.Name.MULTI_RELEASE);
        if (multiRelease != null) {
            put(manifest, Attributes.Name.MULTI_RELEASE, multiRelease);
        }
        return manifest;
    }

    private static Manifest ofProgram(Manifest whole) {
        Manifest manifest = new Manifest(whole);
        put(manifest, Attributes.Name.CLASS_PATH, LIBRARIES);
        return manifest;
    }

    private static void put(Manifest manifest, Attributes.Name name, String value) {
        Object unused = manifest.getMainAttributes().put(name, value);
    }

    private static void manifest(Manifest manifest, ZipEntry original, ZipOutputStream to) throws IOException {
        to.putNextEntry(sameTime(original));
        manifest.write(to);
        to.closeEntry();
    }

    private static ZipEntry sameTime(ZipEntry entry) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        return copy;
    }
}
