"""What roles really hold in this server, as PostgreSQL's catalogues say it, as JSON (model/lease.ts, LeaseGrants). Read only; works on a standby.

Left out is what says nothing: what every new server holds (pg_init_privs, and the defaults of each kind of object), what an owner holds of its own object, and what
a superuser holds beside being one. A grant to everybody has the role `public`; what concerns the whole server the database `*`.
"""
import json
import sys

LIMIT_MS = 30_000

DATABASES = "select datname from pg_database where datallowconn order by datname"

SERVER = """
with held (role, database, privilege) as (
  select rolname, '*', privilege from pg_roles,
    lateral (values ('SUPERUSER', rolsuper), ('CREATEROLE', rolcreaterole and not rolsuper), ('CREATEDB', rolcreatedb and not rolsuper),
      ('REPLICATION', rolreplication and not rolsuper), ('BYPASSRLS', rolbypassrls and not rolsuper)) as attributes (privilege, held)
    where attributes.held
  union
  select member.rolname, '*', 'MEMBER OF ' || granted.rolname from pg_auth_members
    join pg_roles member on member.oid = pg_auth_members.member join pg_roles granted on granted.oid = pg_auth_members.roleid
    -- Predefined roles are members of each other from the beginning.
    where not member.rolsuper and not (member.oid < 16384 and granted.oid < 16384)
  union
  select rolname, datname, 'OWNER' from pg_database join pg_roles on pg_roles.oid = datdba where not rolsuper
  union
  select coalesce(rolname, 'public'), datname, privilege_type from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
    left join pg_roles on pg_roles.oid = grantee where datallowconn and grantee <> datdba and rolsuper is not true
  union
  select coalesce(rolname, 'public'), '*', privilege_type || ' on tablespace ' || spcname from pg_tablespace, aclexplode(spcacl)
    left join pg_roles on pg_roles.oid = grantee where grantee <> spcowner and rolsuper is not true
  union
  select coalesce(rolname, 'public'), '*', privilege_type || ' on parameter ' || parname from pg_parameter_acl, aclexplode(paracl)
    left join pg_roles on pg_roles.oid = grantee where rolsuper is not true
)
select role, database, privilege from held order by role, database, privilege
"""

# Of the database that the session is in. `type` is as acldefault() takes it.
INSIDE = r"""
with objects (class, oid, part, name, owner, acl, type) as (
  select 'pg_namespace'::regclass, oid, 0, 'schema ' || quote_ident(nspname), nspowner, nspacl, 'n'::"char" from pg_namespace
  union all
  select 'pg_class'::regclass, oid, 0, case relkind when 'S' then 'sequence ' else 'table ' end || oid::regclass, relowner, relacl,
    case relkind when 'S' then 's'::"char" else 'r'::"char" end from pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all
  select 'pg_class'::regclass, attrelid, attnum, 'column ' || attrelid::regclass || '.' || quote_ident(attname), relowner, attacl, 'c'::"char"
    from pg_attribute join pg_class on pg_class.oid = attrelid where attacl is not null and not attisdropped
  union all
  select 'pg_proc'::regclass, oid, 0, 'function ' || oid::regprocedure, proowner, proacl, 'f'::"char" from pg_proc
  union all
  select 'pg_type'::regclass, oid, 0, 'type ' || oid::regtype, typowner, typacl, 'T'::"char" from pg_type where typrelid = 0 and typelem = 0
  union all
  select 'pg_language'::regclass, oid, 0, 'language ' || quote_ident(lanname), lanowner, lanacl, 'l'::"char" from pg_language
  union all
  select 'pg_foreign_data_wrapper'::regclass, oid, 0, 'foreign data wrapper ' || quote_ident(fdwname), fdwowner, fdwacl, 'F'::"char" from pg_foreign_data_wrapper
  union all
  select 'pg_foreign_server'::regclass, oid, 0, 'foreign server ' || quote_ident(srvname), srvowner, srvacl, 'S'::"char" from pg_foreign_server
  union all
  select 'pg_largeobject'::regclass, oid, 0, 'large object ' || oid, lomowner, lomacl, 'L'::"char" from pg_largeobject_metadata
  union all
  select 'pg_default_acl'::regclass, oid, 0, 'future objects of ' || pg_get_userbyid(defaclrole), defaclrole, defaclacl,
    case defaclobjtype when 'S' then 's'::"char" else defaclobjtype end from pg_default_acl
), granted (name, grantee, owner, privilege) as (
  select name, grantee, owner, privilege_type from objects, aclexplode(acl)
  except
  select name, grantee, owner, privilege_type from objects
    left join pg_init_privs on classoid = class and objoid = objects.oid and objsubid = part, aclexplode(coalesce(initprivs, acldefault(type, owner)))
    where acl is not null
), held (role, privilege) as (
  select coalesce(rolname, 'public'), privilege || ' on ' || name from granted left join pg_roles on pg_roles.oid = grantee
    -- Of the information schema, which shows each what it may see anyway, initdb keeps no initial privileges.
    where grantee <> owner and rolsuper is not true and not (grantee = 0 and name ~ '^(table|schema) information_schema(\.|$)')
  union
  -- What the database's owner makes is its own.
  select rolname, 'OWNER of ' || name from objects join pg_roles on pg_roles.oid = owner
    where class <> 'pg_default_acl'::regclass and not rolsuper and rolname <> 'pg_database_owner'
      and owner <> (select datdba from pg_database where datname = current_database())
)
select role, current_database(), privilege from held order by role, privilege
"""


def look(ask):
    """ask(database, statement): rows as tuples."""
    databases = [name for (name,) in ask("postgres", DATABASES)]
    grants = [list(row) for row in ask("postgres", SERVER)]
    for database in databases:
        grants += [list(row) for row in ask(database, INSIDE)]
    return {"databases": databases, "grants": grants}


def main():
    import psycopg2  # pylint: disable=import-outside-toplevel

    def ask(database, statement):
        session = psycopg2.connect(
            host="/run/postgresql", user="postgres", dbname=database, connect_timeout=5, application_name="lumbung grants",
            options=f"-c statement_timeout={LIMIT_MS} -c search_path= -c default_transaction_read_only=on",
        )
        try:
            with session.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()
        finally:
            session.close()

    try:
        print(json.dumps(look(ask)))
    except psycopg2.Error as error:
        print(f"PostgreSQL does not say it: {str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
