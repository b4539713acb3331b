package io.ferrymesh.benchmarks.http;

import io.ferrymesh.benchmarks.transfer.Side;
import java.net.URI;
import java.util.Map;

/**
 * A server that large objects are put to and got from.
 *
 * @param name what results call it
 * @param base a URI that an object's name is put behind
 * @param headers of every request
 * @param digests whether it checks an upload's digest and answers with it
 * @param durable whether what it has answered for survives a power cut
 * @param side its processes
 */
record WebTarget(String name, URI base, Map<String, String> headers, boolean digests, boolean durable, Side side) {

    URI uri(String object) {
        return URI.create(base + object);
    }
}
