package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountEvent;
import io.ferrymesh.provider.service.EventService;
import java.util.List;

/** What accounts are told, as they ask for it. Blocking. */
record Events(Database database) implements EventService {

    @Override
    public List<AccountEvent> events(Account account, long after, int limit) {
        int most = Checks.limit(limit);
        return Checks.translated(
                database, () -> database.read(handle -> AccountEvents.after(handle, account.id(), after, most)));
    }
}
