package io.ferrymesh.mesh.bus;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** What an attacker would have others make instances of. Each says so when that happens, and on which thread. */
final class Gadgets {

    /** The names of the threads on which something ran that should not have. */
    static final List<String> FIRED = new CopyOnWriteArrayList<>();

    private Gadgets() {}

    private static void fire() {
        FIRED.add(Thread.currentThread().getName());
    }

    /** Runs when it is read, called, and applied to an entry. */
    static final class OfJava
            implements Serializable, Callable<String>, Runnable, EntryProcessor<String, String, String> {
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            fire();
            in.defaultReadObject();
        }

        @Override
        public String call() {
            fire();
            return "ran";
        }

        @Override
        public void run() {
            fire();
        }

        @Override
        public String process(Map.Entry<String, String> entry) {
            fire();
            return "ran";
        }
    }

    /** Runs in its constructor. */
    public static final class OfJavaByName implements Externalizable {
        public OfJavaByName() {
            fire();
        }

        OfJavaByName(boolean silent) {}

        @Override
        public void writeExternal(ObjectOutput out) {}

        @Override
        public void readExternal(ObjectInput in) {
            fire();
        }
    }

    /** Hazelcast's own way: runs in its constructor. */
    public static final class OfHazelcast implements DataSerializable {
        public OfHazelcast() {
            fire();
        }

        OfHazelcast(boolean silent) {}

        @Override
        public void writeData(ObjectDataOutput out) {}

        @Override
        public void readData(ObjectDataInput in) {
            fire();
        }
    }

    /** Hazelcast's newer way, which takes any class. */
    public static final class OfHazelcastByFields {
        private int field = 1;

        public OfHazelcastByFields() {
            fire();
        }

        OfHazelcastByFields(int field) {
            this.field = field;
        }

        int field() {
            return field;
        }
    }

    /** What a map's configuration may name. */
    public static final class Listener implements EntryAddedListener<String, String> {
        public Listener() {
            fire();
        }

        @Override
        public void entryAdded(EntryEvent<String, String> event) {
            fire();
        }
    }
}
