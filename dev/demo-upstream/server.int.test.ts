import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { demoUpstreamAddress, startRememberedUpstream } from "#dev/demo-upstream/remembered-port";
import { type DemoUpstream, startDemoUpstream } from "#dev/demo-upstream/server";

let upstream: DemoUpstream;
beforeAll(async () => {
  upstream = await startDemoUpstream();
});
afterAll(() => upstream.stop());

const call = (path: string, init?: RequestInit) => fetch(`${upstream.url}${path}`, init);
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects.
const json = async (path: string, init?: RequestInit): Promise<any> => (await call(path, init)).json();
const sends = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

describe("JSONPlaceholder's API", () => {
  it.each([
    ["users", 10],
    ["posts", 100],
    ["comments", 500],
    ["todos", 200],
    ["albums", 100],
    ["photos", 5_000],
  ])("has as many %s, numbered from 1, all different", async (name, count) => {
    const items = await json(`/${name}`);
    expect(items.map((item: { id: number }) => item.id)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
    expect(await json(`/${name}/${count}`)).toEqual(items.at(-1));
    expect((await call(`/${name}/${count + 1}`)).status).toBe(404);
  });

  it("answers the records that the seed shows exactly", async () => {
    expect(await json("/users/1")).toEqual({
      id: 1,
      name: "Leanne Graham",
      username: "Bret",
      email: "Sincere@april.biz",
      address: {
        street: "Kulas Light",
        suite: "Apt. 556",
        city: "Gwenborough",
        zipcode: "92998-3874",
        geo: { lat: "-37.3159", lng: "81.1496" },
      },
      phone: "1-770-736-8031 x56442",
      website: "hildegard.org",
      company: {
        name: "Romaguera-Crona",
        catchPhrase: "Multi-layered client-server neural-net",
        bs: "harness real-time e-markets",
      },
    });
    expect(await (await call("/todos/1")).text()).toBe(
      '{"userId":1,"id":1,"title":"delectus aut autem","completed":false}',
    );
  });

  it.each([
    ["/users/2/posts", "userId", 2, 10],
    ["/users/2/albums", "userId", 2, 10],
    ["/users/2/todos", "userId", 2, 20],
    ["/posts/3/comments", "postId", 3, 5],
    ["/albums/4/photos", "albumId", 4, 50],
    ["/todos?userId=7", "userId", 7, 20],
  ])("%s: only those of %s %i", async (path, field, parent, count) => {
    const items: Record<string, unknown>[] = await json(path);
    expect(items).toHaveLength(count);
    expect(new Set(items.map((item) => item[field]))).toEqual(new Set([parent]));
  });

  it("pages by _start and _limit, and says how many there are", async () => {
    const page = await call("/photos?albumId=2&_start=10&_limit=5");
    expect(page.headers.get("x-total-count")).toBe("50");
    expect((await page.json()).map((photo: { id: number }) => photo.id)).toEqual([61, 62, 63, 64, 65]);
  });

  it("answers writes and keeps none", async () => {
    const sent = { title: "My New Post", body: "Post content here", userId: 1 };
    const created = await call("/posts", sends("POST", sent));
    expect(created.status).toBe(201);
    expect(await created.json()).toEqual({ ...sent, id: 101 });
    expect((await call("/posts/101")).status).toBe(404);

    const before = await json("/posts/5");
    expect(await json("/posts/5", sends("PATCH", { title: "New", id: 9 }))).toEqual({ ...before, title: "New" });
    expect(await json("/posts/5", sends("PUT", { title: "New" }))).toEqual({ ...before, title: "New" });
    const deleted = await call("/posts/5", { method: "DELETE" });
    expect([deleted.status, await deleted.json()]).toEqual([200, {}]);
    expect(await json("/posts/5")).toEqual(before);
  });

  it("404 {}: no such thing, no such child", async () => {
    for (const path of ["/users/11", "/users/0", "/users/x", "/users/1/photos", "/nothing", "/users/1/posts/2"]) {
      const response = await call(path);
      expect([path, response.status, await response.json()]).toEqual([path, 404, {}]);
    }
  });

  it("400: a body that is no JSON object", async () => {
    expect((await call("/posts", { method: "POST", body: "title=x" })).status).toBe(400);
    expect((await call("/posts/1", sends("PUT", [1]))).status).toBe(400);
  });
});

describe("S1's GST verification", () => {
  it.each(["/api/gst/verify", "/api/gst/verify/"])("%s tells a real number with its register entry", async (path) => {
    const answer = await json(path, sends("POST", { gstin: "27aapfu0939f1zv" }));
    expect(answer).toMatchObject({ gstin: "27AAPFU0939F1ZV", valid: true, reason: null, state: "Maharashtra" });
    expect(answer.legal_name).toMatch(/Private Limited$/);
    expect(await json(path, sends("POST", { gstin: "27AAPFU0939F1ZV" }))).toEqual(answer);
  });

  it("200: tells the truth of the seed's example, whose checksum is wrong", async () => {
    const response = await call("/api/gst/verify/", sends("POST", { gstin: "29ABCDE1234F1Z5" }));
    expect(response.status).toBe(200);
    const answer = await response.json();
    expect(answer).toMatchObject({ gstin: "29ABCDE1234F1Z5", valid: false, reason: expect.stringContaining("check") });
    expect(answer).not.toHaveProperty("legal_name");
  });

  it("400: no number; 405: not POST", async () => {
    for (const body of [{}, { gstin: 29 }, [], "29ABCDE1234F1Z5"]) {
      expect((await call("/api/gst/verify", sends("POST", body))).status).toBe(400);
    }
    expect((await call("/api/gst/verify")).status).toBe(405);
  });
});

describe("S0's customers", () => {
  it("lists them, 123 of the examples among them", async () => {
    const { data } = await json("/api/v1/customers");
    expect(data).toHaveLength(30);
    expect(data).toContainEqual(await json("/api/v1/customers/123"));
    expect((await call("/api/v1/customers/131")).status).toBe(404);
  });

  it("shows the services of one, and of the account the gateway names as me", async () => {
    const services = await json("/api/v1/customers/123/services");
    expect(services.customer_id).toBe(123);
    expect(services.data.length).toBeGreaterThan(0);
    const me = await json("/api/v1/customers/me/services", { headers: { "x-account-id": "acct_one" } });
    expect(me.customer_id).toBe("acct_one");
    expect(me).toEqual(await json("/api/v1/customers/me/services", { headers: { "x-account-id": "acct_one" } }));
    expect((await call("/api/v1/customers/me/services")).status).toBe(401);
  });
});

describe("things to try", () => {
  it("echoes a request with the hash of its body", async () => {
    const answer = await json("/echo/a?b=1", { method: "PUT", headers: { "x-one": "1" }, body: "hello" });
    expect(answer).toMatchObject({
      method: "PUT",
      path: "/echo/a?b=1",
      headers: { "x-one": "1" },
      body: "hello",
      body_bytes: 5,
      body_sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    });
  });

  it("answers the status it is asked for, without a body where there is none", async () => {
    expect((await call("/status/418")).status).toBe(418);
    expect(await (await call("/status/204")).text()).toBe("");
    expect((await call("/status/42")).status).toBe(400);
  });

  it("sends as many bytes as asked for, and none to HEAD", async () => {
    const bytes = Buffer.from(await (await call("/bytes/1000000")).arrayBuffer());
    expect(bytes).toHaveLength(1_000_000);
    expect(bytes.subarray(0, 27).toString()).toBe("abcdefghijklmnopqrstuvwxyza");
    expect((await call("/bytes/10", { method: "HEAD" })).headers.get("content-length")).toBe("10");
  });

  it("answers late, and sends an event at once and the next a second later", async () => {
    const startedAt = performance.now();
    expect(await json("/slow?ms=200")).toEqual({ slept_ms: 200 });
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    const stream = await call("/stream?events=2");
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    const first = await stream.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe('id: 1\nevent: tick\ndata: {"tick":1}\n\n');
  });

  it("echoes WebSocket messages, text as text and bytes as bytes", async () => {
    const socket = new WebSocket(`${upstream.url.replace("http", "ws")}/ws`);
    await once(socket, "open");
    socket.send("hello");
    expect((await once(socket, "message")).map(String)).toEqual(["hello", "false"]);
    socket.send(Buffer.from([0, 255]));
    const [bytes, isBinary] = await once(socket, "message");
    expect([...bytes, isBinary]).toEqual([0, 255, true]);
    socket.terminate();
  });

  it("400: a path that is no URL's", async () => {
    expect((await call("/users/%zz")).status).toBe(400);
  });
});

describe("its port", () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), "portico-demo-upstream-"));
  });
  afterAll(() => rmSync(dataDir, { recursive: true }));

  it("is chosen once, and another when it is taken; then where it was is told", async () => {
    const { url, formerUrls } = await demoUpstreamAddress(dataDir);
    expect(formerUrls).toEqual([]);
    const first = await startRememberedUpstream(dataDir);
    expect(first.url).toBe(url);
    await first.stop();

    const other = createServer().listen(first.port, "127.0.0.1");
    await once(other, "listening");
    const second = await startRememberedUpstream(dataDir);
    expect(second.port).not.toBe(first.port);
    expect(await demoUpstreamAddress(dataDir)).toEqual({ url: second.url, formerUrls: [url] });
    await second.stop();
    other.close();

    const third = await startRememberedUpstream(dataDir);
    expect(third.port).toBe(second.port);
    await third.stop();
  });

  it("is chosen anew where the file is damaged", async () => {
    writeFileSync(join(dataDir, "demo-upstream.json"), "{");
    const started = await startRememberedUpstream(dataDir);
    expect(JSON.parse(readFileSync(join(dataDir, "demo-upstream.json"), "utf8"))).toEqual({ ports: [started.port] });
    await started.stop();
  });
});
