package io.ferrymesh.provider.service;

/** An account's number, from 1. */
public record AccountId(long value) {

    public AccountId {
        if (value < 1) {
            throw new IllegalArgumentException("an account's number is at least 1: " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
