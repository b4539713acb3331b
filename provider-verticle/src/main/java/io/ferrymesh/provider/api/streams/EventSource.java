package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.SessionInfo;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where the events of a stream come from. Worker threads. */
interface EventSource {

    /** Most events that are asked for at once. */
    int PAGE = 100;

    /** An event that is kept. */
    record Item(long number, String type, JsonObject data) {}

    /**
     * What is new, and how things stand.
     *
     * @param after the number that the events come after
     * @param progress not earlier than the last event, unless there are more; empty where there is none to tell
     * @param isLast whether nothing more comes unless somebody begins it again
     */
    record News(long after, List<Item> events, Optional<JsonObject> progress, boolean isLast) {}

    /** What came after a number. */
    News news(long after);

    /** Whose they are. */
    Account account();

    AccountService accounts();

    /** Names of the account's sessions. */
    default Set<String> liveSessions() {
        return accounts().sessions(account()).stream().map(SessionInfo::id).collect(Collectors.toUnmodifiableSet());
    }
}
