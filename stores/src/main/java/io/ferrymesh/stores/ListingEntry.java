package io.ferrymesh.stores;

/** One line of a listing: an object, or something that cannot be one. */
public sealed interface ListingEntry permits ObjectInfo, Skipped {}
