-- Words without accents, as FTS5 indexes them on SQLite.
CREATE FUNCTION without_accents(words TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT regexp_replace(normalize(words, NFD), '[\u0300-\u036F]', '', 'g') $$;
UPDATE search SET body = without_accents(body) WHERE body <> without_accents(body);
