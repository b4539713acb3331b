package io.ferrymesh.provider.accounts;

import io.ferrymesh.database.Database;
import java.time.Clock;

/** What the ways to log in share. */
record Parts(
        Database database,
        AccountOptions options,
        Clock clock,
        AccountSecrets secrets,
        PasswordHasher hasher,
        Throttle throttle,
        KnownNetworks networks,
        Devices devices,
        Sessions sessions,
        NewAccounts accounts,
        AccountMetrics metrics) {}
