package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;

/** Accounts by their numbers. Blocking. */
record AccountNames(Database database) {

    Account of(AccountId id) {
        return database.read(handle -> handle.createQuery("SELECT name FROM account WHERE id = :id")
                        .bind("id", id.value())
                        .mapTo(String.class)
                        .findOne())
                .map(name -> new Account(id, name))
                .orElseThrow(() -> new MeshException(ErrorCode.CANCELLED, "the account is gone"));
    }
}
