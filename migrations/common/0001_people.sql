CREATE TABLE vendors (
    id TEXT PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    color TEXT NOT NULL,
    hours TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE vendor_categories (
    vendor_id TEXT NOT NULL REFERENCES vendors (id),
    category TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (vendor_id, category, name)
);

CREATE TABLE users (
    id TEXT PRIMARY KEY NOT NULL,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    timezone TEXT NOT NULL,
    city TEXT NOT NULL,
    phone TEXT NOT NULL,
    current_vendor_id TEXT REFERENCES vendors (id),
    is_active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE memberships (
    user_id TEXT NOT NULL REFERENCES users (id),
    vendor_id TEXT NOT NULL REFERENCES vendors (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, vendor_id)
);
CREATE INDEX memberships_by_vendor ON memberships (vendor_id, user_id);

CREATE TABLE presence (
    user_id TEXT PRIMARY KEY NOT NULL REFERENCES users (id),
    state TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
