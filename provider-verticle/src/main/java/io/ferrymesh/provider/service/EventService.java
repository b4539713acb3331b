package io.ferrymesh.provider.service;

import java.util.List;

/** What accounts are told. Every process of the provider answers alike. Failures are {@link ServiceException}s. */
public interface EventService {

    /**
     * What came after a number, in order; at most {@code limit}, 1 to 1,000. The oldest go when there are too many, so the first may
     * have a higher number than the one after the given.
     */
    List<AccountEvent> events(Account account, long after, int limit);
}
