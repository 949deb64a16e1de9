-- Usage: one row per request, sums that add up, and how far each spool file has been shipped.

-- One row per request. Prisma has no model for it: a partitioned table without a primary key is read by SQL (lib/usage/repository.ts).
-- Every column that a caller can influence is text, so that nothing a caller sends can make the shipper's COPY fail.
CREATE SEQUENCE usage_events_id_seq CACHE 100;
CREATE TABLE usage_events (
    id               BIGINT         NOT NULL DEFAULT nextval('usage_events_id_seq'),
    occurred_at      TIMESTAMPTZ(3) NOT NULL,
    tenant_id        TEXT           NOT NULL,
    account_id       TEXT,
    api_key_id       TEXT,
    service_id       TEXT,
    route_id         TEXT,
    endpoint         TEXT           NOT NULL, -- the operation's path template: a bounded set, unlike path
    method           TEXT           NOT NULL,
    status           INTEGER        NOT NULL,
    error_code       TEXT,
    is_management    BOOLEAN        NOT NULL,
    latency_us       INTEGER        NOT NULL,
    request_bytes    BIGINT         NOT NULL,
    response_bytes   BIGINT         NOT NULL,
    credits          BIGINT         NOT NULL,
    key_generation   INTEGER,
    ip_address       TEXT           NOT NULL,
    user_id          TEXT,
    gateway_id       TEXT,
    path             TEXT           NOT NULL,
    upstream_us      INTEGER,
    country          TEXT,
    user_agent       TEXT,
    request_id       TEXT           NOT NULL,
    api_version      TEXT,
    oauth_app_id     TEXT,
    cache_status     TEXT,
    target           TEXT,
    attempts         INTEGER        NOT NULL,
    trace            INTEGER[]      NOT NULL -- lib/usage/decision-codes.ts
) PARTITION BY RANGE (occurred_at);
ALTER SEQUENCE usage_events_id_seq OWNED BY usage_events.id;

-- The lists newest first, of a tenant and of an account, are B-trees. Each costs the shipper half a bare COPY again, so a key (within
-- its account) and a request id are found by Bloom filters per 256 kB of the table, which cost next to nothing.
CREATE INDEX usage_events_tenant ON usage_events (tenant_id, occurred_at, id);
CREATE INDEX usage_events_account ON usage_events (account_id, occurred_at, id) WHERE account_id IS NOT NULL;
-- The lists of what failed hold few of many rows, and cost as little.
CREATE INDEX usage_events_tenant_failed ON usage_events (tenant_id, occurred_at, id) WHERE status >= 400;
CREATE INDEX usage_events_account_failed ON usage_events (account_id, occurred_at, id) WHERE status >= 400 AND account_id IS NOT NULL;
CREATE INDEX usage_events_found ON usage_events USING brin (api_key_id text_bloom_ops, request_id text_bloom_ops (n_distinct_per_range = 1000))
  WITH (pages_per_range = 32, autosummarize = on);

-- Sums per minute, hour and day. '' stands for "none" in the key: NULLs would not be equal to each other.
CREATE TABLE usage_rollups (
    period            TEXT           NOT NULL,
    bucket_at         TIMESTAMPTZ(0) NOT NULL,
    tenant_id         TEXT           NOT NULL,
    account_id        TEXT           NOT NULL,
    api_key_id        TEXT           NOT NULL,
    service_id        TEXT           NOT NULL,
    route_id          TEXT           NOT NULL,
    endpoint          TEXT           NOT NULL,
    method            TEXT           NOT NULL,
    status            INTEGER        NOT NULL,
    error_code        TEXT           NOT NULL,
    is_management     BOOLEAN        NOT NULL,
    requests          BIGINT         NOT NULL,
    unrecorded        BIGINT         NOT NULL, -- of requests: those counted without a row, latency or bytes
    errors            BIGINT         NOT NULL,
    credits           BIGINT         NOT NULL,
    request_bytes     BIGINT         NOT NULL,
    response_bytes    BIGINT         NOT NULL,
    latency_us        BIGINT         NOT NULL, -- the sum
    latency_histogram BIGINT[]       NOT NULL, -- lib/usage/latency-histogram.ts
    PRIMARY KEY (period, bucket_at, tenant_id, account_id, api_key_id, service_id, route_id, endpoint, method, status, error_code, is_management)
) PARTITION BY LIST (period);
-- Room in each page: the rows of the running minute, hour and day are updated in place again and again.
CREATE TABLE usage_rollups_minute PARTITION OF usage_rollups FOR VALUES IN ('minute') WITH (fillfactor = 60);
CREATE TABLE usage_rollups_hour PARTITION OF usage_rollups FOR VALUES IN ('hour') WITH (fillfactor = 60);
CREATE TABLE usage_rollups_day PARTITION OF usage_rollups FOR VALUES IN ('day') WITH (fillfactor = 60);
CREATE INDEX usage_rollups_tenant ON usage_rollups (tenant_id, bucket_at);
CREATE INDEX usage_rollups_account ON usage_rollups (account_id, bucket_at) WHERE account_id <> '';
CREATE INDEX usage_rollups_api_key ON usage_rollups (api_key_id, bucket_at) WHERE api_key_id <> '';

-- How far each spool file has been shipped. Moving `shipped` from the value read is the only lock between shippers, so a row
-- outlives its file: a shipper that read the file before it went must still find that somebody else was here.
CREATE TABLE usage_spools (
    boot_id    TEXT           NOT NULL,
    file       INTEGER        NOT NULL,
    shipped    BIGINT         NOT NULL DEFAULT 0,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    removed_at TIMESTAMPTZ(3),
    CONSTRAINT usage_spools_pkey PRIMARY KEY (boot_id, file)
);

-- Isolation. usage_events is owned by the shipper's role and its row-level security is not forced: COPY refuses to run under a policy.
-- Nobody is granted anything on a partition, and each has row-level security without a policy: the parent is the only way in.
GRANT CREATE ON SCHEMA public TO portico_platform; -- it owns usage_events and makes its partitions
ALTER TABLE usage_events OWNER TO portico_platform;
ALTER TABLE usage_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON usage_events FOR SELECT TO portico_app USING (
  tenant_id = (select current_setting('portico.tenant_id', true))
  and ((select current_setting('portico.account_id', true)) in ('*', account_id)
    or account_id in (select portico.customers_of((select current_setting('portico.account_id', true))))));
GRANT SELECT ON usage_events TO portico_app;

CALL portico.isolate('usage_rollups', 'tenant_id', 'account_id');
ALTER TABLE usage_rollups_minute ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_rollups_hour ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_rollups_day ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON usage_rollups TO portico_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_spools TO portico_platform;

-- Makes the partition of each month from `first` on that does not exist yet. Rows that fell into the DEFAULT partition because
-- their month was missing are moved. Returns how many partitions it made.
CREATE FUNCTION portico.create_usage_partitions(first date, months integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET TimeZone = 'UTC' AS $$
DECLARE
  month date;
  partition text;
  made integer := 0;
BEGIN
  FOR i IN 0 .. months - 1 LOOP
    month := (date_trunc('month', first) + make_interval(months => i))::date;
    partition := to_char(month, '"usage_events_"YYYY_MM');
    CONTINUE WHEN to_regclass('public.' || partition) IS NOT NULL;
    LOCK TABLE public.usage_events_default IN ACCESS EXCLUSIVE MODE; -- or a row could fall into it between moving and attaching
    CONTINUE WHEN to_regclass('public.' || partition) IS NOT NULL;   -- somebody else made it while we waited
    EXECUTE format('CREATE TABLE public.%I (LIKE public.usage_events INCLUDING ALL)', partition);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', partition);
    EXECUTE format('WITH moved AS (DELETE FROM public.usage_events_default WHERE occurred_at >= %L AND occurred_at < %L RETURNING *)'
      || ' INSERT INTO public.%I SELECT * FROM moved', month::timestamptz, (month + interval '1 month')::timestamptz, partition);
    EXECUTE format('ALTER TABLE public.usage_events ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
      partition, month::timestamptz, (month + interval '1 month')::timestamptz);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;

-- Drops the months that ended before `oldest`, and such rows of the DEFAULT partition. Returns how many partitions went.
CREATE FUNCTION portico.drop_usage_partitions(oldest date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET TimeZone = 'UTC' AS $$
DECLARE
  partition text;
  dropped integer := 0;
BEGIN
  FOR partition IN
    SELECT c.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.usage_events'::regclass AND c.relname ~ '^usage_events_\d{4}_\d\d$'
      AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= oldest
    ORDER BY c.relname
  LOOP
    EXECUTE format('DROP TABLE public.%I', partition);
    dropped := dropped + 1;
  END LOOP;
  DELETE FROM public.usage_events_default WHERE occurred_at < oldest;
  RETURN dropped;
END $$;

ALTER FUNCTION portico.create_usage_partitions(date, integer) OWNER TO portico_platform;
ALTER FUNCTION portico.drop_usage_partitions(date) OWNER TO portico_platform;
REVOKE ALL ON FUNCTION portico.create_usage_partitions(date, integer), portico.drop_usage_partitions(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION portico.create_usage_partitions(date, integer), portico.drop_usage_partitions(date) TO portico_platform;

-- The partition of last resort, the month that just ended (for late events), this one and three ahead; a daily job goes on from here.
CREATE TABLE usage_events_default PARTITION OF usage_events DEFAULT;
ALTER TABLE usage_events_default OWNER TO portico_platform;
ALTER TABLE usage_events_default ENABLE ROW LEVEL SECURITY;
SELECT portico.create_usage_partitions((now() - interval '1 month')::date, 5);
