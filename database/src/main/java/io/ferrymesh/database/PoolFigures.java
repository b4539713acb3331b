package io.ferrymesh.database;

/**
 * How a pool of connections stands.
 *
 * @param name {@code readers} or {@code writers}
 * @param active connections at work
 * @param idle connections that wait for work
 * @param waiting threads that wait for a connection
 */
public record PoolFigures(String name, int active, int idle, int waiting) {}
