package io.ferrymesh.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {

    private static final String MANIFEST =
            "Manifest-Version: 1.0\r\nMain-Class: io.ferrymesh.cli.Ferrymesh\r\nMulti-Release: true\r\n\r\n";

    @TempDir
    private Path directory;

    @Test
    void what_is_ferrymesh_goes_into_one_jar_and_everything_else_into_the_other() throws IOException {
        Path jar = jar(Map.of("io/ferrymesh/A.class", "a", "io/other/B.class", "b", "logback.xml", "c"));

        Layers.split(jar, directory.resolve("out"), "amd64");

        assertThat(content("out", Layers.PROGRAM)).containsExactly(Map.entry("io/ferrymesh/A.class", "a"));
        assertThat(content("out", Layers.LIBRARIES))
                .containsExactly(Map.entry("io/other/B.class", "b"), Map.entry("logback.xml", "c"));
    }

    @Test
    void the_small_jar_runs_as_the_whole_one_did_with_the_other_beside_it() throws IOException {
        Layers.split(jar(Map.of()), directory.resolve("out"), "amd64");

        Attributes program = manifest(Layers.PROGRAM);
        assertThat(program.getValue(Attributes.Name.MAIN_CLASS)).isEqualTo("io.ferrymesh.cli.Ferrymesh");
        assertThat(program.getValue(Attributes.Name.CLASS_PATH)).isEqualTo(Layers.LIBRARIES);
        assertThat(manifest(Layers.LIBRARIES).getValue(Attributes.Name.MULTI_RELEASE))
                .isEqualTo("true");
    }

    @Test
    void a_change_of_ferrymesh_leaves_the_libraries_as_they_were_to_the_byte() throws IOException {
        Layers.split(jar(Map.of("io/ferrymesh/A.class", "a", "b", "b")), directory.resolve("one"), "amd64");
        Layers.split(jar(Map.of("io/ferrymesh/A.class", "other", "b", "b")), directory.resolve("two"), "amd64");

        assertThat(directory.resolve("two").resolve(Layers.LIBRARIES))
                .hasSameBinaryContentAs(directory.resolve("one").resolve(Layers.LIBRARIES));
        assertThat(content("two", Layers.PROGRAM)).containsEntry("io/ferrymesh/A.class", "other");
    }

    @Test
    void native_libraries_of_other_machines_are_left_out() throws IOException {
        Map<String, String> own = Map.of(
                "linux/x86_64/glibc/l.so", "",
                "linux/x86_64/musl/l.so", "",
                "org/sqlite/native/Linux/x86_64/l.so", "",
                "org/sqlite/native/Linux-Musl/x86_64/l.so", "");
        Map<String, String> all = new LinkedHashMap<>(own);
        for (String foreign : new String[] {
            "linux/armv8/glibc/l.so",
            "osx/x86_64/cruntime/l.dylib",
            "windows/x86_64/cruntime/l.dll",
            "org/sqlite/native/Linux/aarch64/l.so",
            "org/sqlite/native/Linux-Android/x86_64/l.so",
            "org/sqlite/native/Mac/x86_64/l.dylib"
        }) {
            all.put(foreign, "");
        }

        Layers.split(jar(all), directory.resolve("out"), "amd64");

        assertThat(content("out", Layers.LIBRARIES)).isEqualTo(new TreeMap<>(own));
    }

    @Test
    void on_a_processor_that_is_not_known_nothing_is_left_out() throws IOException {
        Map<String, String> all = Map.of("linux/riscv/glibc/l.so", "", "windows/x86_64/cruntime/l.dll", "");

        Layers.split(jar(all), directory.resolve("out"), "riscv");

        assertThat(content("out", Layers.LIBRARIES)).isEqualTo(new TreeMap<>(all));
    }

    private Path jar(Map<String, String> entries) throws IOException {
        Path jar = Files.createTempFile(directory, "whole", ".jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            put(out, JarFile.MANIFEST_NAME, MANIFEST);
            for (var entry : new TreeMap<>(entries).entrySet()) {
                put(out, entry.getKey(), entry.getValue());
            }
        }
        return jar;
    }

    private static void put(ZipOutputStream out, String name, String content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
        out.putNextEntry(entry);
        out.write(content.getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
    }

    private Map<String, String> content(String split, String jar) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (ZipFile zip = new ZipFile(directory.resolve(split).resolve(jar).toFile())) {
            for (var entries = zip.entries().asIterator(); entries.hasNext(); ) {
                ZipEntry entry = entries.next();
                try (InputStream in = zip.getInputStream(entry)) {
                    String unused = content.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        String manifest = content.remove(JarFile.MANIFEST_NAME);
        assertThat(manifest).isNotEmpty();
        return content;
    }

    private Attributes manifest(String jar) throws IOException {
        try (JarFile file = new JarFile(directory.resolve("out").resolve(jar).toFile())) {
            Manifest manifest = file.getManifest();
            assertThat(manifest).isNotNull();
            return manifest.getMainAttributes();
        }
    }
}
