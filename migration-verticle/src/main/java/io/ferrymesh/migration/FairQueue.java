package io.ferrymesh.migration;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;

/**
 * Tasks of many migrations of many owners, taken so that owners that have something to do get the same time, and so do the
 * migrations of one owner: whoever has used least goes first, and nobody saves up time while there is nothing to do. Tasks of
 * one migration keep their order. Any thread.
 */
final class FairQueue {

    private static final Comparator<Node> LEAST_USED =
            Comparator.<Node>comparingLong(node -> node.used).thenComparingLong(node -> node.number);

    // under this
    private final Map<String, Node> owners = new HashMap<>();
    private final Node root = new Node(null, 0);
    private long numbers;

    /** The share of one migration. */
    final class Share implements AutoCloseable {

        private final String owner;
        private final Node node;
        private boolean closed; // under the queue

        private Share(String owner, Node node) {
            this.owner = owner;
            this.node = node;
        }

        /** Lets its owner be forgotten with the last of its shares. What waits is still run. */
        @Override
        public void close() {
            leave(this);
        }
    }

    /**
     * A task whose turn it is.
     *
     * @param share whose it is, to be charged for it
     * @param charged what it has been charged beforehand
     */
    record Turn(Share share, Runnable task, long charged) {}

    /** An owner, or a migration of one. */
    private static final class Node {
        final Node parent;
        final long number;
        final TreeSet<Node> ready = new TreeSet<>(LEAST_USED);
        final Queue<Waiting> tasks = new ArrayDeque<>();
        long used;
        long floor; // what those who were served last had used
        long usual; // what one task has cost of late
        int shares;

        Node(@org.jspecify.annotations.Nullable Node parent, long number) {
            this.parent = parent == null ? this : parent;
            this.number = number;
        }

        boolean isRoot() {
            return parent == this;
        }

        boolean isIdle() {
            return tasks.isEmpty() && ready.isEmpty();
        }
    }

    private record Waiting(Share share, Runnable task) {}

    /** One more migration of an owner. */
    synchronized Share share(String owner) {
        Node of = owners.computeIfAbsent(owner, name -> new Node(root, ++numbers));
        of.shares++;
        return new Share(owner, new Node(of, ++numbers));
    }

    synchronized void add(Share share, Runnable task) {
        boolean wasIdle = share.node.isIdle();
        share.node.tasks.add(new Waiting(share, task));
        for (Node node = share.node; wasIdle && !node.isRoot(); node = node.parent) {
            wasIdle = node.parent.isIdle();
            node.used = Math.max(node.used, node.parent.floor);
            node.parent.ready.add(node);
        }
    }

    /** The next task; it is charged what the last ones of its migration have cost, until {@link #charge} says better. */
    synchronized Optional<Turn> poll() {
        if (root.isIdle()) {
            return Optional.empty();
        }
        Node node = root;
        while (node.tasks.isEmpty()) {
            Node next = node.ready.first();
            node.floor = Math.max(node.floor, next.used);
            node = next;
        }
        Waiting waiting = node.tasks.remove();
        for (Node idle = node; idle.isIdle() && !idle.isRoot(); idle = idle.parent) {
            boolean unused = idle.parent.ready.remove(idle);
        }
        use(node, node.usual);
        return Optional.of(new Turn(waiting.share, waiting.task, node.usual));
    }

    /** Notes what a task has really cost. */
    synchronized void charge(Turn turn, long nanos) {
        Node node = turn.share.node;
        node.usual = (3 * node.usual + nanos) / 4;
        use(node, nanos - turn.charged);
    }

    /** How many owners have a share. */
    synchronized int owners() {
        return owners.size();
    }

    private void use(Node leaf, long nanos) {
        for (Node node = leaf; !node.isRoot(); node = node.parent) {
            boolean ready = node.parent.ready.remove(node);
            node.used = Math.max(0, node.used + nanos);
            if (ready) {
                node.parent.ready.add(node);
            }
        }
    }

    private synchronized void leave(Share share) {
        if (!share.closed) {
            share.closed = true;
            if (--share.node.parent.shares == 0) {
                owners.remove(share.owner);
            }
        }
    }
}
