package io.ferrymesh.stores.s3;

/** A pair of keys. Prints without the secret. */
public record S3Credentials(String accessKey, String secretKey) {

    /** Refuses what no server takes. */
    public S3Credentials {
        if (accessKey.isBlank()) {
            throw new IllegalArgumentException("accessKey must not be empty");
        }
        if (secretKey.isBlank()) {
            throw new IllegalArgumentException("secretKey must not be empty");
        }
    }

    @Override
    public String toString() {
        return "S3Credentials[accessKey=" + accessKey + ", secretKey=***]";
    }
}
