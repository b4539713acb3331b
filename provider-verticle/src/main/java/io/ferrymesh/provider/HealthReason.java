package io.ferrymesh.provider;

/**
 * Why the provider is not as it should be.
 *
 * @param code for machines
 * @param detail for people; anybody may read it
 * @param lasting stays until the provider is started anew, because somebody should look into it
 */
public record HealthReason(String code, String detail, boolean lasting) {

    /** One that goes away when its cause does. */
    HealthReason(String code, String detail) {
        this(code, detail, false);
    }

    /** One that stays. */
    public static HealthReason lasting(String code, String detail) {
        return new HealthReason(code, detail, true);
    }
}
