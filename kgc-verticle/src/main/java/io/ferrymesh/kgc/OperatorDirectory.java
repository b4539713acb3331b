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
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The operators in the database, each vouched for by a MAC under the key file. The MAC names the audit entry that added it, so
 * that a row which was there once is good for nothing after the entry that removed it.
 */
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
            Digest hash = Digest.sha256(token);
            return Failures.translated(() -> registry.database().transaction(handle -> {
                AuditLog.Place place = AuditLog.next(handle);
                if (!OperatorTable.insert(handle, row(name, role, hash, now, place.seq()))) {
                    throw new OperationException(Code.CONFLICT, "there is an operator " + name + " already");
                }
                place.write(now, Actors.KEY_FILE, "operator.added", AuditLog.operatorAdded(name, role.name()));
                return new NewOperator(name, role, HexFormat.of().formatHex(token));
            }));
        } finally {
            Arrays.fill(token, (byte) 0);
        }
    }

    private OperatorTable.Row row(String name, Role role, Digest token, Instant now, long added) {
        long createdAt = now.getEpochSecond();
        String mac = registry.keyring().operatorMac(name, role.name(), token, createdAt, added);
        return new OperatorTable.Row(name, role.name(), token, mac, createdAt, added);
    }

    @Override
    public List<OperatorInfo> list() {
        return Failures.translated(() -> registry.database().read(handle -> OperatorTable.all(handle).stream()
                .flatMap(row -> role(row).map(role -> info(handle, row, role)).stream())
                .toList()));
    }

    @Override
    public void remove(String name) {
        Instant now = runtime.clock().instant();
        boolean unused = Failures.translated(() -> registry.database().transaction(handle -> {
            if (!OperatorTable.delete(handle, name)) {
                throw new OperationException(Code.NOT_FOUND, "there is no operator " + name);
            }
            AuditLog.next(handle).write(now, Actors.KEY_FILE, "operator.removed", AuditLog.operatorRemoved(name));
            return true;
        }));
    }

    /** The token is looked up by its hash, which nobody can choose to learn anything about a token. */
    @Override
    public Operator authenticate(String tokenHex) {
        return hash(tokenHex)
                .flatMap(hash -> Failures.translated(() -> registry.database()
                        .read(handle -> OperatorTable.find(handle, hash).filter(row -> genuine(handle, row)))))
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

    private OperatorInfo info(Handle handle, OperatorTable.Row row, Role role) {
        return new OperatorInfo(row.name(), role, Instant.ofEpochSecond(row.createdAt()), genuine(handle, row));
    }

    private boolean genuine(Handle handle, OperatorTable.Row row) {
        return registry.keyring()
                        .vouches(row.mac(), row.name(), row.role(), row.tokenSha256(), row.createdAt(), row.added())
                && AuditLog.isOperator(handle, row.name(), row.role(), row.added());
    }

    private static Optional<Role> role(OperatorTable.Row row) {
        return Arrays.stream(Role.values())
                .filter(role -> role.name().equals(row.role()))
                .findFirst();
    }
}
