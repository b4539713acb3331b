package io.ferrymesh.provider.service;

/** Whose request it is, and in which of their sessions. */
public record Authenticated(Account account, String sessionId) {}
