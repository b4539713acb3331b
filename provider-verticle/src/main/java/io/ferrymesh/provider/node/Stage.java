package io.ferrymesh.provider.node;

/** How far a process has come. */
enum Stage {
    STARTING,
    RUNNING,
    STOPPING
}
