package io.ferrymesh.migration;

/** Waiting by the engine's timers. */
final class Timers {

    private Timers() {}

    static Later of(EngineContext engine) {
        return (delayMs, task) -> {
            EngineRuntime.Timer unused = engine.runtime().after(delayMs, task);
        };
    }
}
