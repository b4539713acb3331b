package io.ferrymesh.provider.accounts;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Which networks an account's owner logged in from lately, as MACs: those whom others cannot lock out. */
final class KnownNetworks {

    static final int MOST = 20;
    static final Duration REMEMBERED = Duration.ofDays(90);

    private final AccountSecrets secrets;
    private final boolean tellApart;

    /** None is known where addresses do not tell clients apart. */
    KnownNetworks(AccountSecrets secrets, boolean tellApart) {
        this.secrets = secrets;
        this.tellApart = tellApart;
    }

    /** Asked alike for a name that no account has. Never where everybody may be. */
    boolean isKnown(Handle handle, String name, byte[] network, long now) {
        return tellApart
                && Networks.isSomewhere(network)
                && handle.createQuery("SELECT COUNT(*) FROM known_network WHERE mac = :mac AND last_used_at > :since")
                                .bind("mac", mac(name, network))
                                .bind("since", now - REMEMBERED.toMillis())
                                .mapTo(Long.class)
                                .one()
                        > 0;
    }

    /** The owner has logged in from there. Where everybody may be is not remembered. */
    void remember(Handle handle, AccountTable.Row account, byte[] network, long now) {
        if (!tellApart || !Networks.isSomewhere(network)) {
            return;
        }
        int unused = handle.createUpdate(
                        "INSERT INTO known_network (mac, account, last_used_at) VALUES"
                                + " (:mac, :account, :now) ON CONFLICT (mac) DO UPDATE SET account = :account, last_used_at = :now")
                .bind("mac", mac(account.name(), network))
                .bind("account", account.id())
                .bind("now", now)
                .execute();
        int unusedForgotten = handle.createUpdate(
                        "DELETE FROM known_network WHERE account = :account AND mac NOT IN (SELECT"
                                + " mac FROM known_network WHERE account = :account ORDER BY last_used_at DESC LIMIT :most)")
                .bind("account", account.id())
                .bind("most", MOST)
                .execute();
    }

    private byte[] mac(String name, byte[] network) {
        return secrets.mac(AccountSecrets.Purpose.NETWORK, name.getBytes(StandardCharsets.UTF_8), network);
    }
}
