package io.ferrymesh.mesh.bus;

import io.ferrymesh.mesh.JavaObjects;
import java.util.Set;

/**
 * Finds for Hazelcast the classes that it may make instances of by a name that another member, or a file, says: its own and
 * what Vert.x keeps in its maps. Others it is denied, whether or not they would have been read.
 */
final class HazelcastClasses extends ClassLoader {

    static final HazelcastClasses ONLY = new HazelcastClasses();

    private static final Set<String> OF_VERTX = Set.of(
            "io.vertx.spi.cluster.hazelcast.impl.HazelcastNodeInfo",
            "io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo");

    private HazelcastClasses() {
        super("hazelcast-classes", HazelcastClasses.class.getClassLoader());
    }

    /**
     * Finds it.
     *
     * @throws ClassNotFoundException when there is none of that name. Hazelcast then asks other class loaders
     * @throws SecurityException when there is and it is denied, so that it does not
     */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        Class<?> found = super.loadClass(name, resolve);
        if (isAllowed(name)) {
            return found;
        }
        throw new SecurityException("not a class that Hazelcast may load by its name: " + name);
    }

    private static boolean isAllowed(String name) {
        return (name.startsWith("com.hazelcast.") && !name.startsWith("com.hazelcast.shaded."))
                || OF_VERTX.contains(name)
                || JavaObjects.CLASSES.contains(name);
    }
}
