package io.ferrymesh.stores.webdav;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A user's name and password, sent as in RFC 7617 with every request. Does not print the password. */
public record WebDavLogin(String user, String password) {

    /** Refuses a name that the scheme cannot carry. */
    public WebDavLogin {
        if (user.isEmpty() || user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user must not be empty and must not hold a colon: " + user);
        }
        if ((user + password).chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("user and password must not hold control characters");
        }
    }

    String authorization() {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
        return "WebDavLogin[user=" + user + ", password=***]";
    }
}
