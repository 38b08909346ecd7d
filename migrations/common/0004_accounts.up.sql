-- People, and how they prove who they are. An account is one person; a member is that person's role in an organisation.

CREATE TABLE accounts (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- '+62…', digits only; what people sign in with. No account needs to have either.
    phone TEXT UNIQUE,
    email TEXT UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('active', 'closed')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0)
);

-- Whoever was there before is one person per name and organisation.
INSERT INTO accounts (id, name, status, created_at)
SELECT MIN(id), name, 'active', MIN(created_at) FROM members GROUP BY organisation_id, name;
ALTER TABLE members ADD COLUMN account_id BIGINT REFERENCES accounts (id);
UPDATE members SET account_id = (
    SELECT MIN(same.id) FROM members AS same
    WHERE same.organisation_id = members.organisation_id AND same.name = members.name
);
CREATE UNIQUE INDEX members_by_account ON members (account_id, organisation_id, role);
CREATE INDEX members_by_organisation ON members (organisation_id, id);

-- What only the sign-in reads. No row: the person cannot sign in yet.
CREATE TABLE credentials (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    -- PHC string of Argon2id; empty until an invitation was used.
    password_hash TEXT NOT NULL DEFAULT '',
    password_set_at BIGINT,
    -- Base32 (RFC 6238); empty without a second factor, and proven only once it is confirmed.
    totp_secret TEXT NOT NULL DEFAULT '',
    totp_confirmed_at BIGINT,
    -- The last 30-second step whose code was used: a code works once.
    totp_last_step BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE sessions (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    -- The role the person acts in unless a request says otherwise.
    member_id BIGINT NOT NULL REFERENCES members (id),
    token_hash TEXT NOT NULL UNIQUE,
    client TEXT NOT NULL DEFAULT '',
    second_factor_at BIGINT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sessions_by_account ON sessions (account_id, id);

-- Codes that one person hands over to another: an invitation, a new password, a lost second factor.
CREATE TABLE account_codes (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'password_reset', 'second_factor_reset')),
    code_hash TEXT NOT NULL,
    issued_by BIGINT REFERENCES members (id),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX account_codes_by_account ON account_codes (account_id, id);

-- Failures per login and per address (both hashed) in the current window.
CREATE TABLE sign_in_limits (
    key TEXT NOT NULL PRIMARY KEY,
    window_started_at BIGINT NOT NULL,
    failures BIGINT NOT NULL CHECK (failures >= 0)
);
CREATE INDEX sign_in_limits_by_window ON sign_in_limits (window_started_at);

-- A cooperative lets an assistant act for it, within a scope, until a day, and may end that at any moment.
CREATE TABLE grants (
    id BIGINT NOT NULL PRIMARY KEY,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    assistant_id BIGINT NOT NULL REFERENCES members (id),
    scope TEXT NOT NULL CHECK (scope IN ('read', 'enter', 'receive')),
    granted_by BIGINT NOT NULL REFERENCES members (id),
    granted_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_by BIGINT REFERENCES members (id),
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    CHECK (expires_at > granted_at)
);
CREATE INDEX grants_by_organisation ON grants (organisation_id, id);
CREATE INDEX grants_by_assistant ON grants (assistant_id, organisation_id);
-- One grant per cooperative and assistant at a time.
CREATE UNIQUE INDEX grants_live ON grants (organisation_id, assistant_id) WHERE revoked_at IS NULL;

-- 'read' never changes anything; 'write' may do what the member's role may, except what needs a second factor.
ALTER TABLE access_tokens ADD COLUMN scope TEXT NOT NULL DEFAULT 'write' CHECK (scope IN ('read', 'write'));
ALTER TABLE access_tokens ADD COLUMN issued_by BIGINT REFERENCES members (id);
