package io.ferrymesh.provider.api;

import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.GrantService;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.UserStores;

/** What the API asks, on worker threads. */
public record ApiServices(
        AccountService accounts, GrantService grants, MigrationService migrations, UserStores stores) {}
