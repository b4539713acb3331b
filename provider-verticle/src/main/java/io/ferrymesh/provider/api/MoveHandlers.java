package io.ferrymesh.provider.api;

import io.ferrymesh.provider.api.exchange.Views;
import io.ferrymesh.provider.api.objects.ObjectList;
import io.ferrymesh.provider.options.OptionsJson;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.service.GrantService;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.web.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Grants and migrations. Worker threads. */
final class MoveHandlers {

    private static final long DEFAULT_EXPIRY_SECONDS = 86_400;

    private final GrantService grants;
    private final MigrationService migrations;

    MoveHandlers(GrantService grants, MigrationService migrations) {
        this.grants = grants;
        this.migrations = migrations;
    }

    /** By operationId. */
    Map<String, Function<Call, Reply>> byOperation() {
        return Map.ofEntries(
                Map.entry("createGrant", this::createGrant),
                Map.entry("listGrants", this::listGrants),
                Map.entry("showGrant", call -> grant(200, grants.show(call.account(), call.migrationId()))),
                Map.entry("withdrawGrant", this::withdrawGrant),
                Map.entry(
                        "showGrantReceipt",
                        call -> receipt(grants.receipt(call.account(), call.migrationId(), call.number("number", 0)))),
                Map.entry("createMigration", this::createMigration),
                Map.entry("listMigrations", this::listMigrations),
                Map.entry("showMigration", call -> migration(migrations.show(call.account(), call.migrationId()))),
                Map.entry("cancelMigration", this::cancelMigration),
                Map.entry("changeMigration", this::changeMigration),
                Map.entry("retryMigration", call -> migration(migrations.retry(call.account(), call.migrationId()))),
                Map.entry("pauseMigration", call -> migration(migrations.pause(call.account(), call.migrationId()))),
                Map.entry("resumeMigration", call -> migration(migrations.resume(call.account(), call.migrationId()))),
                Map.entry("proveObject", this::proveObject),
                Map.entry(
                        "showMigrationReceipt",
                        call -> receipt(
                                migrations.receipt(call.account(), call.migrationId(), call.number("number", 0)))));
    }

    private Reply createGrant(Call call) {
        String prefix = call.optionalText("prefix").orElse("");
        ObjectList.checkPrefix(prefix);
        Long expiry = call.body().getLong("expiresInSeconds");
        try (Psk psk = psk(call)) {
            GrantService.Created created = grants.create(
                    call.account(),
                    new NewGrant(
                            id(call),
                            psk,
                            prefix,
                            expiry == null ? DEFAULT_EXPIRY_SECONDS : expiry,
                            call.body().getBoolean("move", false)));
            return grant(created.fresh() ? 201 : 200, created.grant())
                    .with("Location", "/v1/grants/" + created.grant().id().hex());
        }
    }

    private Reply listGrants(Call call) {
        return Lists.reply("grants", grants.list(call.account(), call.cursor(), call.limit()), Views::of);
    }

    private Reply withdrawGrant(Call call) {
        grants.withdraw(call.account(), call.migrationId());
        return Reply.empty(204);
    }

    private Reply createMigration(Call call) {
        try (Psk psk = psk(call)) {
            MigrationView created =
                    migrations.create(call.account(), asked(call, psk)).migration();
            return Reply.json(202, Views.of(created))
                    .with("Location", "/v1/migrations/" + created.id().hex());
        }
    }

    private static NewMigration asked(Call call, Psk psk) {
        JsonObject options = call.body().getJsonObject("options");
        if (options == null) {
            return new NewMigration(id(call), psk);
        }
        return meant(() -> new NewMigration(
                id(call), psk, Optional.of(OptionsJson.options(options)), OptionsJson.changed(Schedule.NONE, options)));
    }

    private Reply changeMigration(Call call) {
        return migration(migrations.change(
                call.account(),
                call.migrationId(),
                schedule -> meant(() -> OptionsJson.changed(schedule, call.body()))));
    }

    /** What the document allows and still makes no sense is INVALID. */
    private static <T> T meant(Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            throw new ServiceException(ServiceError.INVALID, String.valueOf(e.getMessage()), e);
        }
    }

    private Reply listMigrations(Call call) {
        return Lists.reply("migrations", migrations.list(call.account(), call.cursor(), call.limit()), Views::of);
    }

    private Reply cancelMigration(Call call) {
        migrations.cancel(call.account(), call.migrationId());
        return Reply.empty(204);
    }

    private Reply proveObject(Call call) {
        return Reply.json(200, Views.of(migrations.proof(call.account(), call.migrationId(), call.named("path"))));
    }

    private static MigrationId id(Call call) {
        return MigrationId.parse(call.text("migrationId"));
    }

    private static Psk psk(Call call) {
        byte[] bytes = HexFormat.of().parseHex(call.text("psk"));
        try {
            return Psk.of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static Reply grant(int status, GrantView grant) {
        return Reply.json(status, Views.of(grant));
    }

    private static Reply migration(MigrationView migration) {
        return Reply.json(200, Views.of(migration));
    }

    private static Reply receipt(byte[] receipt) {
        return Reply.of(200, "application/octet-stream", Buffer.buffer(receipt));
    }
}
