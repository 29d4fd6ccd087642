-- Four databases on one server. Each has an owner, who migrates, and a role that serves, which may only
-- do what the migrations grant it; nobody can even connect to another service's database.
-- Runs once, as the superuser, when the server's volume is empty. Passwords come from the environment:
-- <SERVICE>_PASSWORD and <SERVICE>_OWNER_PASSWORD for each of the four.

\set ON_ERROR_STOP on
\getenv points POINTS_PASSWORD
\getenv points_owner POINTS_OWNER_PASSWORD
\getenv hours HOURS_PASSWORD
\getenv hours_owner HOURS_OWNER_PASSWORD
\getenv verification VERIFICATION_PASSWORD
\getenv verification_owner VERIFICATION_OWNER_PASSWORD
\getenv certificates CERTIFICATES_PASSWORD
\getenv certificates_owner CERTIFICATES_OWNER_PASSWORD

create temporary table account (
    service text not null,
    role text primary key,
    password text not null check (password <> '')
);
insert into account (service, role, password) values
    ('points', 'points', :'points'),
    ('points', 'points_owner', :'points_owner'),
    ('hours', 'hours', :'hours'),
    ('hours', 'hours_owner', :'hours_owner'),
    ('verification', 'verification', :'verification'),
    ('verification', 'verification_owner', :'verification_owner'),
    ('certificates', 'certificates', :'certificates'),
    ('certificates', 'certificates_owner', :'certificates_owner');

select format('create role %I login password %L', role, password) from account \gexec

-- Text is compared by code point everywhere: order decides which act founds a topic, and two servers
-- with different languages must not disagree about it.
select format(
    'create database %I owner %I template template0 encoding ''UTF8'' locale ''C''
     locale_provider builtin builtin_locale ''C.UTF-8''',
    service, role
) from account where role = service || '_owner' \gexec

select format('revoke all on database %I from public', datname) from pg_database where datname <> 'template0' \gexec
select format('grant connect on database %I to %I', service, role) from account where role = service \gexec
