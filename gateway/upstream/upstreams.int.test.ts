import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openUpstreams, type ServiceAddress } from "#gateway/upstream/upstreams";
import { forwarder, upstream } from "#test/forwarder-fixtures";

const service: ServiceAddress = {
  ...{
    id: "svc_1",
    baseUrl: "http://127.0.0.1:1",
    connectTimeoutMs: 1_000,
    responseTimeoutMs: 2_000,
    totalTimeoutMs: null,
  },
  targets: [
    { id: "tgt_1", name: "one", url: "http://127.0.0.1:2/base/", weight: 1, maxConnections: 1 },
    { id: "tgt_2", name: "two", url: "https://api.test", weight: 1, maxConnections: null },
  ],
};

describe("an upstream", () => {
  it("keeps its targets and what is under way at them while the configuration changes", () => {
    const upstreams = openUpstreams();
    const before = upstreams.of(service);
    const one = before.next();
    expect(one).toMatchObject({ id: "tgt_1", name: "one", origin: "http://127.0.0.1:2", pathPrefix: "/base" });
    if (one) one.inFlight += 1;
    const [first, second] = service.targets;
    if (!first || !second) throw new Error("no targets");
    const after = upstreams.of({ ...service, targets: [{ ...first, name: "uno" }], responseTimeoutMs: 9 });
    expect(after).toBe(before);
    expect(after).toMatchObject({ size: 1, responseTimeoutMs: 9 });
    expect(after.next()).toBeUndefined(); // its one place is still taken
    upstreams.of({ ...service, targets: [{ ...first, maxConnections: 2 }] });
    expect(after.next()).toBe(one);
    expect(one).toMatchObject({ name: "one", inFlight: 1 });
  });

  it("calls the base URL when it has no targets", () => {
    const upstreams = openUpstreams();
    const bare = upstreams.of({ ...service, targets: [] });
    expect(bare.next()).toMatchObject({ id: null, name: "http://127.0.0.1:1", pathPrefix: "" });
  });

  it("shares connections with others of its origin, except under a limit", () => {
    const upstreams = openUpstreams();
    const [one, two] = [1, 2].map((at) => upstreams.of({ ...service, id: `svc_${at}`, targets: [] }).next());
    expect(one?.connections).toBe(two?.connections);
    const limited = upstreams.of(service);
    const again = upstreams.of({ ...service, id: "svc_3", targets: [], baseUrl: "http://127.0.0.1:2" });
    expect(limited.next()?.connections).not.toBe(again.next()?.connections);
  });

  it("that is gone lets its requests end, and takes no more", async () => {
    const to = await upstream((_req, res) => void setTimeout(() => res.end("ok"), 100));
    const { url, upstream: kept, upstreams } = await forwarder({ baseUrl: to.url });
    const underWay = fetch(url);
    while (to.requests.length < 1) await sleep(2);
    upstreams.retain([]);
    expect(kept.size).toBe(0);
    expect((await fetch(url)).status).toBe(503);
    expect(await (await underWay).text()).toBe("ok");
    while (to.openSockets.size > 0) await sleep(2);
  });
});
