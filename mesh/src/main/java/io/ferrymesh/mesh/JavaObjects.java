package io.ferrymesh.mesh;

import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.FilterInfo;
import java.io.ObjectInputFilter.Status;
import java.util.List;
import java.util.Set;

/**
 * The Java objects that are read from other processes: none of this project's, only the exceptions that Hazelcast's members
 * send each other when an operation fails, what these consist of, and the state that a cluster is in. All of them are data; reading one runs no code but
 * its own constructor's and the JDK's collections'.
 */
public final class JavaObjects {

    /** Their classes, by name. Whatever is not here is refused before an instance of it is made. */
    public static final Set<String> CLASSES = Set.copyOf(List.of(
            "java.lang.StackTraceElement",
            "[Ljava.lang.StackTraceElement;",
            "java.lang.Throwable",
            "java.lang.Exception",
            "java.lang.RuntimeException",
            "java.lang.Error",
            "java.lang.LinkageError",
            "java.lang.VirtualMachineError",
            "java.lang.OutOfMemoryError",
            "java.lang.StackOverflowError",
            "java.lang.AssertionError",
            "java.lang.ArithmeticException",
            "java.lang.ArrayIndexOutOfBoundsException",
            "java.lang.ClassCastException",
            "java.lang.IllegalArgumentException",
            "java.lang.IllegalMonitorStateException",
            "java.lang.IllegalStateException",
            "java.lang.IndexOutOfBoundsException",
            "java.lang.InterruptedException",
            "java.lang.NegativeArraySizeException",
            "java.lang.NullPointerException",
            "java.lang.NumberFormatException",
            "java.lang.ReflectiveOperationException",
            "java.lang.ClassNotFoundException",
            "java.lang.SecurityException",
            "java.lang.UnsupportedOperationException",
            "java.io.IOException",
            "java.io.EOFException",
            "java.io.UTFDataFormatException",
            "java.io.ObjectStreamException",
            "java.io.InvalidClassException",
            "java.io.NotSerializableException",
            "java.net.SocketException",
            "java.net.ConnectException",
            "java.security.AccessControlException",
            "java.util.ArrayList",
            "java.util.Collections$EmptyList",
            "java.util.Collections$UnmodifiableCollection",
            "java.util.Collections$UnmodifiableList",
            "java.util.ConcurrentModificationException",
            "java.util.NoSuchElementException",
            "java.util.UUID",
            "java.util.concurrent.CancellationException",
            "java.util.concurrent.CompletionException",
            "java.util.concurrent.ExecutionException",
            "java.util.concurrent.RejectedExecutionException",
            "java.util.concurrent.TimeoutException",
            // What a part of a divided cluster tells its members before it joins the other.
            "java.lang.Enum",
            "com.hazelcast.cluster.ClusterState",
            "com.hazelcast.core.ConsistencyLostException",
            "com.hazelcast.core.HazelcastException",
            "com.hazelcast.core.HazelcastInstanceNotActiveException",
            "com.hazelcast.core.HazelcastOverloadException",
            "com.hazelcast.core.IndeterminateOperationStateException",
            "com.hazelcast.core.LocalMemberResetException",
            "com.hazelcast.core.MemberLeftException",
            "com.hazelcast.core.OperationTimeoutException",
            "com.hazelcast.internal.cluster.impl.ClusterTopologyChangedException",
            "com.hazelcast.internal.cluster.impl.ConfigMismatchException",
            "com.hazelcast.internal.cluster.impl.VersionMismatchException",
            "com.hazelcast.internal.partition.PartitionStateVersionMismatchException",
            "com.hazelcast.map.ReachedMaxSizeException",
            "com.hazelcast.nio.serialization.HazelcastSerializationException",
            "com.hazelcast.partition.NoDataMemberInClusterException",
            "com.hazelcast.query.QueryException",
            "com.hazelcast.spi.exception.CallerNotMemberException",
            "com.hazelcast.spi.exception.DistributedObjectDestroyedException",
            "com.hazelcast.spi.exception.PartitionMigratingException",
            "com.hazelcast.spi.exception.ResponseAlreadySentException",
            "com.hazelcast.spi.exception.RetryableHazelcastException",
            "com.hazelcast.spi.exception.RetryableIOException",
            "com.hazelcast.spi.exception.ServiceNotFoundException",
            "com.hazelcast.spi.exception.TargetDisconnectedException",
            "com.hazelcast.spi.exception.TargetNotMemberException",
            "com.hazelcast.spi.exception.WrongTargetException",
            "com.hazelcast.splitbrainprotection.SplitBrainProtectionException",
            "com.hazelcast.transaction.TransactionException",
            "com.hazelcast.version.MemberVersion"));

    private static final int MAX_DEPTH = 64;
    private static final int MAX_REFERENCES = 65_536;
    private static final int MAX_ARRAY = 65_536;

    private JavaObjects() {}

    /**
     * Refuses all others in the whole JVM, whoever reads them. Leaves a filter alone that the JVM has already, such as one
     * that the operator set with {@code -Djdk.serialFilter}. For a program's start; remote JMX does not work after it.
     */
    public static synchronized void refuseOthers() {
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            ObjectInputFilter.Config.setSerialFilter(JavaObjects::check);
        }
    }

    static Status check(FilterInfo info) {
        Class<?> type = info.serialClass();
        if (info.depth() > MAX_DEPTH || info.references() > MAX_REFERENCES || info.arrayLength() > MAX_ARRAY) {
            return Status.REJECTED;
        }
        return type == null || isRead(type) ? Status.UNDECIDED : Status.REJECTED;
    }

    /** ArrayList asks for the array it keeps its elements in. */
    private static boolean isRead(Class<?> type) {
        return CLASSES.contains(type.getName()) || type == Object[].class || type == String.class;
    }
}
