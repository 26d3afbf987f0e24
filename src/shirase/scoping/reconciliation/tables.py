"""What DuckDB computes for reconciliation: which lines are compared, group by group, and what became of each day."""

MARKED = """
CREATE OR REPLACE TEMP TABLE marked AS
WITH keyed AS (
    SELECT path, line, source_id, coalesce(native_uid, 'carrier:' || carrier_uid) AS uid, content_digest,
           CASE WHEN native_uid IS NULL AND carrier_uid IS NULL
                THEN row_number() OVER (PARTITION BY source_id, path, content_digest, native_uid ORDER BY line)
                ELSE 0 END AS ordinal
    FROM read_parquet($1) WHERE state = 'action'
)
SELECT path, line,
       row_number() OVER (PARTITION BY source_id, uid, content_digest, ordinal ORDER BY path, line) > 1 AS is_repeat,
       uid IS NOT NULL AND min(content_digest) OVER (PARTITION BY source_id, uid)
           <> max(content_digest) OVER (PARTITION BY source_id, uid) AS id_conflict
FROM keyed
"""
"""Repeats and conflicts of ids within each source.

Two lines are the same event when their source, the event's own id (or, without one, that of the system that carried
it) and everything they say agree; the one that stands first by path and line is kept. Without an id, the k-th repeat of
a line within one file is the same event as the k-th repeat in another (multiset union), so that two equal clicks stay
two. One id with different content is a conflict: all are kept and flagged.
"""

LINKS = """
CREATE OR REPLACE TEMP TABLE links (
    path VARCHAR, line BIGINT, to_path VARCHAR, to_line BIGINT, kind VARCHAR, delta_us BIGINT, source_id VARCHAR,
    to_source_id VARCHAR, differs BOOLEAN)
"""

SOURCES = """
CREATE OR REPLACE TEMP TABLE sources (source_id VARCHAR, rank BIGINT, tolerance_us BIGINT, own_tenant VARCHAR)
"""

IDENTITIES = "CREATE OR REPLACE TEMP TABLE identities (other_id VARCHAR, actor_id VARCHAR)"

SIGHTINGS = """
CREATE OR REPLACE TEMP TABLE sightings AS
SELECT lines.path, lines.line, lines.source_id, rank, via IS NOT NULL AS via, native_uid AS uid, origin,
       content_digest AS content, time_us,
       tolerance_us + CASE WHEN time_quality = 'second' THEN 1000000 ELSE 0 END AS tolerance_us,
       coalesce(by_id.actor_id, by_mail.actor_id, actor_uid) AS actor, actor_organisation AS organisation,
       list_sort(list_distinct(tenant_ids)) AS tenants,
       CASE WHEN action_code = 'other' THEN 'other:' || action_native ELSE action_code END AS code,
       nullif(array_to_string(list_sort(list_distinct(
           list_filter([coalesce(target.id, target.name) FOR target IN targets], lambda each: each IS NOT NULL))),
           chr(31)), '') AS target,
       src_ip AS ip, session_uid AS session, own_tenant, actor_kind,
       replace(replace(action_code, '.', ''), '_', '') AS deed,
       lower(trim(regexp_replace(coalesce(targets[1].name, targets[1].id, ''), '<.*', ''))) AS person
FROM read_parquet($1) AS lines JOIN marked USING (path, line) JOIN sources USING (source_id)
LEFT JOIN identities AS by_id ON by_id.other_id = actor_uid
LEFT JOIN identities AS by_mail ON by_mail.other_id = actor_email
WHERE NOT is_repeat
"""
"""Every line that may show something new, with the identity of its actor."""

COLUMNS = (
    "path", "line", "source_id", "rank", "via", "uid", "origin", "content", "time_us", "tolerance_us", "actor",
    "organisation", "tenants", "code", "target", "ip", "session",
)  # fmt: skip

_SELECTED = ", ".join(COLUMNS)

ONE_ID = f"""
SELECT {_SELECTED} FROM sightings WHERE uid IS NOT NULL
QUALIFY min(source_id) OVER (PARTITION BY origin, uid) <> max(source_id) OVER (PARTITION BY origin, uid)
ORDER BY origin, uid, path, line
"""  # noqa: S608  the columns are those above

ONE_KEY = f"""
SELECT {_SELECTED}, coalesce(copies.copied_by, []) AS copied_by FROM sightings
ANTI JOIN links AS gone ON gone.path = sightings.path AND gone.line = sightings.line
LEFT JOIN (
    SELECT to_path AS path, to_line AS line, list(DISTINCT source_id) AS copied_by FROM links GROUP BY ALL
) AS copies USING (path, line)
QUALIFY min(source_id) OVER (PARTITION BY actor, tenants, code)
    <> max(source_id) OVER (PARTITION BY actor, tenants, code)
ORDER BY actor, tenants, code, path, line
"""  # noqa: S608  the columns are those above

ONE_EFFECT = f"""
WITH records AS (
    SELECT * FROM sightings WHERE own_tenant IS NOT NULL AND actor_kind = 'system' AND person <> ''
), keys AS (SELECT DISTINCT tenants, deed, person FROM records)
SELECT own_tenant IS NOT NULL AS is_record, {_SELECTED}, deed, person
FROM sightings JOIN keys USING (tenants, deed, person)
ANTI JOIN (SELECT path, line FROM links WHERE kind IN ('copy', 'match')) AS gone USING (path, line)
WHERE own_tenant IS NULL OR actor_kind = 'system'
ORDER BY tenants, deed, person, path, line
"""  # noqa: S608  the columns are those above

ONE_OWN_LOG = f"""
SELECT 'grant' AS part, path, line, lines.source_id, rank, false AS via, NULL AS uid, '' AS origin, '' AS content,
       time_us, tolerance_us, '' AS actor, NULL AS organisation, [own_tenant] AS tenants, action_native AS code,
       NULL AS target, NULL AS ip, NULL AS session
FROM read_parquet($1) AS lines JOIN sources USING (source_id)
WHERE state = 'no_action' AND own_tenant IS NOT NULL AND time_us IS NOT NULL
    AND action_native LIKE '%impersonation.grant'
UNION ALL BY NAME
SELECT CASE code WHEN 'session.impersonate_start' THEN 'start' WHEN 'session.impersonate_end' THEN 'end'
           ELSE 'action' END AS part, {_SELECTED}
FROM sightings WHERE own_tenant IS NOT NULL
ORDER BY tenants, path, line
"""  # noqa: S608  the columns are those above

COMPLETENESS = """
WITH pairs AS (
    SELECT DISTINCT ours.source_id AS ours, theirs.source_id AS theirs
    FROM (SELECT DISTINCT source_id, origin FROM sightings WHERE NOT via) AS ours
    JOIN (SELECT DISTINCT source_id, origin FROM sightings WHERE via) AS theirs USING (origin)
    UNION SELECT DISTINCT to_source_id, source_id FROM links WHERE kind IN ('copy', 'match')
), origins AS (
    SELECT DISTINCT pairs.ours, pairs.theirs, origin FROM pairs JOIN sightings ON sightings.source_id = pairs.ours
), found AS (
    SELECT ours, theirs, sightings.time_us, CASE
        WHEN links.kind IN ('copy', 'match') AND NOT links.differs THEN 'both'
        WHEN links.kind IS NOT NULL THEN 'conflict' ELSE 'ours' END AS standing
    FROM pairs JOIN sightings ON sightings.source_id = pairs.ours
    LEFT JOIN (SELECT to_path AS path, to_line AS line, source_id AS theirs, min(kind) AS kind,
                      bool_or(differs) AS differs
               FROM links WHERE kind IN ('copy', 'match', 'possible_duplicate_of') GROUP BY ALL) AS links
        USING (path, line, theirs)
    UNION ALL
    SELECT ours, theirs, sightings.time_us, 'theirs' FROM origins
    JOIN sightings ON sightings.source_id = origins.theirs AND sightings.origin = origins.origin
    LEFT JOIN links ON links.path = sightings.path AND links.line = sightings.line AND links.to_source_id = origins.ours
        AND links.kind IN ('copy', 'match', 'possible_duplicate_of')
    WHERE links.kind IS NULL
)
SELECT ours, theirs, time_us // 86400000000 AS day,
       count(*) FILTER (standing = 'ours'), count(*) FILTER (standing = 'theirs'),
       count(*) FILTER (standing = 'both'), count(*) FILTER (standing = 'conflict')
FROM found GROUP BY ALL ORDER BY ALL
"""
"""Of each source and each carrier of it, by UTC day: lines that only the one, only the other, or both have."""

RECONCILED_LINES = """
WITH said AS (
    SELECT path, line, source_id, time_us, time_text, source_instance, native_uid, raw_digest, via, action_uid,
           tenant_ids
    FROM read_parquet($1) SEMI JOIN
        (SELECT path, line FROM links UNION SELECT to_path, to_line FROM links) AS linked USING (path, line)
), mutual AS (
    SELECT to_path AS path, to_line AS line, path AS of_path, line AS of_line, kind, differs FROM links
    WHERE kind IN ('copy', 'match', 'effect_of')
    UNION ALL SELECT path, line, to_path, to_line, kind, differs FROM links
    WHERE kind IN ('possible_duplicate_of', 'part_of', 'authorised_by')
    UNION ALL SELECT to_path, to_line, path, line, kind, differs FROM links WHERE kind = 'possible_duplicate_of'
), also AS (
    SELECT mutual.path, mutual.line, list({
               'kind': kind, 'source_id': other.source_id, 'path': of_path, 'line': of_line, 'time_us': other.time_us,
               'time_text': other.time_text, 'source_instance': other.source_instance, 'native_uid': other.native_uid,
               'raw_digest': other.raw_digest, 'via': other.via, 'action_uid': other.action_uid
           } ORDER BY kind, of_path, of_line) AS also,
           bool_or(differs AND kind IN ('copy', 'match')) AS differs, bool_or(kind = 'possible_duplicate_of') AS maybe
    FROM mutual JOIN said AS other ON other.path = of_path AND other.line = of_line
    JOIN said AS own ON own.path = mutual.path AND own.line = mutual.line
    WHERE kind <> 'possible_duplicate_of' OR list_sort(own.tenant_ids) = list_sort(other.tenant_ids)
    GROUP BY ALL
), absorbed AS (
    SELECT path, line, any_value(kind) AS absorbed_as FROM links WHERE kind IN ('copy', 'match', 'effect_of')
    GROUP BY ALL
)
SELECT lines.*, coalesce(is_repeat, false) AS is_repeat, coalesce(id_conflict, false) AS id_conflict, absorbed_as, also,
       coalesce(differs, false) AS field_conflict, coalesce(maybe, false) AS possible_duplicate,
       coalesce(by_id.actor_id, by_mail.actor_id, actor_uid) AS actor_identity
FROM read_parquet($1) AS lines
LEFT JOIN marked USING (path, line) LEFT JOIN absorbed USING (path, line) LEFT JOIN also USING (path, line)
LEFT JOIN identities AS by_id ON by_id.other_id = actor_uid
LEFT JOIN identities AS by_mail ON by_mail.other_id = actor_email
ORDER BY path, line
"""
"""Every line with what reconciliation found, in order of path and line."""

LINK_COUNTS = "SELECT source_id, to_source_id, kind, count(*) FROM links GROUP BY ALL ORDER BY ALL"

COPY_DELTAS = "SELECT source_id, to_source_id, delta_us FROM links WHERE kind <> 'effect_of' ORDER BY ALL"
