-- What a vendor promises; one without a row has the standard policy.
CREATE TABLE sla_policies (
    vendor_id TEXT PRIMARY KEY NOT NULL REFERENCES vendors (id),
    targets TEXT NOT NULL,
    hours TEXT NOT NULL,
    on_breach TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The two clocks of each ticket, kept by a reader of the journey.
CREATE TABLE sla_clocks (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    kind TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    priority TEXT NOT NULL,
    target BIGINT NOT NULL,
    used BIGINT NOT NULL,
    running_since BIGINT,
    started_at BIGINT NOT NULL,
    at_risk_at BIGINT,
    due_at BIGINT,
    met_at BIGINT,
    warned_at BIGINT,
    breached_at BIGINT,
    is_cancelled BOOLEAN NOT NULL,
    agent_id TEXT,
    agent_name TEXT,
    team_name TEXT,
    next_at BIGINT,
    PRIMARY KEY (ticket_id, kind)
);
-- What falls due next.
CREATE INDEX sla_clocks_next ON sla_clocks (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX sla_clocks_open ON sla_clocks (vendor_id, ticket_id, kind) WHERE met_at IS NULL;
CREATE INDEX sla_clocks_pressing ON sla_clocks (vendor_id, ticket_id)
    WHERE met_at IS NULL AND warned_at IS NOT NULL AND is_cancelled = FALSE;
CREATE INDEX sla_clocks_by_start ON sla_clocks (vendor_id, started_at);
