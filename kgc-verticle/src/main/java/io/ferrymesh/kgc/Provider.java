package io.ferrymesh.kgc;

/**
 * An enrolled provider.
 *
 * @param number in the order of enrolment, from 1
 * @param name what the operator called it when making its token
 */
public record Provider(long number, String name) {}
