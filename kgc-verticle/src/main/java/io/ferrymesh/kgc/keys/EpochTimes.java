package io.ferrymesh.kgc.keys;

/**
 * What an epoch's secrets are sealed with, so that nobody who can write to the database can prolong an old key or bring a new one
 * forward. Times are epoch seconds.
 *
 * @param number of the epoch, from 2
 * @param activeFrom from when it is in force
 * @param predecessorRetires until when the epoch before is trusted
 */
public record EpochTimes(int number, long activeFrom, long predecessorRetires) {}
