package io.ferrymesh.kgc;

import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.operator.NewOperator;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.OperatorInfo;
import io.ferrymesh.kgc.operator.Operators;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.kgc.registry.OperatorTable;
import io.ferrymesh.scheme.Digest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operators in the database, each vouched for by a MAC under the key file. */
final class OperatorDirectory implements Operators {

    private static final int TOKEN_BYTES = 32;

    private final Registry registry;
    private final KgcRuntime runtime;

    OperatorDirectory(Registry registry, KgcRuntime runtime) {
        this.registry = registry;
        this.runtime = runtime;
    }

    @Override
    public NewOperator add(String name, Role role) {
        Texts.requireName(name);
        byte[] token = new byte[TOKEN_BYTES];
        runtime.random().nextBytes(token);
        try {
            Instant now = runtime.clock().instant();
            long createdAt = now.getEpochSecond();
            Digest hash = Digest.sha256(token);
            String mac = registry.keyring().operatorMac(name, role.name(), hash, createdAt);
            OperatorTable.Row row = new OperatorTable.Row(name, role.name(), hash, mac, createdAt);
            return Failures.translated(() -> registry.database().transaction(handle -> {
                if (!OperatorTable.insert(handle, row)) {
                    throw new OperationException(Code.CONFLICT, "there is an operator " + name + " already");
                }
                AuditLog.next(handle)
                        .write(now, Actors.KEY_FILE, "operator.added", Map.of("name", name, "role", role.name()));
                return new NewOperator(name, role, HexFormat.of().formatHex(token));
            }));
        } finally {
            Arrays.fill(token, (byte) 0);
        }
    }

    @Override
    public List<OperatorInfo> list() {
        List<OperatorTable.Row> rows =
                Failures.translated(() -> registry.database().read(OperatorTable::all));
        return rows.stream()
                .flatMap(row -> role(row).map(role -> info(row, role)).stream())
                .toList();
    }

    @Override
    public void remove(String name) {
        Instant now = runtime.clock().instant();
        boolean unused = Failures.translated(() -> registry.database().transaction(handle -> {
            if (!OperatorTable.delete(handle, name)) {
                throw new OperationException(Code.NOT_FOUND, "there is no operator " + name);
            }
            AuditLog.next(handle).write(now, Actors.KEY_FILE, "operator.removed", Map.of("name", name));
            return true;
        }));
    }

    /** The token is looked up by its hash, which nobody can choose to learn anything about a token. */
    @Override
    public Operator authenticate(String tokenHex) {
        return hash(tokenHex)
                .flatMap(hash ->
                        Failures.translated(() -> registry.database().read(handle -> OperatorTable.find(handle, hash))))
                .filter(this::genuine)
                .flatMap(row -> role(row).map(role -> new Operator(row.name(), role)))
                .orElseThrow(() -> new OperationException(Code.UNAUTHENTICATED, "that is no operator's token"));
    }

    private static Optional<Digest> hash(String tokenHex) {
        if (tokenHex.length() != 2 * TOKEN_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(Digest.sha256(HexFormat.of().parseHex(tokenHex)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private OperatorInfo info(OperatorTable.Row row, Role role) {
        return new OperatorInfo(row.name(), role, Instant.ofEpochSecond(row.createdAt()), genuine(row));
    }

    private boolean genuine(OperatorTable.Row row) {
        return registry.keyring().vouches(row.mac(), row.name(), row.role(), row.tokenSha256(), row.createdAt());
    }

    private static Optional<Role> role(OperatorTable.Row row) {
        return Arrays.stream(Role.values())
                .filter(role -> role.name().equals(row.role()))
                .findFirst();
    }
}
