-- CreateTable
CREATE TABLE "api_key_notices" (
    "key_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "days_ahead" INTEGER NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "api_key_notices_pkey" PRIMARY KEY ("key_id","expires_at","days_ahead")
);

-- CreateIndex
CREATE INDEX "api_keys_expires_at_idx" ON "api_keys"("expires_at");

-- AddForeignKey
ALTER TABLE "api_key_notices" ADD CONSTRAINT "api_key_notices_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The notice job's own notebook, across tenants: the application role has no business here.
GRANT SELECT, INSERT ON "api_key_notices" TO portico_platform;
