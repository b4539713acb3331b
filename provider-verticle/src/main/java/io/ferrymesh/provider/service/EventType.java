package io.ferrymesh.provider.service;

/** What happened. The names are part of the API. */
public enum EventType {
    /** Somebody who holds the grant's key, and is a provider, began to fetch. */
    GRANT_USED("grant.used"),
    /** What began so has stopped and may go on: it was paused, or goes on at another process. */
    GRANT_WAITING("grant.waiting"),
    /** Both ends have signed for what left. */
    GRANT_COMPLETED("grant.completed"),
    /** What began so has failed; the destination may begin again. */
    GRANT_FAILED("grant.failed"),
    /** Somebody tried to use the grant and was refused, so many times since this was told last. */
    GRANT_REFUSED("grant.refused"),
    GRANT_WITHDRAWN("grant.withdrawn"),
    GRANT_EXPIRED("grant.expired"),
    /** What has arrived is erased here, but for what has changed since or could not be. */
    GRANT_MOVED("grant.moved"),
    /** A migration's state is another one. */
    MIGRATION_STATE("migration.state"),
    /** There is no room in the account's journals: what arrives from now on in this run, the next run looks at again. */
    MIGRATION_UNJOURNALED("migration.unjournaled"),
    /** What the source has not got is removed, or is left for a reason. */
    MIGRATION_MIRRORED("migration.mirrored"),
    /** A webhook could not be told of so many events, and will not be. */
    WEBHOOK_DROPPED("webhook.dropped");

    private final String text;

    EventType(String text) {
        this.text = text;
    }

    /** As the API and the database have it. */
    public String text() {
        return text;
    }

    /** The one of a text; IllegalArgumentException when there is none. */
    public static EventType of(String text) {
        for (EventType each : values()) {
            if (each.text.equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("no type of event: " + text);
    }
}
