import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { forwarder, upstream } from "#test/forwarder-fixtures";
import { openRawClient, type RawClient } from "#test/raw-client";

const get = (path = "/") => `GET ${path} HTTP/1.1\r\nHost: g\r\n\r\n`;

describe("a client that leaves", () => {
  it.each([
    ["before the answer's head", "/silent", 499],
    ["in the middle of its body", "/streaming", 200],
  ])("%s ends the upstream's work at once", async (_name, path, status) => {
    let hasEnded = false;
    const to = await upstream((req, res) => {
      if (req.url === "/streaming") res.write("x");
      res.on("close", () => {
        hasEnded = true;
      });
    });
    const { port, outcomes, ended, upstream: kept } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, get(path));
    if (status === 200) await client.until(/1\r\nx/);
    else while (to.requests.length < 1) await sleep(2);
    client.socket.destroy();
    expect(await ended()).toMatchObject({ kind: "client_left", status, error: null, attempts: 1 });
    while (!hasEnded) await sleep(2);
    expect(outcomes).toHaveLength(1);
    expect(kept.next()?.inFlight).toBe(0);
  });

  it.each(["Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "Content-Length: 100000\r\n\r\nabc"])(
    "in the middle of an upload ends it: %j",
    async (rest) => {
      let hasEnded = false;
      const to = await upstream((req) =>
        req
          .on("error", () => {})
          .on("close", () => {
            hasEnded = true;
          })
          .resume(),
      );
      const { port, outcomes, ended } = await forwarder({ baseUrl: to.url });
      const client = await openRawClient(port, `POST / HTTP/1.1\r\nHost: g\r\n${rest}`);
      while (to.requests.length < 1) await sleep(2);
      client.socket.destroy();
      expect(await ended()).toMatchObject({ kind: "client_left", status: 499, requestBytes: 3 });
      while (!hasEnded) await sleep(2);
      expect(outcomes).toHaveLength(1);
    },
  );

  it("before a short body is complete never bothers the upstream", async () => {
    const to = await upstream();
    const { port, ended } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 10\r\n\r\nabc");
    await sleep(20);
    client.socket.destroy();
    expect(await ended()).toMatchObject({ kind: "client_left", attempts: 0, target: null });
    expect(to.connections).toBe(0);
  });

  it("with requests waiting behind another leaves none of them behind", async () => {
    const to = await upstream((_req, res) => void setTimeout(() => res.end("ok"), 20));
    const { port, outcomes, ended, upstream: kept } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, get("/1") + get("/2") + get("/3"));
    while (to.requests.length < 3) await sleep(1);
    client.socket.destroy();
    await ended(3);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["client_left", "client_left", "client_left"]);
    expect(kept.next()?.inFlight).toBe(0);
  });
});

describe("10,000 clients that leave at random", () => {
  const total = 10_000;
  const concurrency = 64;

  it("leave no request hanging and no answer with somebody else", { timeout: 60_000 }, async () => {
    const to = await upstream((req, res) => {
      const id = req.url?.slice(1) ?? "";
      const body = createHash("sha256")
        .update(id)
        .digest("hex")
        .repeat(Number(id) % 40);
      const turn = Number(id) % 4;
      res.setHeader("x-id", id);
      if (turn === 0) res.end(body);
      else if (turn === 1) setImmediate(() => res.end(body));
      else {
        res.write(body || "-");
        setTimeout(() => res.end(turn === 2 ? body : ""), turn);
      }
    });
    const { port, outcomes, ended, upstream: kept } = await forwarder({ baseUrl: to.url, connectionsMax: 8 });
    let id = 0;
    let complete = 0;
    const visitors = async () => {
      let client: RawClient | undefined;
      while (id < total) {
        const mine = id++;
        client ??= await openRawClient(port);
        const answered = answerTo(client, mine);
        client.send(get(`/${mine}`));
        const patience = mine % 10 === 0 ? answered : sleep(Math.random() * 4, false);
        if (await Promise.race([answered, patience])) complete += 1;
        else client = void client.socket.destroy();
      }
      client?.socket.destroy();
    };
    await Promise.all(Array.from({ length: concurrency }, visitors));
    await ended(total);
    await sleep(50);
    expect(outcomes).toHaveLength(total);
    expect(complete).toBeGreaterThanOrEqual(total / 10);
    expect(outcomes.some(({ kind }) => kind === "client_left")).toBe(true);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["answered", "client_left"]));
    expect(kept.next()).toMatchObject({ inFlight: 0, connections: { waiting: 0 } });
  });
});

/** Resolves with true once the whole answer is there; rejects if it is, or holds, another request's. */
function answerTo(client: RawClient, id: number): Promise<boolean> {
  const from = client.text().length;
  return new Promise((resolve, reject) => {
    const look = () => {
      const [head, body] = client.text().slice(from).split("\r\n\r\n", 2);
      if (head === undefined || body === undefined) return;
      if (isStrange(head, body, id)) reject(new Error(`${id} got something of another answer: ${head}`));
      if (!isWhole(head, body)) return;
      client.socket.off("progress", look);
      resolve(true);
    };
    client.socket.on("progress", look);
  });
}

function isStrange(head: string, body: string, id: number): boolean {
  const own = createHash("sha256").update(String(id)).digest("hex");
  return headerIn(head, "x-id") !== String(id) || (body.match(/[0-9a-f]{64}/g) ?? []).some((sum) => sum !== own);
}

function isWhole(head: string, body: string): boolean {
  const length = headerIn(head, "content-length");
  return length === undefined ? body.endsWith("\r\n0") : body.length >= Number(length);
}

const headerIn = (head: string, name: string) => new RegExp(`^${name}: (.+)`, "im").exec(head)?.[1];
