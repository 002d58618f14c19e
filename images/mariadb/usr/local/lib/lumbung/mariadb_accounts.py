"""Accounts and databases: from what is declared and what is there to the statements that make up the difference. Pure.

A password that changed is followed by the one before, which stays valid for a day: an application that has not been told yet goes on.
"""
import json
import re

KEEP_OLD_SECONDS = 86_400
HASH = re.compile(r"^\*[0-9A-F]{40}$")
PLUGIN = "mysql_native_password"


def literal(text):
    if "\\" in text or "\0" in text:
        raise ValueError("a text in a statement: expected no backslash and no NUL, received one (not shown: it may be secret)")
    return "'" + text.replace("'", "''") + "'"


def identifier(name):
    return "`" + name.replace("`", "``") + "`"


def hashes_of(priv):
    """Password hashes of an account in order (mysql.global_priv, Priv): the first is what is declared, others are older."""
    first = {"plugin": priv.get("plugin"), "authentication_string": priv.get("authentication_string")}
    ways = [way or first for way in priv.get("auth_or") or [{}]]
    return [way.get("authentication_string", "") for way in ways if way.get("plugin") == PLUGIN]


def require_of(account):
    if account.get("subject"):
        return f"REQUIRE SUBJECT {literal(account['subject'])} AND ISSUER {literal(account['issuer'])}"
    return "REQUIRE SSL"


def requires(priv, account):
    """Whether the account demands what is declared (ssl_type: 1 TLS, 3 a certificate of that subject and issuer)."""
    if account.get("subject"):
        return (priv.get("ssl_type"), priv.get("x509_subject"), priv.get("x509_issuer")) == (3, account["subject"], account["issuer"])
    return priv.get("ssl_type") == 1


def wanted_hashes(declared, present, changed_at, now):
    if not present:
        return [declared]
    if present[0] != declared:
        return [declared, present[0]]
    return present[:1] if now - changed_at >= KEEP_OLD_SECONDS else present


def account_statements(account, priv, grants, now):
    """`priv`: the account's row in mysql.global_priv as a dict, None if there is none; `grants`: lines of SHOW GRANTS."""
    if not HASH.match(account["hash"]):
        raise ValueError(f"account {account['user']}: expected a password's hash, received something else")
    name = f"{literal(account['user'])}@{literal(account['host'])}"
    present = hashes_of(priv) if priv else []
    wanted = wanted_hashes(account["hash"], present, (priv or {}).get("password_last_changed", 0), now)
    ways = " OR ".join(f"{PLUGIN} USING {literal(one)}" for one in wanted)
    made = []
    if priv is None:
        made.append(f"CREATE USER {name} IDENTIFIED VIA {ways} {require_of(account)}")
    elif present != wanted or not requires(priv, account):
        made.append(f"ALTER USER {name} IDENTIFIED VIA {ways} {require_of(account)}")
    for privileges, on in account["grants"]:
        if not any(line.startswith(f"GRANT {privileges} ON {on} TO ") for line in grants):
            made.append(f"GRANT {privileges} ON {on} TO {name}")
    return made


def statements(declared, there, now):
    """All statements, in order. `there`: {"databases": names, "accounts": {(user, host): (priv, grants)}}.

    Nothing that holds an application's data or belongs to it is dropped; an account of the server itself that is no longer declared is.
    """
    made = [
        f"CREATE DATABASE {identifier(name)} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
        for name in declared["databases"]
        if name not in there["databases"]
    ]
    for account in declared["accounts"]:
        priv, grants = there["accounts"].get((account["user"], account["host"]), (None, []))
        made += account_statements(account, priv, grants, now)
    kept = {(account["user"], account["host"]) for account in declared["accounts"]}
    for user, host in sorted(there["accounts"]):
        if user in declared["internal"] and (user, host) not in kept:
            made.append(f"DROP USER {literal(user)}@{literal(host)}")
    return made


def look(cursor, declared):
    """What is there, of what matters here."""
    cursor.execute("SELECT schema_name FROM information_schema.schemata")
    databases = {row[0] for row in cursor.fetchall()}
    cursor.execute("SELECT user, host, priv FROM mysql.global_priv")
    names = {account["user"] for account in declared["accounts"]} | set(declared["internal"])
    accounts = {}
    for user, host, priv in list(cursor.fetchall()):
        if user in names:
            cursor.execute(f"SHOW GRANTS FOR {literal(user)}@{literal(host)}")
            accounts[(user, host)] = (json.loads(priv), [row[0] for row in cursor.fetchall()])
    return {"databases": databases, "accounts": accounts}
