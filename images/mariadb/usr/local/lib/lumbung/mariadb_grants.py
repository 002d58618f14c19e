"""What accounts really hold in this server, as SHOW GRANTS says it, as JSON (model/lease.ts, LeaseGrants). Read only; works on a standby.

An account is `user@host`, a role its name alone. What concerns the whole server has the database `*`. Of an account that may do everything on the whole server that
alone is told. No password or hash is: lines are taken apart, and what is not a privilege is left out.
"""
import json
import re
import sys

from mariadb_accounts import identifier, literal

QUOTED = r"`(?:[^`]|``)*`"
GRANTEE = rf"(?P<who>{QUOTED}(?:@{QUOTED})?|PUBLIC)"
ON_OBJECT = re.compile(rf"GRANT (?P<what>.+?) ON (?:(?P<kind>[A-Z ]+) )?(?P<database>\*|{QUOTED})\.(?P<object>\*|{QUOTED}) TO {GRANTEE}(?P<rest>.*)")
ROLE = re.compile(rf"GRANT (?P<role>{QUOTED}) TO {GRANTEE}(?P<rest>.*)")
PROXY = re.compile(rf"GRANT PROXY ON (?P<of>{QUOTED}@{QUOTED}) TO {GRANTEE}(?P<rest>.*)")
# Between commas outside of a list of columns.
PRIVILEGES = re.compile(r"[^,(]+(?:\([^)]*\))?")
WILDCARD = re.compile(r"(?<!\\)[_%]")


class Unread(Exception):
    """A line that this cannot take apart. Never the line itself: a password's hash may stand in it."""


def bare(quoted):
    return quoted[1:-1].replace("``", "`") if quoted.startswith("`") else quoted


def grantee(text):
    user, at, host = text.partition("`@`")
    return f"{bare(user + '`')}@{bare('`' + host)}" if at else bare(text)


def database_of(text):
    """A name, or `*`; a pattern, which stands for more than one, is told as such."""
    name = bare(text)
    return f"{name} (pattern)" if WILDCARD.search(name) else re.sub(r"\\([_%])", r"\1", name)


def rows_in(line):
    """(account, database, privilege) of one line of SHOW GRANTS. Raises Unread."""
    # Only of passwords and certificates may line ends stand in it.
    line = " ".join(line.split())
    if line.startswith("SET DEFAULT ROLE "):
        return []
    found = PROXY.fullmatch(line)
    if found:
        return [(grantee(found["who"]), "*", f"PROXY on {grantee(found['of'])}")]
    found = ROLE.fullmatch(line)
    if found:
        return [(grantee(found["who"]), "*", f"MEMBER OF {bare(found['role'])}")]
    found = ON_OBJECT.fullmatch(line)
    if not found:
        raise Unread(f"a line of {len(line)} characters of SHOW GRANTS cannot be read")
    who, database = grantee(found["who"]), database_of(found["database"])
    where = "" if found["object"] == "*" else f" on {(found['kind'] or 'table').lower()} {bare(found['object'])}"
    held = [one.strip().replace("`", "") for one in PRIVILEGES.findall(found["what"])]
    if found["rest"].endswith("WITH GRANT OPTION"):
        held.append("GRANT OPTION")
    return [(who, database, one + where) for one in held if one != "USAGE"]


EVERYTHING = ("*", "ALL PRIVILEGES")


def grants_in(lines):
    """Each once, in order. Raises Unread."""
    rows = {row for line in lines for row in rows_in(line)}
    everything = {who for who, *held in rows if tuple(held) == EVERYTHING}
    return sorted(list(row) for row in rows if row[0] not in everything or row[1:] == EVERYTHING)


def look(cursor):
    """What there is. Raises Unread."""
    cursor.execute("SELECT schema_name FROM information_schema.schemata ORDER BY schema_name")
    databases = [row[0] for row in cursor.fetchall()]
    cursor.execute("SELECT user, host, COALESCE(JSON_VALUE(priv, '$.is_role'), 0) = 1 FROM mysql.global_priv")
    lines = []
    for user, host, is_role in list(cursor.fetchall()):
        cursor.execute(f"SHOW GRANTS FOR {identifier(user) if is_role else literal(user) + '@' + literal(host)}")
        lines += [row[0] for row in cursor.fetchall()]
    return {"databases": databases, "grants": grants_in(lines)}


def main():
    import pymysql  # pylint: disable=import-outside-toplevel

    from mariadb_engine import SOCKET, SUPERUSER

    try:
        with pymysql.connect(unix_socket=SOCKET, user=SUPERUSER, charset="utf8mb4", connect_timeout=5, read_timeout=30) as connection, connection.cursor() as cursor:
            print(json.dumps(look(cursor)))
    except (pymysql.err.Error, OSError) as error:
        # Never its message, in which a statement may stand.
        print(f"MariaDB does not say it: error {error.args[0] if error.args else type(error).__name__}")
        return 1
    except Unread as error:
        print(f"MariaDB does not say it: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
