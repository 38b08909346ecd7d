DROP INDEX access_tokens_live;
