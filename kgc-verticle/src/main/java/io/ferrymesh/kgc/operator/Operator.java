package io.ferrymesh.kgc.operator;

/** Who asks: known by a bearer token. */
public record Operator(String name, Role role) {}
