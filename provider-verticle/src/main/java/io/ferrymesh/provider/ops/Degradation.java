package io.ferrymesh.provider.ops;

/**
 * Something that does not work, while the provider goes on with the rest.
 *
 * @param code for machines
 * @param detail for people; it names no user, path or secret
 */
public record Degradation(String code, String detail) {}
