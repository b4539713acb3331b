package io.ferrymesh.provider.api.exchange;

/**
 * Who waits behind whom.
 *
 * @param workers for whoever is logged in, and no more than to tell who that is
 * @param shares of the workers, for what an account asks for
 * @param passwords where passwords are looked at, which takes long
 * @param registrations for new accounts, which wait for the store
 * @param strangers for whoever has not shown an access token and gives no password: passkeys are looked at here
 */
public record Pools(Workers workers, Shares shares, Workers passwords, Workers registrations, Workers strangers) {}
