package io.ferrymesh.provider.service;

/**
 * Somebody with data here.
 *
 * @param id never used twice
 * @param name as it was registered
 */
public record Account(AccountId id, String name) {}
