package io.ferrymesh.provider.api.exchange;

import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.web.Problem;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * What a request shows for itself. Prints without it.
 *
 * @param token an access token, good or not
 */
public record Bearer(String token) {

    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 4_096;

    /** From the one Authorization header; fails with 401 when there is none or another kind. */
    public static Bearer of(HttpServerRequest request) {
        List<String> headers = request.headers().getAll("Authorization");
        if (headers.size() == 1 && headers.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            String token = headers.get(0).substring(SCHEME.length()).strip();
            if (!token.isEmpty() && token.length() <= LONGEST) {
                return new Bearer(token);
            }
        }
        throw new Problem(
                401, "UNAUTHENTICATED", "a session's access token must be sent as Authorization: Bearer TOKEN");
    }

    /** Whose it is. Worker threads. */
    public Authenticated authenticate(AccountService accounts) {
        return accounts.authenticate(token);
    }

    @Override
    public String toString() {
        return "Bearer[***]";
    }
}
