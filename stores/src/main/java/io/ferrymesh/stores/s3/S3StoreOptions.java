package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectPath;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a bucket is and how to talk to its server.
 *
 * @param endpoint of a server that is not Amazon's, {@code http} or {@code https}, without a path
 * @param region that requests are signed for; servers that have none take any, {@code us-east-1} as a rule
 * @param bucket its name; it must exist
 * @param prefix what every key starts with: empty, or parts each followed by {@code /}
 * @param pathStyle whether the bucket's name goes into the path instead of the host's name
 * @param credentials the keys; without them the SDK's default chain: environment, system properties, profile, container,
 *     instance
 * @param partSize of a multipart upload in bytes, {@link #SMALL_PARTS} or {@link #LARGE_PARTS}; what is smaller goes in one
 *     request
 * @param maxConnections to the server at once, 1 to 1,000
 * @param checksums whether uploads carry a CRC-32C that the server checks; off only for a server that refuses it
 */
public record S3StoreOptions(
        Optional<URI> endpoint,
        String region,
        String bucket,
        String prefix,
        boolean pathStyle,
        Optional<S3Credentials> credentials,
        int partSize,
        int maxConnections,
        boolean checksums) {

    /** Half a segment: the usual choice. */
    public static final int SMALL_PARTS = 8 << 20;

    /** A segment. Used by itself for objects of more than 10,000 small parts. */
    public static final int LARGE_PARTS = 16 << 20;

    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,64}");
    private static final int MOST_CONNECTIONS = 1_000;
    private static final int MOST_PREFIX_BYTES = 512;

    /** Refuses what cannot work. */
    public S3StoreOptions {
        endpoint.ifPresent(S3StoreOptions::checkEndpoint);
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("region must be 1 to 64 of a-z, 0-9 and -: " + region);
        }
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("bucket must be 3 to 63 letters, digits, dots, _ and -: " + bucket);
        }
        checkPrefix(prefix);
        if (partSize != SMALL_PARTS && partSize != LARGE_PARTS) {
            throw new IllegalArgumentException(
                    "partSize must be " + SMALL_PARTS + " or " + LARGE_PARTS + ": " + partSize);
        }
        if (maxConnections < 1 || maxConnections > MOST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "maxConnections must be 1 to " + MOST_CONNECTIONS + ": " + maxConnections);
        }
    }

    /** A bucket of Amazon's with the default chain's credentials; the {@code with} methods change that. */
    public static S3StoreOptions of(String region, String bucket) {
        return new S3StoreOptions(Optional.empty(), region, bucket, "", false, Optional.empty(), SMALL_PARTS, 64, true);
    }

    /** The same on another server, which is asked by path style. */
    public S3StoreOptions withServer(URI newEndpoint, S3Credentials newCredentials) {
        return new S3StoreOptions(
                Optional.of(newEndpoint),
                region,
                bucket,
                prefix,
                true,
                Optional.of(newCredentials),
                partSize,
                maxConnections,
                checksums);
    }

    /** The same below a prefix. */
    public S3StoreOptions withPrefix(String newPrefix) {
        return new S3StoreOptions(
                endpoint, region, bucket, newPrefix, pathStyle, credentials, partSize, maxConnections, checksums);
    }

    private static void checkEndpoint(URI endpoint) {
        boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        String path = endpoint.getPath();
        if (!http || endpoint.getHost() == null || !(path == null || path.isEmpty() || path.equals("/"))) {
            throw new IllegalArgumentException("endpoint must be http://host:port or https://host:port: " + endpoint);
        }
    }

    private static void checkPrefix(String prefix) {
        if (prefix.isEmpty()) {
            return;
        }
        String problem =
                "prefix must be empty, or parts each followed by /, of at most " + MOST_PREFIX_BYTES + " bytes: ";
        try {
            ObjectPath path = ObjectPath.of(prefix);
            if (!path.isDirectory() || path.length() > MOST_PREFIX_BYTES) {
                throw new IllegalArgumentException(problem + prefix);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(problem + prefix, e);
        }
    }
}
