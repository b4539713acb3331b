package io.ferrymesh.benchmarks.crypto;

import io.ferrymesh.scheme.CryptoProvider;

/** Chooses who computes for the scheme. A JVM decides once, so each choice needs a fork of its own. */
final class Providers {

    static final String CORRETTO = "corretto";
    static final String BOUNCY_CASTLE = "bouncycastle";

    private Providers() {}

    /** Chooses, and fails if this JVM had already decided otherwise: then the numbers would carry a wrong name. */
    static void choose(String name) {
        System.setProperty(CryptoProvider.PROPERTY, name);
        String chosen = CryptoProvider.description();
        boolean corretto = chosen.contains("Corretto");
        if (corretto != name.equals(CORRETTO)) {
            throw new IllegalStateException("wanted " + name + ", but this JVM computes with " + chosen);
        }
    }
}
