package io.ferrymesh.provider.work;

import java.util.Map;

/**
 * What the runs of migrations that this process drove came to since it started.
 *
 * @param ended runs by how they ended: COMPLETED or a code
 * @param retried those of them that are begun again by themselves, by code
 * @param objectsMoved objects that were sent, verified and stored
 * @param objectsFailed objects that did not arrive, each as often as a run ended without it
 * @param bytesMoved bytes received, of unfinished objects too
 */
public record RunFigures(
        Map<String, Long> ended, Map<String, Long> retried, long objectsMoved, long objectsFailed, long bytesMoved) {

    /** Keeps its own copy. */
    public RunFigures {
        ended = Map.copyOf(ended);
        retried = Map.copyOf(retried);
    }
}
