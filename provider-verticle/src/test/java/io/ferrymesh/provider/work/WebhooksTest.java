package io.ferrymesh.provider.work;

import static io.ferrymesh.provider.work.GrantWorkTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountEvent;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.WebhookService.Kept;
import io.ferrymesh.provider.service.WebhookView;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Webhooks of a provider with two processes. */
@OnEachDatabase
class WebhooksTest {

    private static final String URL = "https://hooks.example.org/ferrymesh";

    private final Site site;
    private final Account alice;
    private final Account bob;
    private final Webhooks webhooks;
    private final Sender sender = new Sender();
    private final WebhookOutbox one;
    private final WebhookOutbox two;

    WebhooksTest(TestDatabase databases) {
        site = new Site(databases);
        alice = site.account(1);
        bob = site.account(2);
        one = outbox();
        two = outbox();
        webhooks = new Webhooks(site.database, Site.SEAL, site.clock(), new SecureRandom(), one::sender);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void an_event_is_posted_once_with_a_signature_that_its_owner_can_check() throws Exception {
        Kept kept = webhooks.put(alice, "mine", URL, Set.of());
        happens(alice, EventType.GRANT_USED);
        one.look();
        two.look();
        one.look();

        assertThat(sender.posts).hasSize(1);
        Post post = sender.posts.get(0);
        assertThat(post.url()).isEqualTo(URI.create(URL));
        JsonObject body = new JsonObject(post.body());
        assertThat(body.getString("type")).isEqualTo("grant.used");
        assertThat(body.getLong("number")).isEqualTo(1);
        assertThat(body.getString("migrationId")).isEqualTo("0".repeat(32));
        assertThat(post.header("webhook-timestamp"))
                .isEqualTo(Long.toString(site.now().getEpochSecond()));
        assertThat(post.header("webhook-signature")).isEqualTo(signature(kept, post));
        assertThat(shown(alice).deliveredAt()).contains(site.now());
        assertThat(shown(alice).waiting()).isZero();
    }

    @Test
    void the_secret_is_shown_once_and_stays_when_the_webhook_is_changed() {
        Kept made = webhooks.put(alice, "mine", URL, Set.of());
        assertThat(made.fresh()).isTrue();
        assertThat(made.secret().orElseThrow()).startsWith("whsec_");
        assertThat(made.toString()).doesNotContain("whsec_");
        Kept changed = webhooks.put(alice, "mine", URL + "/2", Set.of(EventType.GRANT_USED));
        assertThat(changed.fresh()).isFalse();
        assertThat(changed.secret()).isEmpty();
        assertThat(changed.webhook().url()).isEqualTo(URI.create(URL + "/2"));
        assertThat(webhooks.list(alice)).containsExactly(changed.webhook());
        assertThat(webhooks.list(bob)).isEmpty();

        happens(alice, EventType.GRANT_USED);
        one.look();
        assertThat(sender.posts.get(0).header("webhook-signature")).isEqualTo(signature(made, sender.posts.get(0)));
    }

    @Test
    void one_that_fails_is_tried_at_once_when_it_is_changed_and_still_counts_as_failing() {
        var unused = webhooks.put(alice, "mine", URL, Set.of());
        happens(alice, EventType.GRANT_USED);
        sender.answer = () -> Future.succeededFuture(500);
        one.look();
        var unusedToo = webhooks.put(alice, "mine", URL + "/2", Set.of());

        assertThat(site.count("SELECT failures FROM webhook")).isEqualTo(1);
        assertThat(site.count("SELECT due_at FROM webhook")).isZero();
    }

    @Test
    void only_the_events_that_are_wanted_and_only_those_of_the_account_are_told() {
        var unused = webhooks.put(alice, "some", URL, Set.of(EventType.GRANT_EXPIRED, EventType.GRANT_REFUSED));
        happens(alice, EventType.GRANT_USED);
        happens(alice, EventType.GRANT_EXPIRED);
        happens(bob, EventType.GRANT_EXPIRED);
        one.look();
        one.look();
        assertThat(sender.posts).hasSize(1);
        assertThat(new JsonObject(sender.posts.get(0).body()).getString("type")).isEqualTo("grant.expired");
    }

    @Test
    void what_is_not_taken_is_tried_again_later_and_later_with_the_same_id() {
        var unused = webhooks.put(alice, "mine", URL, Set.of());
        happens(alice, EventType.GRANT_USED);
        sender.answer = () -> Future.succeededFuture(302);
        one.look();
        assertThat(shown(alice).lastError()).contains("it answered 302");
        assertThat(shown(alice).waiting()).isEqualTo(1);
        site.pass(7_000);
        one.look();
        assertThat(sender.posts).hasSize(1);
        sender.answer = () -> Future.failedFuture(new IllegalStateException("secret.internal refused"));
        site.pass(3_000);
        one.look();
        assertThat(sender.posts).hasSize(2);
        assertThat(shown(alice).lastError()).contains("it did not answer");
        sender.answer = () -> Future.succeededFuture(204);
        site.pass(14_000);
        one.look();
        assertThat(sender.posts).hasSize(2);
        site.pass(6_000);
        two.look();
        assertThat(sender.posts).hasSize(3);
        assertThat(sender.posts.stream().map(post -> post.header("webhook-id")).distinct())
                .hasSize(1);
        assertThat(shown(alice).lastError()).isEmpty();
    }

    @Test
    void after_a_day_it_is_given_up_and_the_account_is_told() {
        var unused = webhooks.put(alice, "mine", URL, Set.of());
        happens(alice, EventType.GRANT_USED);
        happens(alice, EventType.GRANT_FAILED);
        sender.answer = () -> Future.succeededFuture(500);
        one.look();
        site.pass(24L * 3_600_000 + 1);
        two.look();

        assertThat(shown(alice).waiting()).isZero();
        List<AccountEvent> events = new Events(site.database).events(alice, 0, 10);
        AccountEvent dropped = events.get(events.size() - 1);
        assertThat(dropped.type()).isEqualTo(EventType.WEBHOOK_DROPPED);
        assertThat(dropped.count()).hasValue(2);
        assertThat(dropped.webhook()).contains("mine");
        int before = sender.posts.size();
        one.look();
        assertThat(sender.posts).hasSize(before);
    }

    @Test
    void one_that_does_not_answer_keeps_no_other_waiting() {
        Promise<Integer> never = Promise.promise();
        var unused = webhooks.put(alice, "slow", URL, Set.of());
        happens(alice, EventType.GRANT_USED);
        happens(alice, EventType.GRANT_FAILED);
        sender.answer = never::future;
        one.look();
        one.look();
        assertThat(sender.posts).hasSize(1);
        sender.answer = () -> Future.succeededFuture(200);
        var unusedToo = webhooks.put(bob, "quick", URL, Set.of());
        happens(bob, EventType.GRANT_USED);
        one.look();
        assertThat(sender.posts).hasSize(2);
        never.complete(200);
        one.look();
        assertThat(sender.posts).hasSize(3);
        assertThat(shown(alice).waiting()).isZero();
    }

    @Test
    void an_account_has_one_try_under_way_and_one_that_fails_rests_as_a_whole() {
        var unused = webhooks.put(alice, "one", URL, Set.of());
        var unusedToo = webhooks.put(alice, "two", URL + "/2", Set.of());
        happens(alice, EventType.GRANT_USED);
        happens(alice, EventType.GRANT_FAILED);
        Promise<Integer> never = Promise.promise();
        sender.answer = never::future;
        one.look();
        one.look();
        assertThat(sender.posts).hasSize(1);
        never.complete(500);
        sender.answer = () -> Future.succeededFuture(500);
        for (int i = 0; i < 5; i++) {
            one.look();
        }

        assertThat(sender.posts).extracting(Post::url).containsExactly(URI.create(URL), URI.create(URL + "/2"));
    }

    @Test
    void webhooks_that_fail_leave_places_for_those_that_do_not() {
        sender.answer = () -> Future.succeededFuture(500);
        for (int i = 3; i < 100; i++) {
            Account tarpit = site.account(i);
            var unused = webhooks.put(tarpit, "tarpit", URL, Set.of());
            happens(tarpit, EventType.GRANT_USED);
        }
        one.look();
        two.look();
        site.pass(60_000);
        sender.answer = () -> Promise.<Integer>promise().future();
        int before = sender.posts.size();
        one.look();
        assertThat(sender.posts).hasSize(before + 16);
        sender.answer = () -> Future.succeededFuture(200);
        var unused = webhooks.put(bob, "quick", URL + "/bob", Set.of());
        happens(bob, EventType.GRANT_USED);

        one.look();

        assertThat(sender.posts).extracting(Post::url).contains(URI.create(URL + "/bob"));
    }

    @Test
    void what_is_numbered_again_after_a_restore_has_another_id() {
        var unused = webhooks.put(alice, "mine", URL, Set.of());
        happens(alice, EventType.GRANT_USED);
        one.look();
        int unusedToo = site.database.transaction(handle -> handle.execute("DELETE FROM account_event")
                + handle.execute("DELETE FROM audit_entry")
                + handle.execute("DELETE FROM event_count"));
        happens(alice, EventType.GRANT_USED);
        one.look();

        assertThat(sender.posts.stream().map(post -> new JsonObject(post.body()).getLong("number")))
                .containsExactly(1L, 1L);
        assertThat(sender.posts.stream().map(post -> post.header("webhook-id")).distinct())
                .hasSize(2);
    }

    @Test
    void what_a_process_took_with_it_is_sent_by_another_after_a_minute() {
        var unused = webhooks.put(alice, "mine", URL, Set.of());
        happens(alice, EventType.GRANT_USED);
        Promise<Integer> never = Promise.promise();
        sender.answer = never::future;
        one.look();
        sender.answer = () -> Future.succeededFuture(200);
        site.pass(59_999);
        two.look();
        assertThat(sender.posts).hasSize(1);
        site.pass(1);
        two.look();
        assertThat(sender.posts).hasSize(2);
    }

    @Test
    void a_removed_webhook_is_told_nothing_more() {
        var unused = webhooks.put(alice, "mine", URL, Set.of());
        happens(alice, EventType.GRANT_USED);
        assertRefused(ServiceError.NOT_FOUND, () -> webhooks.remove(bob, "mine"));
        webhooks.remove(alice, "mine");
        one.look();
        assertThat(sender.posts).isEmpty();
        assertRefused(ServiceError.NOT_FOUND, () -> webhooks.remove(alice, "mine"));
    }

    @Test
    void an_account_has_five_and_none_where_nothing_may_be_sent() {
        for (int i = 0; i < 5; i++) {
            assertThat(webhooks.put(alice, "hook-" + i, URL, Set.of()).fresh()).isTrue();
        }
        assertRefused(ServiceError.CONFLICT, () -> webhooks.put(alice, "hook-5", URL, Set.of()));
        assertThat(webhooks.put(alice, "hook-4", URL, Set.of()).fresh()).isFalse();
        for (String url : List.of("https://10.0.0.1/", "not a URL", "https://\u00fc.example.org/", "")) {
            assertRefused(ServiceError.INVALID, () -> webhooks.put(bob, "mine", url, Set.of()));
        }
        Webhooks none = new Webhooks(site.database, Site.SEAL, site.clock(), new SecureRandom(), () -> null);
        assertRefused(ServiceError.FORBIDDEN, () -> none.put(bob, "mine", URL, Set.of()));
    }

    private WebhookOutbox outbox() {
        WebhookOutbox outbox =
                new WebhookOutbox(site.database, Site.SEAL, site.clock(), new SecureRandom(), Runnable::run);
        outbox.begin(sender);
        return outbox;
    }

    private void happens(Account account, EventType type) {
        boolean unused = site.database.transaction(handle -> {
            AccountEvents.add(
                    handle,
                    account.id(),
                    AccountEvents.ended(type, AccountEvents.PROVIDER, MigrationId.parse("0".repeat(32))),
                    site.now().toEpochMilli());
            return true;
        });
    }

    private WebhookView shown(Account account) {
        return webhooks.list(account).get(0);
    }

    /** As Standard Webhooks says, from what its owner has. */
    private static String signature(Kept kept, Post post) {
        try {
            byte[] secret =
                    Base64.getDecoder().decode(kept.secret().orElseThrow().substring("whsec_".length()));
            String signed = post.header("webhook-id") + "." + post.header("webhook-timestamp") + "." + post.body();
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** What was posted. */
    private record Post(URI url, Map<String, String> headers, String body) {

        String header(String name) {
            return Objects.requireNonNull(headers.get(name), name);
        }
    }

    private static final class Sender implements WebhookSender {

        final List<Post> posts = new ArrayList<>();
        Supplier<Future<Integer>> answer = () -> Future.succeededFuture(200);

        @Override
        public void check(URI url) {
            if (!String.valueOf(url.getHost()).endsWith(".example.org")) {
                throw new IllegalArgumentException("must be elsewhere: " + url);
            }
        }

        @Override
        public Future<Integer> post(URI url, Map<String, String> headers, String body) {
            boolean unused = posts.add(new Post(url, headers, body));
            return answer.get();
        }
    }
}
