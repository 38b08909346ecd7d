-- A token that is asked for twice, under whatever key, is one token: a program is named once per member.
CREATE UNIQUE INDEX access_tokens_live ON access_tokens (member_id, label) WHERE revoked_at IS NULL;
