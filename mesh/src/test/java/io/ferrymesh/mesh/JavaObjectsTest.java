package io.ferrymesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.internal.util.ConcurrentReferenceHashMap;
import com.hazelcast.spi.exception.TargetNotMemberException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class JavaObjectsTest {

    private static Object read(Object written) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(written);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            in.setObjectInputFilter(JavaObjects::check);
            return in.readObject();
        }
    }

    @Test
    void exceptions_between_members_are_read_with_all_that_they_consist_of() throws Exception {
        Exception failure = new ExecutionException("outer", new IllegalStateException("inner"));
        failure.addSuppressed(new IOException("and"));
        for (Exception each :
                List.of(failure, new HazelcastException("x", failure), new TargetNotMemberException("y"))) {
            assertThat((Exception) read(each)).hasSameClassAs(each).hasMessage(each.getMessage());
        }
    }

    @Test
    void nothing_else_is_read() {
        for (Object each : new Object[] {
            new File("x"),
            new HashMap<>(),
            new int[1],
            new Throwable[1],
            new ConcurrentReferenceHashMap<String, String>(),
            Thread.State.NEW,
            1L,
        }) {
            assertThatThrownBy(() -> read(each))
                    .isInstanceOf(InvalidClassException.class)
                    .hasMessageContaining("REJECTED");
        }
    }

    @Test
    void what_is_nested_too_deeply_is_not_read() {
        List<Object> deep = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            deep = new ArrayList<>(List.of(deep));
        }
        List<Object> deepest = deep;
        assertThatThrownBy(() -> read(deepest)).isInstanceOf(InvalidClassException.class);
    }

    @Test
    void every_class_is_there_under_its_name() throws ClassNotFoundException {
        for (String name : JavaObjects.CLASSES) {
            assertThat(Class.forName(name, false, JavaObjectsTest.class.getClassLoader()))
                    .hasToString(Class.forName(name).toString());
        }
    }
}
