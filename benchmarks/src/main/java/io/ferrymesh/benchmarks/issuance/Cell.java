package io.ferrymesh.benchmarks.issuance;

import java.util.List;

/**
 * What was measured for one size of request and so many requests at once.
 *
 * @param batch certificates in a request
 * @param atOnce requests that wait for an answer at any time
 * @param certificatesPerSecond in the measured time
 * @param requestsPerSecond likewise
 * @param medianMs from sending a request to its answer
 * @param p99Ms likewise, of all but one in a hundred
 * @param centreCpuMsPerCertificate of the key centre's process
 * @param centreCores how many cores' time the key centre used
 */
record Cell(
        int batch,
        int atOnce,
        double certificatesPerSecond,
        double requestsPerSecond,
        double medianMs,
        double p99Ms,
        double centreCpuMsPerCertificate,
        double centreCores) {

    static Cell of(int batch, int atOnce, double seconds, double centreCpuSeconds, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalStateException("no request of " + batch + " was answered in " + seconds + " s");
        }
        double requests = sorted.size() / seconds;
        double certificates = sorted.size() * (double) batch;
        return new Cell(
                batch,
                atOnce,
                certificates / seconds,
                requests,
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * 99L / 100)) / 1e6,
                centreCpuSeconds * 1_000 / certificates,
                centreCpuSeconds / seconds);
    }
}
