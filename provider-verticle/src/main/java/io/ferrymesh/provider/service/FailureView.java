package io.ferrymesh.provider.service;

/**
 * What stopped a migration.
 *
 * @param code of the project's closed set
 * @param message for the user
 */
public record FailureView(String code, String message) {}
